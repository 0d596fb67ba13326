"""Pages of the last build that still stand: made of the same, and untouched since.

``build.json`` holds for each briefing, evidence page and workbook of print sheets what it was made of (``pages``)
beside the hash of what was written. Where both still hold the page is not written again. What a page is made of is told
by all that its writer sees: the reports of its places as they were compiled and judged, what is said of them, the
rules, the templates, the program, and whatever it tells of other places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.app.edited_outputs import hashes_written, name_behind
from compiler.app.untouched import Untouched
from compiler.facts.carried import written
from compiler.facts.store import program_fingerprint
from compiler.ledger.rows import place_key
from compiler.model import BuildInfo, CompiledReport, Issue
from compiler.strings import hash_of

if TYPE_CHECKING:
    from compiler.app.options import Gathered

_issue = attrgetter(*(one.name for one in fields(Issue)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last build wrote into a folder: what each page was made of, and the hash of each file."""

    out: Path
    files: Untouched
    pages: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    _folders: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, out: Path, record: Mapping[str, Any], files: Untouched) -> Standing:
        """Return what ``record`` tells; in doubt nothing stands."""
        pages = record.get("pages")
        told = {str(name): str(key) for name, key in pages.items()} if isinstance(pages, dict) else {}
        return cls(out, files, told, hashes_written(record))

    def none(self) -> Standing:
        """Return the same without the pages, where all are to be written again."""
        return replace(self, pages={})

    def sha256(self, relative: str, key: str) -> str:
        """Return the hash of a page that need not be written again; empty where it has to be."""
        known = self.written.get(relative, "")
        if not key or not known or self.pages.get(relative) != key:
            return ""
        folder, _, name = relative.rpartition("/")
        if name in self._edited(folder):
            return ""  # which of the two takes the name is for the switch to decide
        try:
            return known if self.files.sha256(self.out / relative) == known else ""
        except OSError:
            return ""

    def _edited(self, folder: str) -> frozenset[str]:
        """Return the names in a folder of pages beside which a newer one went, as somebody had edited them."""
        if folder not in self._folders:
            try:
                names = [one.name for one in (self.out / folder).iterdir()]
            except OSError:
                names = []
            self._folders[folder] = frozenset(behind for name in names if (behind := name_behind(name)) != name)
        return self._folders[folder]


class PageKeys:
    """What each page of a build is made of, as hashes; made once a build."""

    def __init__(self, gathered: Gathered, templates: Iterable[Mapping[str, str]]) -> None:
        info, rulebook = info_of_pages(gathered.info), gathered.rulebook
        store = gathered.store
        rules = store.written(rulebook) if store is not None else written(rulebook)
        shared = (program_fingerprint(), rules.common, rules.ledger, rules.headlines)
        self._common = hash_of(*shared, *(str(one) for one in templates), repr(info))
        sources = {source.path: (source.sha256, source.encoding, repr(source.by_hand)) for source in gathered.sources}
        own: dict[str, list[str]] = {}
        for report in gathered.reports:
            own.setdefault(place_key(report), []).extend(sources.get(report.source, ()))
        self._place = {key: hash_of(stamp, *own[key]) for key, stamp in gathered.settled.stamps.items()}

    def of(self, name: str, report: CompiledReport, issues: Iterable[Issue], *told: object) -> str:
        """Return what a page of ``report`` is made of: ``issues`` are those it shows, ``told`` what else."""
        # Where in another report an issue points is told on none of this one's pages.
        shown = repr([_issue(one if one.source == report.source else replace(one, start=-1, end=-1)) for one in issues])
        own = (self._place[place_key(report)], report.source, str(report.number))
        return hash_of(self._common, name, *own, shown, *(repr(one) for one in told))

    def of_places(self, name: str, places: Iterable[str], *told: object) -> str:
        """Return what a file over some places (their keys) is made of: ``told`` is what else it tells."""
        own = (self._place.get(key, "") for key in dict.fromkeys(places))
        return hash_of(self._common, name, *own, *(repr(one) for one in told))


def info_of_pages(info: BuildInfo) -> BuildInfo:
    """Return what a page of one report may tell of the build: nothing of other inputs or rules, and no time."""
    return replace(info, inputs=(), now="", rules_fingerprint="")
