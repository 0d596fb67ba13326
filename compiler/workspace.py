"""Where the default rules, templates and samples lie, and how a workspace is laid out.

In a checkout the folders that officials edit stand at its top; a wheel carries copies of them inside the
package (see ``pyproject.toml``). Everything else asks this module and does not care which of the two it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compiler.model import Issue

PACKAGE = Path(__file__).resolve().parent
PACKAGED = PACKAGE / "_defaults"
SAMPLES = PACKAGE / "samples"

#: The folders of a workspace that are filled from the package, and where their content comes from.
EDITABLE = ("rules", "templates")


@dataclass(frozen=True, slots=True)
class Choice:
    """A folder of rules or templates, and how it was chosen: option, current or packaged."""

    folder: Path
    chosen: str


def default_folder(name: str) -> Path:
    """Return the shipped folder ``name`` (rules or templates)."""
    packaged = PACKAGED / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def choose_folder(given: Path | None, name: str, current: Path | None = None) -> Choice:
    """Return the folder to use: the one given, else ``name`` in the current folder, else the shipped one."""
    if given is not None:
        return Choice(given, "option")
    here = (current or Path.cwd()) / name
    if here.is_dir():
        return Choice(here, "current")
    return Choice(default_folder(name), "packaged")


def version() -> str:
    """Return the version of the installed program."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("report-compiler")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"


def sample_files() -> tuple[Path, ...]:
    """Return the shipped sample reports in order of their names."""
    return tuple(sorted(path for path in SAMPLES.iterdir() if path.suffix in (".txt", ".docx")))


def lay_out(
    folder: Path, *, made: Mapping[str, str] | None = None, force: bool = False
) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
    """Lay a workspace out in ``folder``; return the relative paths written and what kept it from being laid out.

    ``made`` are further files by their relative paths, with their content.

    Nothing is written where one of the files is already there, unless ``force`` is given; even then files
    that the package does not know are left alone.
    """
    plan: list[tuple[Path | str, Path]] = [(source, folder / relative) for source, relative in _plan()]
    plan.extend((text, folder / relative) for relative, text in (made or {}).items())
    if folder.exists() and not folder.is_dir():
        return (), (Issue("B201", {"path": str(folder)}),)
    standing = [target for _, target in plan if target.exists()]
    if standing and not force:
        shown = "、".join(path.relative_to(folder).as_posix() for path in standing[:3])
        return (), (Issue("B202", {"path": str(folder), "count": str(len(standing)), "shown": shown}),)
    try:
        for source, target in plan:
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(source, Path):
                shutil.copyfile(source, target)
            else:
                target.write_text(source, encoding="utf-8", newline="")
        (folder / "output").mkdir(exist_ok=True)
    except OSError as error:
        return (), (Issue("B203", {"path": str(folder), "reason": error.strerror or type(error).__name__}),)
    return tuple(target.relative_to(folder).as_posix() for _, target in plan), ()


def _plan() -> list[tuple[Path, Path]]:
    """Return pairs of a shipped file and its relative place in a workspace."""
    plan = []
    for name in EDITABLE:
        source = default_folder(name)
        for path in sorted(source.rglob("*")):
            hidden = any(part.startswith((".", "__")) for part in path.relative_to(source).parts)
            if path.is_file() and not hidden:
                plan.append((path, Path(name) / path.relative_to(source)))
    plan.extend((path, Path("reports") / path.name) for path in sample_files())
    return plan
