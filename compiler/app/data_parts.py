"""A build of more reports than the memory of a machine holds: facts and ledger as Parquet parts (``--only data``).

Each report is compiled on some process or machine, packed, and laid aside on the disk. When all are there, the reports
of a place meet in one task, which takes each report once and joins the place as every build does; some places together
are a part. This machine holds of a report whose it is, where it lies, and its entry in the record.

What only all places beside one another show (the same figure in two of them, L207) is left to a query over the facts.
"""

from __future__ import annotations

import json
import pickle
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, NamedTuple

from compiler.app.build import Outcome, preferred_among, without_our_own
from compiler.app.dates import dated, moment
from compiler.app.options import DATA, Options
from compiler.app.outputs import refused
from compiler.app.record import (
    errors_among,
    good_build_stands,
    input_entry,
    numbers,
    record_of,
    report_entry,
    shown_folder,
)
from compiler.app.standing_pages import Standing
from compiler.app.swap import staging, switch
from compiler.app.timings import Timed, Timings
from compiler.facts.batch import Here, Progress, Reader, not_compiled, taken
from compiler.facts.by_hand import doubtful_corrections
from compiler.facts.cluster import Cluster, batches, compile_batch
from compiler.facts.versions import without_repeated_facts
from compiler.issues import as_json, kind, severity
from compiler.model import BuildInfo, CompiledReport, Identity, Issue, RuleBook, Source
from compiler.processes import Lost, processors
from compiler.text.read import Given, Input
from compiler.workspace import version

PART_REPORTS: Final = 100
"""So many reports make a part, and are joined by one task: some ten thousand facts, some seconds of work."""

READ_AT_ONCE: Final = 200
"""So many files are read at a time."""

ISSUES: Final = f"{DATA}/issues.jsonl"


# --- what runs on any process or machine ---------------------------------------------------------


class Packed(NamedTuple):
    """What a source was compiled to: its text, and each report (whose, its number, packed with its issues)."""

    text: bytes
    reports: tuple[tuple[Identity, int, bytes], ...]
    issues: tuple[Issue, ...]
    seconds: float


class Part(NamedTuple):
    """The reports of some places, packed, in the order of all reports, and the texts of their sources by path."""

    reports: tuple[bytes, ...]
    texts: dict[str, bytes]
    preferred: frozenset[str]
    documents: bool


class Made(NamedTuple):
    """A part as it is written: the two tables, what the record says of the reports, and what there is to tell."""

    facts: bytes
    ledger: bytes
    entries: tuple[dict[str, object], ...]
    issues: tuple[Issue, ...]


def pack(sources: Sequence[Source], rulebook: RuleBook) -> list[Packed]:
    """Compile some sources, as every build does, and pack what comes of them."""
    found = []
    for source, ((reports, issues), seconds) in zip(sources, compile_batch(sources, rulebook), strict=True):
        own: dict[int, list[Issue]] = {report.number: [] for report in reports}
        others: list[Issue] = []
        for issue in (*issues, *doubtful_corrections([source], reports)):
            own.get(issue.report, others).append(issue)
        packed = [(_short(one.identity), one.number, _packed((one, own[one.number]))) for one in reports]
        text = zlib.compress(source.text.encode("utf-8", "surrogatepass"), 1)
        found.append(Packed(text, tuple(packed), tuple(others), seconds))
    return found


def _short(identity: Identity) -> Identity:
    """Return of an identity what a build needs while it waits for the other reports."""
    return replace(identity, title="", meeting="", speaker="", children=(), also=())


def _packed(content: tuple[CompiledReport, list[Issue]]) -> bytes:
    return zlib.compress(pickle.dumps(content, pickle.HIGHEST_PROTOCOL), 1)


