"""``python -m compiler`` is the command ``report-compiler``."""

from compiler.cli import entry

if __name__ == "__main__":
    entry()
