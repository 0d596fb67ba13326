"""``python -m compiler`` is the command ``report-compiler``."""

from compiler.app.cli import entry

if __name__ == "__main__":
    entry()
