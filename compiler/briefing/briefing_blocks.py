"""A briefing before it is a file: its blocks in order, citations numbered. Word and the terminal both write these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from compiler.briefing.inline_marks import CITE, REFER, pieces


class WordParagraph(NamedTuple):
    """A paragraph in the style of ``role``. ``keep`` keeps it on the page of what follows."""

    role: str
    text: str
    bookmark: str = ""
    new_page: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a table or chart: 表, its number, its text."""

    kind: str
    number: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class WordTable:
    """Heads, sides and relative widths of the columns, and the cells."""

    heads: tuple[str, ...]
    sides: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""
    noted: bool = False


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A row of bars: its name in the legend and a value for each category, ``None`` where there is none."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart; ``told`` says in words what it shows."""

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """The annex entry of a cited sentence."""

    key: str
    text: str
    remark: str


Item = WordParagraph | Caption | WordTable | Chart | Citation


@dataclass(slots=True)
class Composed:
    """All of a briefing. ``numbers`` holds the number of each sentence that is cited, in the order of the text."""

    title: str
    items: list[Item] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, keys: Iterable[str]) -> None:
        """Give numbers to sentences that are cited."""
        for key in keys:
            self.numbers.setdefault(key, len(self.numbers) + 1)

    def shown(self, text: str) -> str:
        """Return a text as it is read, its marks written out."""
        return "".join(self.written(mark, held) for mark, held in pieces(text))

    def written(self, mark: str, held: str) -> str:
        """Return what stands for a mark: the number of a citation, the label of a table, else what it holds."""
        if mark == CITE:
            return f"[{self.numbers[held]}]" if held in self.numbers else ""
        return self.labels.get(held, "") if mark == REFER else held


def cited(item: Item) -> Iterator[str]:
    """Yield the keys of the sentences that a block cites, in the order they are read."""
    texts: Iterable[str] = ()
    if isinstance(item, (WordParagraph, Caption)):
        texts = (item.text,)
    elif isinstance(item, WordTable):
        texts = chain(item.heads, *item.rows)
    for text in texts:
        for mark, key in pieces(text) if CITE in text else ():
            if mark == CITE:
                yield key


def text_lines(composed: Composed) -> Iterator[str]:
    """Yield a briefing as lines of text, for the terminal."""
    show = composed.shown
    for item in composed.items:
        if isinstance(item, WordParagraph):
            if item.new_page:
                yield ""
            indent = "" if item.role in _FLUSH else "　　"
            yield f"{indent}{show(item.text)}"
        elif isinstance(item, Caption):
            yield f"{item.kind}{item.number}　{show(item.text)}"
        elif isinstance(item, WordTable):
            for row in (item.heads, *item.rows):
                yield "　" + " | ".join(show(cell) for cell in row)
        elif isinstance(item, Chart):
            yield f"　{item.told}"
        else:
            yield f"[{composed.numbers[item.key]}] {item.text}{item.remark}"


_FLUSH = frozenset({"title", "issue_line", "source_line", "annex", "annex_title", "table_note"})
