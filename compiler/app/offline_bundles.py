"""Folders of wheels for offices without a network: one for each kind of machine, with the program and all it needs.

``python -m compiler.app.offline_bundles OUT`` from a checkout, on a machine with a network; there, ``pip install
--no-index``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

TOP = Path(__file__).resolve().parents[2]

_EXTRA: Final = "[studio]"

MACHINES: Final = {
    "windows-x64": ("win_amd64",),
    "linux-x86_64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}
"""The kinds of machines, with the tags of wheels that fit them; 麒麟 V10 and 统信 20 have glibc 2.28."""

PYTHONS: Final = ("3.11", "3.12", "3.13")

_SOURCE_ONLY: Final = ("jieba>=0.42.1",)
"""Comes as a source alone; it is plain Python, so that one wheel of it fits everywhere."""

_ALSO: Final = {"windows-x64": ("colorama", "typing_extensions")}
_ALSO_ELSEWHERE: Final = ("typing_extensions",)
"""What is needed there, or by an older Python, though not here: pip asks what is needed of the machine it runs on."""

_ABOUT: Final = """这个文件夹里是 report-compiler 和它要用的全部程序包（{machine}，Python {pythons}）。
在不联网的机器上，进到这个文件夹里安装：

{commands}

装好后运行 report-compiler --version，显示版本号就成了。
"""


def pip(*arguments: str) -> None:
    """Run pip of this Python. Raises ``CalledProcessError``."""
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments], check=True)


def lay_out_wheels(out: Path, machines: Sequence[str], pythons: Sequence[str]) -> list[Path]:
    """Fill a folder of wheels for each of ``machines`` below ``out``; return the folders."""
    made = []
    with tempfile.TemporaryDirectory(prefix="report-compiler-wheels-") as temporary:
        # Built from a copy: setuptools leaves folders behind where it builds.
        source = Path(temporary) / "source"
        shutil.copytree(TOP, source, ignore=shutil.ignore_patterns(".git", ".venv", "output", "build", "*.egg-info"))
        own = Path(temporary) / "own"
        pip("wheel", "--no-deps", "-w", str(own), str(source), *_SOURCE_ONLY)
        # Named by its file: a package of the same name on the public index is another program.
        (program,) = own.glob("report_compiler-*.whl")
        for machine in machines:
            folder = out / machine
            folder.mkdir(parents=True, exist_ok=True)
            tags = [part for tag in MACHINES[machine] for part in ("--platform", tag)]
            also = _ALSO.get(machine, _ALSO_ELSEWHERE)
            for python in pythons:
                where = ("-d", str(folder), "--find-links", str(own), "--only-binary", ":all:")
                pip(
                    "download",
                    *where,
                    *tags,
                    "--implementation",
                    "cp",
                    "--python-version",
                    python,
                    f"{program}{_EXTRA}",
                    *also,
                )
            (folder / "安装说明.txt").write_text(
                about(machine, pythons, program.name), encoding="utf-8-sig", newline="\r\n"
            )
            made.append(folder)
    return made


def about(machine: str, pythons: Sequence[str], program: str) -> str:
    """Return what to do with the folder there; ``program`` is the name of the program's own wheel."""
    windows = machine.startswith("windows")
    python, scripts = ("py", r".venv\Scripts") if windows else ("python3", ".venv/bin")
    join = "\\" if windows else "/"
    commands = (
        f"  {python} -m venv .venv\n"
        f'  {scripts}{join}python -m pip install --no-index --find-links . "{program}{_EXTRA}"\n'
        f"  {scripts}{join}report-compiler --version"
    )
    return _ABOUT.format(machine=machine, pythons="、".join(pythons), commands=commands)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the options."""
    parser = argparse.ArgumentParser(description="备好不联网安装用的文件夹")
    parser.add_argument("out", type=Path, help="放在哪里")
    parser.add_argument("--machine", action="append", choices=[*MACHINES], help="只备哪一种机器，可以写几次")
    parser.add_argument("--python", action="append", help="给哪几版 Python，可以写几次；不写就是 3.11、3.12、3.13")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Lay the folders out; the exit code is 1 where a package could not be had."""
    asked = make_parser().parse_args(arguments)
    try:
        folders = lay_out_wheels(asked.out, asked.machine or [*MACHINES], asked.python or PYTHONS)
    except subprocess.CalledProcessError:
        print("没有备齐，原因见上面 pip 的话；多半是网络不通，或那一版 Python 没有合适的程序包", file=sys.stderr)
        return 1
    for folder in folders:
        wheels = [*folder.glob("*.whl")]
        size = sum(path.stat().st_size for path in wheels) / 1_000_000
        print(f"{folder}：{len(wheels)} 个程序包，{size:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
