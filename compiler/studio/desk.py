"""The open folder of the studio: reports and rules as they are now, what was compiled of them, and a running build."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.app.build import Outcome, build, gather
from compiler.app.options import Gathered, Options
from compiler.app.swap import RECORD
from compiler.app.unchanged import made_of
from compiler.app.untouched import Untouched
from compiler.facts.batch import Cache
from compiler.facts.kept_rules import load_rules
from compiler.files import numbered_file, safe_file_name
from compiler.issues import severity
from compiler.model import CompiledReport, Issue, Lexicon, Part, RuleBook, Severity, Source, Uncovered
from compiler.strings import unique
from compiler.studio.review_queue import Queue
from compiler.text.read import find_inputs
from compiler.workbook.pending_decisions import PENDING
from compiler.workspace import Choice, lay_out

if TYPE_CHECKING:
    from compiler.authoring.explain import Explainer
    from compiler.authoring.suggested import Suggestion
    from compiler.facts.compile import Reading

LARGEST_UPLOAD = 50_000_000
"""Bytes of one dropped file: a scanned PDF of a report is a tenth of it."""

RULES, TEMPLATES, REPORTS, OUTPUT = "rules", "templates", "reports", "output"


class Cancelled(Exception):
    """The user stopped the build; nothing was moved into place."""


@dataclass
class Job:
    """A build on its way: how far it is, and what came of it. It is its own progress (``facts/batch.py``)."""

    phase: str = ""
    done: int = 0
    total: int = 0
    label: str = ""
    outcome: Outcome | None = None
    failed: str = ""
    running: bool = True
    cancelled: bool = False
    _cancel: threading.Event = field(default_factory=threading.Event)

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""
        self.phase, self.total, self.done = what, total, 0

    def step(self, label: str, seconds: float = 0.0) -> None:
        """One step is done."""
        if self._cancel.is_set():
            raise Cancelled
        self.done += 1
        self.label = label

    def finish(self) -> None:
        """The phase is over."""

    def cancel(self) -> None:
        """Ask the build to stop at its next step."""
        self._cancel.set()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list of reports."""

    number: int
    report: CompiledReport
    results: int
    targets: int
    to_verify: int
    warnings: tuple[Issue, ...]