def make(part: Part, rulebook: RuleBook) -> Made:
    """Join the places of a part, as every build does, and write their tables."""
    from compiler.facts import written_tables as facts
    from compiler.facts.columnar import table_parquet
    from compiler.ledger import tables as ledgers
    from compiler.ledger.join import settle

    texts = {path: zlib.decompress(text).decode("utf-8", "surrogatepass") for path, text in part.texts.items()}
    found: list[CompiledReport] = []
    issues: list[Issue] = []
    for packed in part.reports:
        report, own = pickle.loads(zlib.decompress(packed))
        found.append(replace(report, text=texts[report.source]))
        issues.extend(own)
    kept, issues = taken(found, issues, part.preferred, part.documents)
    reports, ledger, joining = settle(tuple(without_repeated_facts(kept)), rulebook, issues)
    rows = ledgers.ledger_rows(ledger, reports, rulebook.ledger)
    return Made(
        table_parquet(facts.COLUMNS, facts.fact_rows(facts.all_facts(reports))),
        table_parquet(ledgers.COLUMNS, rows),
        tuple(map(report_entry, reports)),
        (*issues, *(issue for issue in joining if issue.code != "L207")),
    )


# --- what this machine holds ---------------------------------------------------------------------


class _Place(NamedTuple):
    """Where something lies on the disk."""

    start: int
    length: int


class _Waiting(NamedTuple):
    """A compiled report that waits for the others of its place; ``source`` counts the sources."""

    identity: Identity
    source: int
    number: int
    where: _Place


