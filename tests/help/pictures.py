"""Make the pictures of the workbook in ``docs/`` anew, from the shipped samples, as LibreOffice prints them.

Run: ``.venv/bin/python tests/help/pictures.py``. It needs LibreOffice and poppler-utils.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGES = {"workbook.png": "宜春市2023年主要目标完成情况和2024年预期目标", "workbook-compare.png": "各地主要指标对比"}
"""The pictures, and what stands on the page that each shows first."""

DOTS = 100
"""Dots per inch: a page of A3 is 1654 of them wide."""


def run(*command: str | Path) -> str:
    """Run a command and return what it writes."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Build the samples, print the workbook, and keep the pages that the README shows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "compiler", "build", "--out", folder, "--only", "workbook")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, folder / "目标与结果.xlsx")
        pdf = folder / "目标与结果.pdf"
        pages = run("pdftotext", "-raw", pdf, "-").split("\f")
        for picture, title in PAGES.items():
            number = next(n for n, text in enumerate(pages, 1) if title in text)
            target = TOP / "docs" / Path(picture).stem
            run("pdftoppm", "-png", "-singlefile", "-r", str(DOTS), "-f", str(number), "-l", str(number), pdf, target)
            print(picture, "page", number)


if __name__ == "__main__":
    main()
