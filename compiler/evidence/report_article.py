"""The text of a report as HTML, every figure a link to its row: what ``blocks|article(kinds)`` writes into a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compiler.evidence.page_pieces import Piece, ShownParagraph
from compiler.rules.sandbox import Html, escaped


def article(blocks: Iterable[ShownParagraph], kinds: Mapping[str, str]) -> Html:
    """Return the blocks of a report one behind the other, nothing between them: their text is the source's.

    ``kinds`` are the words for result, target, open and check, as they stand in the title of a figure.
    """
    found: list[str] = []
    for block in blocks:
        _put(block, kinds, found)
    return Html("".join(found))


def _put(block: ShownParagraph, kinds: Mapping[str, str], found: list[str]) -> None:
    """Add a paragraph to what was ``found`` of the page."""
    if block.before:
        found.append(f'<span class="w">{escaped(block.before)}</span>')
    if not block.runs:
        return
    level = f" level{block.level}" if block.level else ""
    heading = f' id="{block.anchor}" role="heading" aria-level="{block.level + 1}"' if block.anchor else ""
    found.append(f'<p class="{block.kind}{level}"{heading}>')
    for number, parts in block.runs:
        if number:
            found.append(f'<span class="s" data-s="{number}">')
        for piece in parts:
            if isinstance(piece, str):
                found.append(escaped(piece))
            elif piece.rows:
                found.append(_mark(piece, kinds))
            else:
                found.append(f'<span class="w">{escaped(piece.text)}</span>')
        if number:
            found.append("</span>")
    found.append("</p>")


def _mark(piece: Piece, kinds: Mapping[str, str]) -> str:
    """Return a piece that is set off, with the ids that begin in it."""
    rows, facts, anchors = piece.rows, piece.facts, piece.anchors
    looks = f"{'w ' * piece.hidden}m {' '.join(piece.kinds)}{' end' * piece.ends}"
    # The ids of rows are made of letters that need no escaping.
    anchor = f' id="{anchors[0]}"' if anchors else ""
    numbers = f' data-n="{"、".join([str(row.number) for row in facts])}"' if facts else ""
    more = "".join([f'<span id="{one}"></span>' for one in anchors[1:]])
    return (
        f'<a class="{looks}"{anchor} href="#r-{rows[0]}" data-f="{" ".join(rows)}"{numbers}'
        f' title="{escaped(_title(piece, kinds))}">{more}{escaped(piece.text)}</a>'
    )


def _title(piece: Piece, kinds: Mapping[str, str]) -> str:
    facts = [f"{row.fact.indicator}　{row.fact.year}年{kinds[row.fact.kind.value]}　{row.value}" for row in piece.facts]
    opens = [f"{kinds['open']}：{row.noun}" if row.noun else kinds["open"] for row in piece.opens]
    return "".join(["；".join(facts), *opens, *(row.message for row in piece.checks)])
