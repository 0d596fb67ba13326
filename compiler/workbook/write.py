"""The workbook: every sheet of ``templates/workbook.yaml`` over reports, ledger and issues.

This module brings back what people had filled in, plans (which sheets, which rows, where each fact stands, so that
links need no second pass), and puts the file in place without losing the one that stood there. The sheets themselves
are written by :mod:`table_sheet` (tables; their rows by :mod:`pieces`), :mod:`comparison_sheet`, :mod:`detail_sheet`,
:mod:`history_sheet`, :mod:`summary_sheet` and :mod:`cover_sheet`, each by itself, so that several processes can share
the work (:class:`Making`).
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from compiler.garbage_collection import no_collection
from compiler.ledger.rows import Ledger
from compiler.model import BuildInfo, CompiledReport, Issue, RuleBook
from compiler.processes import spread
from compiler.workbook.cell_styles import CellLooks
from compiler.workbook.comparison_sheet import IndicatorBlock, blocks, write_compare
from compiler.workbook.cover_sheet import Cover, figure_counts, write_cover
from compiler.workbook.detail_sheet import block_columns, block_lines, styles_of_blocks, write_blocks
from compiler.workbook.history_sheet import histories, history_lines, write_history
from compiler.workbook.kept_pieces import KeptPieces, WrittenPiece
from compiler.workbook.kept_sheet import write_kept
from compiler.workbook.last_workbook import Past
from compiler.workbook.outlines import ReportOutline
from compiler.workbook.package import Package, usual_styles
from compiler.workbook.pieces import Piece, is_pieced, pieces_of
from compiler.workbook.print_sheets import (
    PrintBook,
    Prints,
    common_remarks,
    describe,
    result_rows,
    time_of,
    year_fields,
)
from compiler.workbook.rows import (
    TWINS,
    BookContext,
    check_rows,
    evidence_facts,
    key_of,
    passage_rows,
    rule_rows,
    span_rows,
    uncovered_rows,
)
from compiler.workbook.sheet_plan import FILLED, SheetPlan, range_name, split_rows
from compiler.workbook.summary_sheet import write_summary
from compiler.workbook.table_heads import key_of_column
from compiler.workbook.table_rows import TABLES, empty_columns
from compiler.workbook.table_sheet import name_area, styles_of, write_frame, write_table
from compiler.workbook.task_sheet import former_ids, own_rows, task_rows
from compiler.workbook.template import SheetColumn, SheetSpec, WorkbookTemplate, load_workbook_template
from compiler.workbook.user_edits import CellPlace
from compiler.workbook.user_entries import Kept, UserEntries
from compiler.workbook.xlsx import Book, UsualStyles, sheet_name

__all__ = ["load_workbook_template", "write_workbook"]


class Workbook:
    """The workbook of a build, with the workbooks of print sheets apart from it where these are many.

    ``outlines`` are those of the reports (by source and number) that are known already.
    """

    def __init__(
        self,
        reports: Sequence[CompiledReport],
        ledger: Ledger,
        issues: Sequence[Issue],
        rulebook: RuleBook,
        template: WorkbookTemplate,
        build_info: BuildInfo,
        outlines: Mapping[tuple[str, int], ReportOutline] | None = None,
    ) -> None:
        self.context = BookContext.of(reports, ledger, issues, rulebook, template, build_info)
        self.context.outlines = dict(outlines or {})
        names = {spec.kind: spec.name for spec in template.sheets}
        self.fields = {**names, **figure_counts(self.context), **year_fields(self.context, None)}
        spec = template.sheet("print")
        self.prints = Prints(self.context, spec, self.fields) if spec is not None else None

    def apart(self, stem: str) -> list[PrintBook]:
        """Return the workbooks of print sheets that stand beside the one called ``stem``."""
        return self.prints.apart(stem) if self.prints is not None else []

    def write_apart(self, book: PrintBook, folder: Path) -> tuple[Issue, ...]:
        """Write one of them below ``folder``; return what there is to tell."""
        return self.prints.write(book, folder) if self.prints is not None else ()

    def told_apart(self, book: PrintBook) -> tuple[object, ...]:
        """Return what one of them tells beside the reports of its places."""
        return self.prints.told(book) if self.prints is not None else ()

    def write(self, path: Path, *, previous: Path | None = None, home: Path | None = None) -> tuple[Issue, ...]:
        """Write the workbook itself to ``path`` in this process; see :class:`Making`. Return what there is to tell."""
        told: list[Issue] = []
        with tempfile.TemporaryDirectory() as folder:
            for steps in Making(self, path, Path(folder), previous=previous, home=home).stages():
                for step in steps:
                    told.extend(step.run())
        return tuple(told)


class Step(NamedTuple):
    """A piece of work that any process can take when those of earlier stages are done; ``wear`` is how much of its
    memory's worth it costs a process."""

    name: str
    run: Callable[[], tuple[Issue, ...]]
    wear: float = 1.0


