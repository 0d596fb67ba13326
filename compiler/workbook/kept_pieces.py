"""Pieces of the workbook kept from build to build: one that follows from the same is not written again.

A piece is kept under a hash of all that its writer sees: the reports of its places as they were compiled and judged,
rules, templates and program (``made_of``), and where its rows stand, what people wrote into them, which columns are
shown. What is damaged is written anew, never believed.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from compiler.facts.store import Store
from compiler.ledger.rows import place_key
from compiler.model import Issue
from compiler.strings import hash_of
from compiler.workbook.pieces import Piece, PieceRows
from compiler.workbook.rows import BookContext, UncoveredRow, key_of
from compiler.workbook.user_edits import CellPlace
from compiler.workbook.xlsx import Book, UsualStyles


class WrittenPiece(NamedTuple):
    """What a piece has written, what is told of it, and which marks of people it has put on their cells."""

    book: Book
    issues: list[Issue]
    placed: set[CellPlace]


class KeptPieces:
    """The pieces of one workbook in the cache; ``made_of`` gives a hash of some places (their keys), with what else is
    told."""

    def __init__(self, store: Store, made_of: Callable[..., str]) -> None:
        self._store = store
        self._made_of = made_of

    def key(self, piece: Piece, context: BookContext, usual: UsualStyles) -> str:
        """Return a hash of all that a piece is made of."""
        facts = [key_of(fact) for report in piece.reports for fact in report.facts]
        links = [(context.evidence_at.get(one), context.shown_at.get(one)) for one in facts]
        parts = [_told(part, context) for part in piece.parts]
        return self._made_of(
            map(place_key, piece.reports), context.rulebook.fingerprint, usual, facts, links, parts, context.work.marks
        )

    def get(self, key: str, waits: Path) -> WrittenPiece | None:
        """Return a piece that was kept, whose content waits in files beside ``waits``; None where there is none."""
        found = self._store.made("piece", key)
        if not isinstance(found, _Kept):
            return None
        try:
            written: WrittenPiece = pickle.loads(found.piece)
            for n, (spool, blocks) in enumerate(zip(written.book.spools, found.content, strict=True)):
                spool.take(waits.with_name(f"{waits.name}-{n}"), blocks)
        except (pickle.PickleError, AttributeError, ImportError, EOFError, ValueError, TypeError):
            return None
        return written

    def keep(self, key: str, written: WrittenPiece) -> None:
        """Keep a piece."""
        content = [[zlib.compress(block, 1) for block in spool.parts()] for spool in written.book.spools]
        self._store.keep(_Kept(pickle.dumps(written), content), "piece", key, plain=True)

    def end(self, home: Path, keys: Iterable[str]) -> None:
        """Drop what the last workbook in the folder ``home`` was made of and this one is not."""
        name, own = ("pieces of", str(home.resolve())), tuple(keys)
        earlier = self._store.made(*name)
        for key in set(earlier if isinstance(earlier, tuple) else ()).difference(own):
            self._store.forget("piece", str(key))
        self._store.keep(own, *name)


class _Kept(NamedTuple):
    """A piece as it is kept: without what waits in files, and that, block by block and packed."""

    piece: bytes
    content: list[list[bytes]]


def _told(part: PieceRows, context: BookContext) -> tuple[Any, ...]:
    """Return what the rows of a part tell beside what follows from their reports."""
    plan, numbers, rows, most_links = part
    running: list[Any] = [getattr(row, "number", None) for row in (rows[0], rows[-1])]
    if plan.kind == "uncovered":  # whose order follows from all reports
        running = [(row.report.number, row.figure, row.count) for row in rows if isinstance(row, UncoveredRow)]
    entries = [(row.id, plan.entries[row.id]) for row in rows if row.id in plan.entries] if plan.entries else []
    own = [row.cells for row in rows if row.report is None] if plan.kind == "tasks" else []
    look = hash_of(repr((plan.columns, sorted(plan.hidden), plan.common)))
    return plan.kind, plan.name, numbers, len(rows), running, most_links, entries, own, look
