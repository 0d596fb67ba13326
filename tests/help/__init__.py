"""What several tests share: samples, readers of the outputs, made reports."""
