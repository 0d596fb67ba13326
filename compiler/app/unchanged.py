"""A build of which nothing has changed: the same reports, rules, templates and program, and outputs untouched.

``build.json`` says what the outputs were made of (``made_of``) and how each was written (``written``). Where both
still hold, there is nothing to do; a workbook that somebody wrote into differs, and so is read back as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.app.untouched import Untouched
from compiler.facts.by_hand import correction_files
from compiler.facts.store import program_fingerprint
from compiler.model import Issue, Location
from compiler.text.read import Input

if TYPE_CHECKING:
    from compiler.app.options import Options


def made_of(options: Options, inputs: Sequence[Input], files: Untouched) -> str:
    """Return a fingerprint of everything that the outputs of a build follow from; ``inputs`` are its files.

    Contents, not times: a copied folder is the same, and a file that was touched but not changed, too.
    """
    import os

    from compiler.app.record import workspace_files

    found = hashlib.sha256()

    def add(*words: object) -> None:
        found.update("\0".join(map(str, words)).encode("utf-8", "surrogatepass") + b"\n")

    add(
        program_fingerprint(),
        sorted(options.only),
        options.parquet,
        options.documents,
        options.limits,
        os.environ.get("SOURCE_DATE_EPOCH", ""),
    )
    add(*sorted(map(os.path.realpath, options.prefer)))
    for choice in (options.rules, options.templates):
        add(choice.chosen, choice.folder.resolve())
        for path in workspace_files(choice.folder):
            add(path.relative_to(choice.folder).as_posix(), files.sha256(path))
    _add_inputs(inputs, files, add)
    for path in correction_files(inputs):
        add(path.as_posix(), files.sha256(path))
    return found.hexdigest()


def _add_inputs(inputs: Iterable[Input], files: Untouched, add: Any) -> None:
    for item in inputs:
        try:
            add(item.relative, item.walked, files.sha256(item.path) if item.path.is_file() else "")
        except OSError as error:
            add(item.relative, error.errno)


def still_good(out: Path, record: Mapping[str, Any], key: str, files: Untouched) -> bool:
    """Tell whether the last build, whose record is given, was made of the same and all its outputs stand as written.

    Not so where that build had an error that another try may mend: a file that could not be read, a page that
    could not be written. An error that stands in the reports themselves (two versions of one) comes with the record.
    """
    try:
        if record["made_of"] != key or not record["written"]:
            return False
        errors = [issue for issue in record["issues"] if issue["severity"] == "error"]
        if len(errors) != record["counts"]["errors"] or not all(map(_stands, errors)):
            return False
        return all(files.sha256(out / relative) == sha256 for relative, sha256 in record["written"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _stands(error: Mapping[str, Any]) -> bool:
    """Tell whether an error follows from reports, rules and templates alone, so that another try brings it again."""
    return bool(error.get("kind")) or str(error["code"]).startswith(("R", "T"))


def _where(told: Mapping[str, Any]) -> Location | None:
    where = told.get("where")
    return Location(where["path"], where["line"], where["column"], where["length"]) if where else None


def errors_of(record: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Return the errors that a build told, to be told again."""
    names = ("source", "report", "start", "end", "place", "indicator")
    return tuple(
        Issue(
            told["code"],
            told.get("fields", {}),
            **{name: told[name] for name in names if name in told},
            where=_where(told),
        )
        for told in record["issues"]
        if told["severity"] == "error"
    )
