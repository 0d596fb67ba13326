"""Place and year of reports as people say them: ``reports.yaml`` beside the reports.

The file belongs to the folder that it lies in and names files of that folder, of folders below it and of archives.
What it says overrides every clue of the text. A wrong entry is told with its line and column and stands aside.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compiler.model import ByHand, CompiledReport, Issue, Location, Source
from compiler.text.read import BY_HAND, is_misnamed

if TYPE_CHECKING:
    from compiler.facts.corrections import Correction
    from compiler.text.read import Input


FAR: Final = 5
"""A year said that lies further than this from the year that the text speaks of most is told."""

_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def correction_files(inputs: Iterable[Input]) -> list[Path]:
    """Return the files of corrections that hold for ``inputs``, those of the outer folders first."""
    found = [folder / BY_HAND for folder in _folders(inputs)]
    return sorted((path for path in found if path.is_file()), key=lambda path: (len(path.parts), path.as_posix()))


def _folders(inputs: Iterable[Input]) -> dict[Path, None]:
    """Return the folders that the inputs lie in, outer ones first."""
    folders: dict[Path, None] = {}
    # Most lie in a few folders, and paths take their time.
    for lower, depth in dict.fromkeys((os.path.split(one.path)[0], one.relative.count("/")) for one in inputs):
        nearest = Path(lower).absolute()
        for folder in reversed((nearest, *nearest.parents)[: depth + 1]):
            folders.setdefault(folder)
    return folders


def misplaced(inputs: Iterable[Input]) -> tuple[Issue, ...]:
    """Tell files of corrections that lie where none is looked for: above the inputs, or under another name."""
    inner, above = dict.fromkeys(_folders(inputs)), {}
    for folder in inner:
        if folder.parent not in inner:
            above[folder.parent] = folder
    found = []
    for folder, below in above.items():
        if (folder / BY_HAND).is_file():
            found.append(Issue("I413", {"folder": below.name}, Location(BY_HAND)))
    for folder in inner:
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else ()
        found.extend(Issue("I417", {"name": name}, Location(name)) for name in names if is_misnamed(name))
    return tuple(found)


class Corrections:
    """What people say of the reports that a build is given; what an inner folder says comes before an outer one's."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._misplaced = misplaced(inputs)
        self._files: list[tuple[tuple[Issue, ...], list[tuple[Correction, str | None]]]] = []
        self._said: dict[str, list[ByHand]] = {}
        files = correction_files(inputs)
        known = {os.path.realpath(one.path): one.relative for one in inputs} if files else {}
        for path in files:
            from compiler.facts.corrections import read_corrections

            corrections, found = read_corrections(path)
            named: list[tuple[Correction, str | None]] = []
            for one in corrections:
                file = path.parent / one.file
                name = _shown(file, known)
                if name is not None:
                    self._said[name] = [one.said, *self._said.get(name, ())]
                if name is not None or not os.path.lexists(file):
                    named.append((one, name))
            self._files.append((found, named))

    def of(self, sources: Iterable[Source]) -> list[Source]:
        """Return the sources with what people say of them."""
        said = self._said
        return [
            replace(source, by_hand=tuple(said[source.path])) if source.path in said else source for source in sources
        ]

    def issues(self, names: Collection[str]) -> tuple[Issue, ...]:
        """Return what is wrong with the files; ``names`` are those of all sources."""
        issues: list[Issue] = [*self._misplaced]
        for found, named in self._files:
            issues.extend(found)
            for one, name in named:
                if name not in names:
                    from compiler.rules.yaml_reader import hint_for

                    hint = hint_for(one.file, sorted(names), "这里的文件有") if names else "把文件名写对，或删去这一条"
                    issues.append(Issue("I408", {"file": one.file, "hint": hint}, one.where))
        return tuple(issues)


def _shown(file: Path, known: Mapping[str, str]) -> str | None:
    """Return the name that a file, or one within an archive, is shown by; None where it is no input."""
    rest: list[str] = []
    for upper in (file, *file.parents):
        relative = known.get(os.path.realpath(upper))
        if relative is not None:
            return "/".join((relative, *reversed(rest)))
        rest.append(upper.name)
    return None


def doubtful_corrections(sources: Iterable[Source], reports: Iterable[CompiledReport]) -> tuple[Issue, ...]:
    """Name what people say of a report that the file does not hold, and years far from those that its text names."""
    counts: dict[str, int] = {}
    found = []
    said = {source.path: source for source in sources if source.by_hand}
    for report in reports:
        counts[report.source] = max(counts.get(report.source, 0), report.number)
        source = said.get(report.source)
        told = [one.year for one in source.by_hand if one.year and one.number in (0, report.number)] if source else []
        years = (
            Counter(int(year) for one in report.sentences for year in _YEAR.findall(one.text)) if told else Counter()
        )
        most = years.most_common(1)
        if most and abs(told[0] - most[0][0]) > FAR:
            fields = {"file": report.source, "year": str(told[0]), "most": str(most[0][0]), "count": str(most[0][1])}
            found.append(Issue("I416", fields, source=report.source))
    for source in said.values():
        for one in source.by_hand:
            if one.number > counts.get(source.path, one.number):
                fields = {"file": source.path, "number": str(one.number), "count": str(counts[source.path])}
                found.append(Issue("I409", fields, source=source.path))
    return tuple(found)