_WEAR: Final = 8
"""A process that writes pieces makes room for a fresh one after so large a part of the reports, an eighth."""


class Making:
    """The workbook on its way to ``path``.

    What people filled in is read from ``previous``, or else from the workbook that stands at ``path``, and from copies
    beside it (目标与结果（新）.xlsx). ``home`` is the folder where it lives, if not that of ``path``; what one process
    makes for others waits in ``folder``. Pieces that an earlier build ``kept`` are not written again.
    """

    def __init__(
        self,
        workbook: Workbook,
        path: Path,
        folder: Path,
        *,
        previous: Path | None = None,
        home: Path | None = None,
        kept: KeptPieces | None = None,
    ) -> None:
        self._workbook, self._path, self._folder, self._kept = workbook, path, folder, kept
        self._home = home or path.parent
        self._past = Past(previous or path, home or path.parent, workbook.context.template)

    def stages(self) -> Iterator[list[Step]]:
        """Yield the steps that can be taken next, in any order; what a stage needs to know stays here between them."""
        read = self._folder / "read"
        yield [Step("read", partial(self._read, read))]
        with no_collection():
            builder = self._planned(read)
            writers, pieces = [*builder.writers(self._past)], pieces_of(builder.plans, self._workbook.context)
            parts = [self._folder / str(number) for number in range(len(writers) + len(pieces))]
            usual = builder.usual_styles()
            steps = self._steps(writers, pieces, parts, usual)
        yield steps
        with no_collection():
            package = self._package(builder, parts, usual)
        del builder, writers, pieces, steps
        packed = {name: self._folder / f"packed{number}" for number, name in enumerate(package.large)}
        yield [Step(Path(name).name, partial(_pack_part, package, name, path)) for name, path in packed.items()]
        yield [Step("", partial(self._save, package, packed))]

    def _read(self, into: Path) -> tuple[Issue, ...]:
        """Read back what is people's."""
        self._past.read(_column_titles(self._workbook.context.template))
        self._past.keep(into)
        return ()

    def _planned(self, read: Path) -> _Builder:
        self._past.recall(read)
        self._workbook.context.work = self._past.work
        builder = _Builder(self._workbook, self._past.entries, self._path)
        builder.plan(self._past)
        return builder

    def _steps(
        self, writers: Sequence[_SheetWriter], pieces: Sequence[Piece], parts: Sequence[Path], usual: UsualStyles
    ) -> list[Step]:
        """Return what writes whole sheets and pieces, the longest first, so that all processes end at about the same
        time."""
        context = self._workbook.context
        whole, some = list[Step](), list[Step]()
        for writer, waits in sorted(zip(writers, parts, strict=False), key=lambda one: -one[0].size):
            whole.append(Step(writer.name, partial(_write_part, writer, context, usual, waits)))
        for piece, waits in sorted(zip(pieces, parts[len(writers) :], strict=True), key=lambda one: -one[0].size):
            name = context.report_name(piece.reports[0]) if piece.reports else ""
            share = _WEAR * len(piece.reports) / len(context.reports)
            some.append(Step(f"{name}…", partial(_write_piece, piece, context, usual, waits, self._kept), share))
        return spread(whole, some)

    def _package(self, builder: _Builder, parts: Sequence[Path], usual: UsualStyles) -> Package:
        books: list[Book] = []
        lost: dict[str, str] = {}
        keys: list[str] = []
        for part in parts:
            written: _Part = pickle.loads(part.read_bytes())
            books.append(written.book)
            builder.issues.extend(issue for issue in written.issues if issue not in builder.issues)
            self._past.work.placed.update(written.placed)
            lost.update(written.lost)
            keys.append(written.key)
        if self._kept is not None:
            self._kept.end(self._home / self._path.name, filter(None, keys))
        books = builder.framed(books, Book(self._folder / "frames", usual))
        self._past.end(lost)
        self._past.issues.extend(builder.issues)
        # What the file tells follows from the reports; a backup bears the day on which it was made.
        names = [plan.name for plan in builder.plans]
        return Package(books, time_of(self._workbook.context.info), names)

    def _save(self, package: Package, packed: Mapping[str, Path]) -> tuple[Issue, ...]:
        info = self._workbook.context.info
        today = (info.now or info.started)[:10].replace("-", "")
        self._past.save(partial(package.save, packed=packed), self._path, time_of(info), today)
        return tuple(self._past.issues)