class Desk:
    """A working folder and all that is known of it; one lock for everybody who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.rules = self.folder / RULES
        self.templates = self.folder / TEMPLATES
        self.reports_folder = self.folder / REPORTS
        self.out = self.folder / OUTPUT
        self.lock = threading.RLock()
        self.cache = Cache()
        self.gathered: Gathered | None = None
        self.rulebook: RuleBook | None = None
        self.issues: tuple[Issue, ...] = ()
        self.job: Job | None = None
        self.opening = Job("读规则和报告")
        self.is_open = False
        self.queue = Queue(self)
        self._seen = ""
        self._judged = ("", False)
        self._explainers: dict[tuple[str, int], Explainer] = {}
        self._readings: dict[tuple[object, ...], tuple[Lexicon, tuple[Reading, ...]]] = {}

    @classmethod
    def open(cls, folder: Path) -> tuple[Desk, tuple[Issue, ...]]:
        """Open ``folder``; where it has no rules of its own, the shipped ones are laid out in it first."""
        issues: tuple[Issue, ...] = ()
        if not (folder / RULES).is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _, issues = lay_out(folder)
        desk = cls(folder)
        desk.reports_folder.mkdir(exist_ok=True)
        return desk, issues

    def open_in_background(self) -> None:
        """Compile what lies in the folder while the first page is already shown."""

        def run() -> None:
            try:
                self.refresh()
            finally:
                self.is_open = True
                self.opening.running = False
            self._warm_up()

        threading.Thread(target=run, daemon=True).start()

    # --- what there is ---

    def options(self) -> Options:
        """Return what a build of this folder is asked to do."""
        return Options(
            paths=(self.reports_folder,),
            rules=Choice(self.rules, "option"),
            templates=Choice(self.templates, "option"),
            out=self.out,
        )

    def refresh(self) -> None:
        """Compile what is new; nothing happens where no file of reports, rules or templates has changed."""
        with self.lock:
            seen = self._snapshot()
            if seen == self._seen:
                return
            progress, options = Job() if self.is_open else self.opening, self.options()
            gathered, issues, _ = gather(options, find_inputs(options.paths, options.limits), progress, self.cache)
            self.gathered, self.issues, self._seen = gathered, issues, seen
            # Without a report nothing is compiled, and the rules are there all the same.
            self.rulebook = gathered.rulebook if gathered else load_rules(self.rules)[0]
            self._explainers.clear()
            sources = gathered.sources if gathered else ()
            present = {(source.path, source.sha256, source.by_hand) for source in sources}
            self._readings = {key: kept for key, kept in self._readings.items() if key in present}

    def _snapshot(self) -> str:
        """Return a fingerprint of the folder by names, sizes and times."""
        digest = hashlib.sha256()
        for folder in (self.rules, self.templates, self.reports_folder):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    status = path.stat()
                    digest.update(
                        f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
                    )
        return digest.hexdigest()

    @property
    def reports(self) -> tuple[CompiledReport, ...]:
        """The open reports."""
        return self.gathered.reports if self.gathered else ()

    def rows(self) -> Iterator[ReportRow]:
        """Yield the list of reports."""
        to_verify = Counter(number for matter in self.queue.matters() if matter.is_open for number in matter.reports)
        for number, report in enumerate(self.reports, 1):
            own = [
                issue
                for issue in self.issues
                if issue.source == report.source
                and issue.report in (0, report.number)
                and not issue.facts
                and severity(issue) is not Severity.NOTE
            ]
            results = sum(fact.kind == "result" for fact in report.facts)
            yield ReportRow(number, report, results, len(report.facts) - results, to_verify[number], tuple(own))

    def left_out(self) -> tuple[Issue, ...]:
        """Return what is said of files that gave no report."""
        known = {report.source for report in self.reports}
        return tuple(
            issue for issue in self.issues if issue.code[0] in "IB" and issue.source not in known and not issue.facts
        )

    def rule_trouble(self) -> tuple[Issue, ...]:
        """Return what is wrong with rules and templates."""
        return tuple(issue for issue in self.issues if issue.where is not None)

    def report(self, number: int) -> CompiledReport | None:
        """Return a report by its number in the list, from 1."""
        return self.reports[number - 1] if 0 < number <= len(self.reports) else None

    def source_of(self, report: CompiledReport) -> Source | None:
        """Return the file that a report stands in."""
        sources = self.gathered.sources if self.gathered else ()
        return next((source for source in sources if source.path == report.source), None)

    def readings(self, source: Source, rulebook: RuleBook | None = None) -> tuple[Reading, ...]:
        """Return what was read of a file's text, kept as long as file and lexicon are the same.

        What the indicators make of it is that of any rules: :func:`compiler.facts.compile.reread` does it anew.
        """
        from compiler.facts.batch import without_tables
        from compiler.facts.compile import read_source

        rulebook = rulebook or self.rulebook
        if rulebook is None:
            return ()
        key = (source.path, source.sha256, source.by_hand)
        kept = self._readings.get(key)
        if kept is None or kept[0] != rulebook.lexicon:
            kept = rulebook.lexicon, read_source(without_tables(source), rulebook)[0]
            if self.rulebook is not None and rulebook.lexicon == self.rulebook.lexicon:
                self._readings[key] = kept
        return kept[1]

    def _warm_up(self) -> None:
        """Read the texts of the open reports: the first change and sentence are to be as fast as later ones."""
        for source in self.gathered.sources if self.gathered else ():
            self.readings(source)
        if self.rulebook is not None:
            from compiler.authoring.explain import explain_text
            from compiler.facts.nouns import guess_noun

            explain_text("全年1个。", Part.REVIEW, self.rulebook)
            guess_noun("建成公园1个。", "1个")

    def explainer_of(self, report: CompiledReport) -> Explainer | None:
        """Return what explains the sentences of a report, from the very reading of the build."""
        from compiler.authoring.explain import Explainer
        from compiler.facts.compile import reread

        source = self.source_of(report)
        rulebook = self.rulebook
        if source is None or rulebook is None:
            return None
        key = (report.source, report.number)
        if key not in self._explainers:
            reading = next((one for one in self.readings(source) if one.report.number == report.number), None)
            if reading is None:
                return None
            self._explainers[key] = Explainer.of(reread(reading, rulebook), rulebook)
        return self._explainers[key]

    def noun_of(self, report: CompiledReport, item: Uncovered) -> str:
        """Return the noun that an unclaimed figure seems to measure, empty where there is none to see."""
        return next((one.noun for one in self.queue.named(report) if one.start == item.start), "")

    def proposal(self, name: str, report: CompiledReport, item: Uncovered) -> Suggestion | None:
        """Return a rule called ``name`` for an unclaimed figure, with its unit and examples in words of its own."""
        from compiler.authoring.suggest import proposed

        sentence = next((one for one in report.sentences if one.number == item.sentence), None)
        if sentence is None or self.rulebook is None or not name:
            return None
        return proposed(name, sentence.text, self.rulebook, item.raw, item.part)

    # --- what people do ---

    def add(self, name: str, data: bytes) -> str:
        """Keep a dropped file among the reports, under a name that none of them has; return that name."""
        standing = {path.name.casefold() for path in self.reports_folder.iterdir()}
        chosen = unique(safe_file_name(Path(name).name, otherwise="报告"), standing, numbered_file)
        (self.reports_folder / chosen).write_bytes(data)
        return chosen

    def take_away(self, source: str) -> Path | None:
        """Move a report's file out of ``reports/`` into ``reports-移出/``: it is not compiled, and not lost."""
        return _moved(self.reports_folder, self.aside, source)

    def put_back(self, relative: str) -> Path | None:
        """Move a file that was taken away back among the reports, under a name that none of them has."""
        return _moved(self.aside, self.reports_folder, relative)

    @property
    def aside(self) -> Path:
        """The folder of what was taken away."""
        return self.folder / f"{REPORTS}-移出"

    def taken_away(self) -> Sequence[str]:
        """Return the files that were taken away, relative to their folder."""
        if not self.aside.is_dir():
            return ()
        found = sorted(path for path in self.aside.rglob("*") if path.is_file() and not path.name.startswith("."))
        return [path.relative_to(self.aside).as_posix() for path in found]

    def start_build(self) -> Job:
        """Start a build in the background; the one that is running is returned instead of a second."""
        with self.lock:
            if self.job is not None and self.job.running:
                return self.job
            job = self.job = Job()
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return job

    def _run(self, job: Job) -> None:
        from compiler.crashes import log_crash

        try:
            job.outcome = build(self.options(), job, self.cache)
        except Cancelled:
            job.cancelled = True
        except Exception as error:  # a crash must reach the page, not only the terminal
            job.failed = str(log_crash(error))
        finally:
            job.running = False

    def outputs(self) -> Sequence[Path]:
        """Return the outputs that stand in the folder, relative to it: the workbook first, what programs read last."""
        if not self.out.is_dir():
            return ()
        found = [
            path.relative_to(self.out)
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
            and path.name != PENDING
            and not any(part.startswith((".", "~")) for part in path.relative_to(self.out).parts)
        ]
        return sorted(found, key=lambda path: _RANKS.get(path.suffix, len(_RANKS)))

    def is_outdated(self) -> bool:
        """Tell whether the outputs follow from other reports, rules or templates than those that lie here now."""
        record = self.out / RECORD
        if not record.is_file():
            return False
        with self.lock:
            seen = f"{self._seen} {record.stat().st_mtime_ns}"
            if seen != self._judged[0]:
                options = self.options()
                try:
                    inputs, _ = find_inputs(options.paths, options.limits)
                    now = made_of(options, inputs, Untouched(self.out))
                    made_of_now = json.loads(record.read_text(encoding="utf-8"))["made_of"] == now
                except (OSError, ValueError, KeyError, TypeError):
                    made_of_now = False
                self._judged = seen, not made_of_now
            return self._judged[1]

    def output(self, relative: str) -> Path | None:
        """Return an output by its relative path; None for what does not lie in the folder of outputs."""
        path = (self.out / relative).resolve()
        return path if path.is_file() and path.is_relative_to(self.out.resolve()) else None


_RANKS = {".xlsx": 0, ".docx": 1, ".html": 2}
"""Outputs that people open come first, in this order."""


def _moved(origin: Path, folder: Path, relative: str) -> Path | None:
    """Move a file into a folder under a name of its own there; None where there is no such file."""
    path = (origin / relative).resolve()
    if not path.is_file() or not path.is_relative_to(origin.resolve()):
        return None
    target = folder / path.relative_to(origin.resolve())
    target.parent.mkdir(parents=True, exist_ok=True)
    standing = {one.name.casefold() for one in target.parent.iterdir()}
    target = target.parent / unique(target.name, standing, numbered_file)
    shutil.move(path, target)
    return target