class _Aside:
    """The compiled reports, on the disk."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._end = 0
        self.paths: list[str] = []
        self._texts: list[_Place] = []
        self.reports: list[_Waiting] = []

    def put(self, path: str, packed: Packed) -> None:
        self.paths.append(path)
        self._texts.append(self._write(packed.text))
        for identity, number, content in packed.reports:
            self.reports.append(_Waiting(identity, len(self.paths) - 1, number, self._write(content)))

    def part(self, numbers: Sequence[int], preferred: frozenset[str], documents: bool) -> Part:
        """Read the reports of a part."""
        reports = [self.reports[number] for number in numbers]
        sources = dict.fromkeys(report.source for report in reports)
        return Part(
            tuple(self._read(report.where) for report in reports),
            {self.paths[source]: self._read(self._texts[source]) for source in sources},
            preferred,
            documents,
        )

    def _write(self, content: bytes) -> _Place:
        self._stream.seek(self._end)
        self._stream.write(content)
        place = _Place(self._end, len(content))
        self._end += len(content)
        return place

    def _read(self, place: _Place) -> bytes:
        self._stream.seek(place.start)
        return self._stream.read(place.length)


class _Told:
    """Issues, a line each in a file; here stay their numbers, and the errors among them."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._of_the_rules: set[str] = set()
        self.weights: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.to_verify = 0
        self.errors: list[Issue] = []

    def tell(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            if not (issue.source or issue.place):  # of the rules: each part finds it anew
                if repr(issue) in self._of_the_rules:
                    continue
                self._of_the_rules.add(repr(issue))
            weight = str(severity(issue))
            self.weights[weight] += 1
            self.codes[issue.code] += 1
            self.to_verify += bool(kind(issue))
            if weight == "error":
                self.errors.append(issue)
            self._stream.write(json.dumps(as_json(issue), ensure_ascii=False) + "\n")


def parts_of(reports: Sequence[tuple[Identity, int]], size: int) -> list[list[int]]:
    """Return the numbers of the reports of each part, from whose they are and the number of their source.

    Together are the reports of one place; those without a place, of one year: they may be versions of one report; and
    the reports of a source of which one has no place or no year: that one may be a copy of any of them. Places come in
    the order of the ledger, and are never divided.
    """
    unsure = {source for identity, source in reports if not (identity.place and identity.report_year)}
    above: dict[object, object] = {}

    def top(key: object) -> object:
        while (upper := above.setdefault(key, key)) != key:
            key, above[key] = upper, above[upper]
        return key

    for identity, source in reports:
        if source in unsure:
            above[top(("source", source))] = top(_together(identity))
    groups: dict[object, list[int]] = defaultdict(list)
    for number, (identity, _) in enumerate(reports):
        groups[top(_together(identity))].append(number)
    ordered = sorted(
        (min((reports[number][0].place_code or "9", reports[number][0].place) for number in group), group)
        for group in groups.values()
    )
    parts: list[list[int]] = []
    for _, group in ordered:
        if not parts or len(parts[-1]) + len(group) > size:
            parts.append([])
        parts[-1].extend(group)
    return [sorted(part) for part in parts]


def _together(identity: Identity) -> tuple[str, str | int]:
    return ("place", identity.place) if identity.place else ("year", identity.report_year)


# --- the build -----------------------------------------------------------------------------------


def build_parts(
    options: Options, given: Given, last: Standing, progress: Progress, timings: Timings, made_of: str = ""
) -> Outcome:
    """Compile the reports that are ``given`` and write their facts and ledger in parts. The lock must be held; ``last``
    is what the last build wrote."""
    from compiler.facts.kept_rules import load_rules

    timings.begin("规则和模板")
    rulebook, found = load_rules(options.rules.folder, cached=options.cache)
    inputs, trouble = given
    inputs, ours = without_our_own(inputs, options)
    issues = [*found, *trouble, *ours]
    unread = errors_among(trouble)
    errors = errors_among(issue for issue in found if issue.code.startswith("R"))
    if errors and not options.force and good_build_stands(options.out):
        issues.append(Issue("B101", {"count": str(errors), "path": str(options.out)}))
    elif rulebook is not None:
        try:
            with staging(options.out) as folder:
                return _Build(options, rulebook, inputs, folder, last, unread).run(issues, progress, timings, made_of)
        except OSError as error:
            issues.append(refused(error, options.out))
    return Outcome(None, tuple(issues), unread=unread, stopped=True)


class _Build:
    """One build by parts, in its folder."""

    def __init__(
        self,
        options: Options,
        rulebook: RuleBook,
        inputs: Sequence[Input],
        folder: Path,
        last: Standing,
        unread: int,
    ) -> None:
        self.options, self.rulebook, self.inputs, self.folder = options, rulebook, inputs, folder
        self.last, self.unread = last, unread
        self.sources: list[dict[str, object]] = []

    def run(self, issues: Iterable[Issue], progress: Progress, timings: Timings, made_of: str) -> Outcome:
        (self.folder / DATA).mkdir()
        aside = self.folder / ".aside"
        with (self.folder / ISSUES).open("w", encoding="utf-8", newline="\n") as lines, aside.open("w+b") as disk:
            told, waiting = _Told(lines), _Aside(disk)
            told.tell(issues)
            timings.begin("编译报告")
            self._compile(waiting, told, Timed(progress, timings, "编译报告"))
            preferred, unknown = preferred_among(self.options.prefer, self.inputs, waiting.paths)
            told.tell(unknown)
            timings.begin("汇总和台账")
            parts = parts_of([(report.identity, report.source) for report in waiting.reports], PART_REPORTS)
            entries = self._make(parts, waiting, preferred, told, Timed(progress, timings, "汇总和台账"))
        aside.unlink()
        if not entries:
            missing = Issue("B102", {"count": str(len(self.inputs))})
            return Outcome(None, (*told.errors, missing), unread=self.unread, stopped=True)
        timings.begin("目录、核对、换上")
        kept = {(entry["source"], entry["report"]) for entry in entries}
        identities = [one.identity for one in waiting.reports if (waiting.paths[one.source], one.number) in kept]
        record = self._record(entries, identities, told, len(parts))
        record = {**record, "made_of": made_of, "pages": {}}
        written, beside = switch(self.folder, self.options.out, record, self.last.written, whole=DATA)
        shown = tuple(self.options.out / name for name in written)
        return Outcome(None, (*told.errors, *beside), shown, self.unread, record=record)

    def _compile(self, waiting: _Aside, told: _Told, progress: Progress) -> None:
        """Read and compile all inputs, some at a time, and lay aside what comes of them."""
        options = self.options
        reader = Reader(self.inputs, options.jobs, options.limits)
        engine = Cluster(options.scheduler) if options.scheduler else Here(options.jobs, options.limits.seconds)

        out: deque[list[Source]] = deque()

        def sources() -> Iterator[Source]:
            for start in range(0, len(self.inputs), READ_AT_ONCE):
                read, trouble = reader.read(self.inputs[start : start + READ_AT_ONCE])
                told.tell(trouble)
                yield from read

        def tasks() -> Iterator[list[Source]]:
            # Here each has a time limit of its own, so each is a task.
            for batch in batches(sources()) if options.scheduler else ([source] for source in sources()):
                out.append(batch)
                yield batch

        progress.start(len(self.inputs), "编译报告")
        begun: set[str] = set()
        names = {one.relative for one in self.inputs}
        for answer in engine.each(pack, tasks(), self.rulebook):
            for number, source in enumerate(out.popleft()):
                self.sources.append(input_entry(source))
                if isinstance(answer, Lost):
                    packed = Packed(b"", (), (not_compiled(source, answer),), answer.seconds)
                else:
                    packed = answer[number]
                waiting.put(source.path, packed)
                told.tell(packed.issues)
                self.unread += not packed.reports
                file = source.path
                while file and file not in names:  # of an archive
                    file = file.rpartition("/")[0]
                if file not in begun:
                    begun.add(file)
                    progress.step(file, packed.seconds)
        progress.finish()
        told.tell(reader.finish())
        self.unread += reader.unread

    def _make(
        self,
        parts: Sequence[Sequence[int]],
        waiting: _Aside,
        preferred: frozenset[str],
        told: _Told,
        progress: Progress,
    ) -> list[dict[str, object]]:
        """Join the places part by part and write each as it comes; return what the record says of their reports."""
        options = self.options
        engine = (
            Cluster(options.scheduler)
            if options.scheduler
            else Here(options.jobs, portion=2 * (options.jobs or processors()))
        )
        tasks = (waiting.part(part, preferred, options.documents) for part in parts)  # read when there is a worker
        for name in ("facts", "ledger"):
            (self.folder / DATA / name).mkdir()
        progress.start(len(parts), "汇总和台账")
        entries: list[dict[str, object]] = []
        for number, (part, made) in enumerate(zip(parts, engine.each(make, tasks, self.rulebook), strict=True), 1):
            if isinstance(made, Lost):
                places = dict.fromkeys(waiting.reports[one].identity.place for one in part)
                fields = {"count": str(len(part)), "places": "、".join([*places][:3]), "reason": made.reason}
                told.tell([Issue("B161", fields)])
                continue
            for name, table in (("facts", made.facts), ("ledger", made.ledger)):
                (self.folder / DATA / name / f"part-{number:05}.parquet").write_bytes(table)
            entries.extend(made.entries)
            told.tell(made.issues)
            progress.step(f"第 {number} 片")
        progress.finish()
        return entries

    def _record(
        self, entries: Sequence[dict[str, object]], identities: Iterable[Identity], told: _Told, parts: int
    ) -> dict[str, object]:
        """Return the record of the build; of the issues it has the errors alone."""
        rulebook, options = self.rulebook, self.options
        info = BuildInfo(
            version=version(),
            started=dated(identities),
            now=moment(),
            rules_version=rulebook.version,
            rules_fingerprint=rulebook.fingerprint,
            rules_root=shown_folder(options.rules),
            templates_root=shown_folder(options.templates),
            inputs=(),
        )
        total: Counter[str] = Counter()
        for entry in entries:
            total.update({name: int(str(entry[name])) for name in ("facts", "figures", "uncovered")})
        counted = {
            "reports": len(entries),
            "facts": total["facts"],
            "quotes_verified": total["facts"] - told.codes["B108"],
            "to_verify": told.to_verify,
            "figures": total["figures"],
            "uncovered": total["uncovered"],
        }
        record = record_of(options, rulebook, info, self.sources, entries, numbers(counted, told.weights), told.errors)
        return {**record, "parts": parts, "all_issues": ISSUES}