def write_workbook(
    path: Path,
    reports: Sequence[CompiledReport],
    ledger: Ledger,
    issues: Sequence[Issue],
    rulebook: RuleBook,
    template: WorkbookTemplate,
    build_info: BuildInfo,
    *,
    previous: Path | None = None,
    home: Path | None = None,
) -> tuple[Issue, ...]:
    """Write the workbook and those of its print sheets at once; see :meth:`Workbook.write`."""
    workbook = Workbook(reports, ledger, issues, rulebook, template, build_info)
    told = [*workbook.write(path, previous=previous, home=home)]
    for book in workbook.apart(path.stem):
        told.extend(workbook.write_apart(book, path.parent))
    return tuple(told)


class _Part(NamedTuple):
    """What a step of :class:`Making` has written: sheets, what is told of them, and what became of people's work; and
    the key of a piece that is kept."""

    book: Book
    issues: list[Issue]
    placed: set[CellPlace]
    lost: dict[str, str]
    key: str = ""


def _write_part(writer: _SheetWriter, context: BookContext, usual: UsualStyles, waits: Path) -> tuple[Issue, ...]:
    """Write sheets for another process to take up."""
    book = Book(waits, usual)
    describe(book, context)
    lost = writer.write(book, CellLooks(book, context.template)) or {}
    book.end()
    issues = writer.plan.issues if writer.plan is not None else []
    waits.write_bytes(pickle.dumps(_Part(book, issues, context.work.placed, lost)))
    return ()


def _write_piece(
    piece: Piece, context: BookContext, usual: UsualStyles, waits: Path, kept: KeptPieces | None
) -> tuple[Issue, ...]:
    """Write the rows of a piece for another process to take up, or take them from an earlier build."""
    key = kept.key(piece, context, usual) if kept is not None else ""
    written = kept.get(key, waits) if kept is not None else None
    if written is None:
        book = Book(waits, usual)
        context.work.placed = set()
        written = WrittenPiece(book, piece.write(book, context), context.work.placed)
        book.end()
        if kept is not None:
            kept.keep(key, written)
    waits.write_bytes(pickle.dumps(_Part(*written, {}, key)))
    return ()


def _pack_part(package: Package, name: str, into: Path) -> tuple[Issue, ...]:
    package.pack(name, into)
    return ()


class _SheetWriter(NamedTuple):
    """What writes a sheet into a book of its own; it may return what it could not copy, by sheet."""

    write: Callable[[Book, CellLooks], dict[str, str] | None]
    plan: SheetPlan | None = None

    @property
    def name(self) -> str:
        """Return the name of the sheet."""
        return self.plan.name if self.plan is not None else ""

    @property
    def size(self) -> int:
        """Return how much there is to write, about."""
        return self.plan.count * max(1, len(self.plan.columns)) if self.plan is not None else 0


_MOST_LOOKED_AT: Final = 20_000
"""Of so many rows it is looked at whether a column is empty and may be hidden."""


class _Builder:
    """Plans and writes the sheets of one workbook."""

    def __init__(self, workbook: Workbook, entries: UserEntries, path: Path) -> None:
        self.context = context = workbook.context
        self.template = context.template
        self.prints = workbook.prints
        self.entries = entries
        self.taken: set[str] = set()
        self.plans: list[SheetPlan] = []
        self.issues: list[Issue] = []
        self.kept: list[Kept] = []
        self.placed = 0
        self._compared: dict[tuple[str, ...], list[IndicatorBlock]] = {}
        self.books = workbook.apart(path.stem)
        self.fields = workbook.fields
        self.limit = self.template.limits.get("rows", 1_000_000)

    # --- plan ----------------------------------------------------------------------------------

    def plan(self, past: Past) -> None:
        """Decide on sheets and rows, and where each fact stands."""
        context = self.context
        tasks, checks = task_rows(context), check_rows(context)
        self.entries.adopt({row.id for row in tasks}, former_ids(context.reports))
        self.entries.kept.extend(past.edits(context.info.started[:10]))
        placed = self._place_entries({"tasks": tasks, "checks": checks})
        own = self.entries.own_rows("tasks")
        tasks = [*tasks, *own_rows(own, len(tasks))]
        placed = {**placed, "tasks": {**placed.get("tasks", {}), **own}}
        planners: Mapping[str, Callable[[SheetSpec], object]] = {
            "cover": lambda spec: self._add(spec, (), spec.columns),
            "results": lambda spec: self._add_split(spec, result_rows(context, spec)),
            "print": lambda spec: self._plan_prints(),
            "history": lambda spec: self._add_blocks(spec, histories(context), (), history_lines),
            "compare": lambda spec: self._add(spec, self._blocks(spec.themes), ()),
            "blocks": lambda spec: self._add_blocks(
                spec, self._blocks(spec.themes), block_columns(spec.columns), block_lines
            ),
            "spans": lambda spec: self._add_split(spec, span_rows(context)),
            "summary": lambda spec: self._add(spec, (), spec.columns),
            "tasks": lambda spec: self._add_split(spec, tasks, entries=placed.get("tasks", {})),
            "checks": lambda spec: self._add_split(spec, checks, entries=placed.get("checks", {})),
            "evidence": lambda spec: self._add_split(spec, evidence_facts(context)),
            "uncovered": lambda spec: self._add_split(spec, uncovered_rows(context)),
            "passages": lambda spec: self._add_split(spec, list(passage_rows(context))),
            "detail": lambda spec: self._add_split(spec, sorted(evidence_facts(context), key=_fact_order)),
            "rules": lambda spec: self._add_split(spec, list(rule_rows(context))),
            "kept": lambda spec: self.kept and self._add(spec, self.kept, ()),
        }
        for spec in self.template.sheets:
            planners[spec.kind](spec)
        if self.kept and self.template.sheet("kept") is None:
            # Nothing that people wrote is dropped because a template lacks the sheet for it.
            self._add(SheetSpec("kept", "kept"), self.kept, ())
        past.announce(self.taken)
        self._locate()
        for plan in filter(is_pieced, self.plans):
            self._look_at(plan)
        self._compared.clear()
        context.forget_choices()

    def _plan_prints(self) -> None:
        """SheetPlan the print sheets that stand in this workbook, or tell where they are."""
        if self.prints is not None and not self.books:
            self.plans.extend(self.prints.within(self.taken))
        elif self.books:
            count, folder = sum(len(book.reports) for book in self.books), Path(self.books[0].path).parent.name
            fields = {"count": str(count), "books": str(len(self.books)), "folder": folder}
            self.issues.append(Issue("O122", fields))

    def _blocks(self, themes: Sequence[str]) -> list[IndicatorBlock]:
        """Return the indicators of several places; two sheets show them."""
        key = tuple(themes)
        if key not in self._compared:
            self._compared[key] = blocks(self.context, themes)
        return self._compared[key]

    def _add(
        self, spec: SheetSpec, rows: Sequence[Any], columns: Sequence[SheetColumn], *, name: str = "", part: int = 1
    ) -> SheetPlan:
        wanted = name or spec.name
        if part > 1:
            wanted = self.template.word("continued", name=wanted, number=part)
        plan = SheetPlan(
            spec,
            spec.kind,
            sheet_name(wanted, self.taken),
            rows,
            fields=self.fields,
            columns=tuple(columns),
            part=part,
        )
        self.plans.append(plan)
        return plan

    def _add_blocks(
        self, spec: SheetSpec, rows: Sequence[Any], columns: Sequence[SheetColumn], lines: Callable[[Any], int]
    ) -> None:
        """SheetPlan a sheet of small tables, on as many sheets as they need."""
        pieces = [*split_rows(rows, self.limit, lines)]
        for part, piece in enumerate(pieces, 1):
            self._add(spec, piece, columns, part=part)
        self._tell_parts(len(pieces))

    def _tell_parts(self, parts: int) -> None:
        """Tell which sheets hold what one cannot."""
        if parts > 1:
            names = "、".join(plan.name for plan in self.plans[-parts:])
            self.issues.append(Issue("O136", {"name": self.plans[-parts].spec.name, "names": names}))

    def _add_split(self, spec: SheetSpec, rows: Sequence[Any], *, entries: Mapping[str, Any] | None = None) -> None:
        columns = list(spec.columns)
        if spec.kind in FILLED:
            columns.extend(
                SheetColumn(title=title, entry=key, width=max(12.0, len(title) * 2.0 + 2))
                for key, title in self.entries.extra_columns(spec.kind)
            )
        pieces = [*split_rows(rows, self.limit)]
        for part, piece in enumerate(pieces, 1):
            plan = self._add(spec, piece, columns, part=part)
            plan.entries = entries or {}
        self._tell_parts(len(pieces))

    def _place_entries(self, rows: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Match what people wrote with the rows of this build; the rest goes to a sheet of its own."""
        columns: dict[str, list[str]] = {}
        for kind in rows:
            spec = self.template.sheet(kind)
            columns[kind] = [f"entry:{column.entry}" for column in (spec.columns if spec else ()) if column.entry]
        present = {kind: [row.id for row in items] if columns[kind] else [] for kind, items in rows.items()}
        today = self.context.info.started[:10]
        placed, self.kept = self.entries.settle(present, columns, today)
        self.placed = sum(len(cells) for kinds in placed.values() for cells in kinds.values())
        if self.kept:
            self.issues.append(Issue("O121", {"count": str(len(self.kept))}))
        return placed

    def _locate(self) -> None:
        """Note where every fact stands: evidence row, cell of the results, row of the details."""
        context = self.context
        for plan in self.plans:
            if plan.kind == "evidence":
                for row, fact in enumerate(plan.rows, plan.first):
                    context.evidence_at.setdefault(key_of(fact), (plan.name, row))
            elif plan.kind == "results":
                letters = plan.letters()
                for row, item in enumerate(plan.rows, plan.first):
                    for slot, fact in item.slots.items():
                        column = letters.get(slot)
                        if column:
                            context.shown_at.setdefault(key_of(fact), (plan.name, f"{column}{row}"))
            elif plan.kind == "tasks":
                for row, task in enumerate(plan.rows, plan.first):
                    task.row, task.entries = row, plan.entries.get(task.id, task.entries)
        for plan in self.plans:
            for row, fact in enumerate(plan.rows if plan.kind == "detail" else (), plan.first):
                # One shown among the results is looked up there.
                context.shown_at.setdefault(key_of(fact), (plan.name, f"A{row}"))

    # --- write ---------------------------------------------------------------------------------

    def usual_styles(self) -> UsualStyles:
        """Return the styles that most cells have: they need not be numbered anew when the sheets are put together."""
        tables = styles_of((plan for plan in self.plans if plan.kind in TABLES), self.context)
        blocks = [
            style for plan in self.plans if plan.kind == "blocks" for style in styles_of_blocks(plan, self.context)
        ]
        return usual_styles([*tables, *blocks])

    def writers(self, past: Past) -> Iterator[_SheetWriter]:
        """Yield what writes each of the planned sheets, in their order, and the sheets of people's own."""
        for plan in self.plans:
            if not is_pieced(plan):
                yield _SheetWriter(partial(self._write, plan, past.told), plan)
        if past.names:
            yield _SheetWriter(lambda book, _: past.copy_sheets(book))
        elif not self.plans:
            yield _SheetWriter(_write_nothing)

    def framed(self, books: Sequence[Book], frames: Book) -> list[Book]:
        """Return written books with ``frames``, which gets what stands around the rows that are written in pieces."""
        looks = CellLooks(frames, self.template)
        for plan in filter(is_pieced, self.plans):
            height = sum(data.height for book in books for data in book.sheets if data.name == plan.name)
            write_frame(frames, looks, plan, self.context, self._contents, height)
            self._name(frames, plan)
        frames.end()
        return [frames, *books]

    @property
    def _contents(self) -> str:
        """The name of the sheet to go back to."""
        return next((one.name for one in self.plans if one.kind == "cover"), "")

    def _look_at(self, plan: SheetPlan) -> None:
        """Find out which columns of a sheet are empty, and what all its rows remark."""
        if plan.kind != "print" and plan.count <= _MOST_LOOKED_AT:  # of print sheets it is known
            plan.common = common_remarks(plan, self.context)
            plan.hidden = empty_columns(plan, self.context)

    def _name(self, book: Book, plan: SheetPlan) -> None:
        """Give the table of a sheet a name."""
        behind = len(TWINS) if plan.kind in ("results", "print") else 0
        if plan.kind != "print" and not plan.bare:
            suffix = f"_{plan.part}" if plan.part > 1 else ""
            name_area(book, range_name(f"{plan.spec.name}表") + suffix, plan, len(plan.columns) + behind)

    def _write(self, plan: SheetPlan, told: Sequence[str], book: Book, looks: CellLooks) -> None:
        contents = self._contents
        if plan.kind == "cover":
            left = next((one.name for one in self.plans if one.kind == "kept"), "")
            books = [(one.title, one.path, len(one.reports)) for one in self.books]
            cover = Cover(self.placed, len(self.kept), left, books, told)
            write_cover(book, looks, plan, self.context, self.plans, cover)
        elif plan.kind == "history":
            write_history(book, looks, plan, self.context, contents)
        elif plan.kind == "compare":
            write_compare(book, looks, plan, self.context, contents)
        elif plan.kind == "blocks":
            write_blocks(book, looks, plan, self.context, contents)
        elif plan.kind == "summary":
            tasks = [one for one in self.plans if one.kind == "tasks"]
            write_summary(book, looks, plan, tasks, self.context, contents)
        elif plan.kind == "kept":
            write_kept(book, looks, plan, self.context, contents)
        else:
            self._look_at(plan)
            write_table(book, looks, plan, self.context, contents)
            self._name(book, plan)
        if plan.kind != "tasks":  # which are summed up on another sheet
            plan.release()


def _write_nothing(book: Book, _: CellLooks) -> None:
    """Write the sheet of a workbook that would have none."""
    book.sheet("空")


# --- files ---------------------------------------------------------------------------------------


def _column_titles(template: WorkbookTemplate) -> dict[str, dict[str, str]]:
    """Return the keys of the columns to fill by kind of sheet and title, for sheets whose hidden keys are gone."""
    return {
        spec.kind: {column.title: key_of_column(column) for column in spec.columns}
        for spec in template.sheets
        if spec.kind in FILLED
    }


def _fact_order(fact: Any) -> tuple[Any, ...]:
    return fact.place, fact.year, fact.kind.value, fact.order, fact.start, fact.source, fact.report, fact.id
