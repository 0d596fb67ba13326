"""The text of a report as HTML, every figure a link to its row: what ``blocks|article(kinds)`` writes into a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from compiler.evidence.page_pieces import Piece, ShownParagraph
from compiler.rules.sandbox import Html, escaped


def article(blocks: Iterable[ShownParagraph], kinds: Mapping[str, str]) -> Html:
    """Return the blocks of a report one behind the other, nothing between them: their text is the source's.

    ``kinds`` are the words for result, target, open and check, as they stand in the title of a figure.
    """
    listed = [*blocks]
    text = "".join([piece.text for block in listed for run in block.runs for piece in run.pieces])
    # Hardly a report holds what has to be escaped; asked once, it need not be asked of each of its thousand pieces.
    shown = escaped if escaped(text) != text else str
    return Html("".join([html for block in listed for html in _block(block, kinds, shown)]))


def _block(block: ShownParagraph, kinds: Mapping[str, str], shown: Callable[[str], str]) -> Iterator[str]:
    """Yield a paragraph; ``shown`` makes HTML of the text of a piece."""
    if block.before:
        yield f'<span class="w">{escaped(block.before)}</span>'
    if not block.runs:
        return
    level = f" level{block.level}" if block.level else ""
    heading = f' id="{block.anchor}" role="heading" aria-level="{block.level + 1}"' if block.anchor else ""
    yield f'<p class="{block.kind}{level}"{heading}>'
    for run in block.runs:
        if run.number:
            yield f'<span class="s" data-s="{run.number}">'
        for piece in run.pieces:
            if piece.facts or piece.opens or piece.checks:
                yield _mark(piece, kinds, shown)
            elif piece.hidden:
                yield f'<span class="w">{shown(piece.text)}</span>'
            else:
                yield shown(piece.text)
        if run.number:
            yield "</span>"
    yield "</p>"


def _mark(piece: Piece, kinds: Mapping[str, str], shown: Callable[[str], str]) -> str:
    """Return a piece that is set off, with the ids that begin in it."""
    rows = piece.rows
    looks = f"{'w ' * piece.hidden}m {' '.join(piece.kinds)}{' end' * piece.ends}"
    # The ids of rows are made of letters that need no escaping.
    anchor = f' id="{piece.anchors[0]}"' if piece.anchors else ""
    numbers = f' data-n="{"、".join([str(row.number) for row in piece.facts])}"' if piece.facts else ""
    more = "".join([f'<span id="{one}"></span>' for one in piece.anchors[1:]])
    return (
        f'<a class="{looks}"{anchor} href="#r-{rows[0]}" data-f="{" ".join(rows)}"{numbers}'
        f' title="{escaped(_title(piece, kinds))}">{more}{shown(piece.text)}</a>'
    )


def _title(piece: Piece, kinds: Mapping[str, str]) -> str:
    facts = [f"{row.fact.indicator}　{row.fact.year}年{kinds[row.fact.kind.value]}　{row.value}" for row in piece.facts]
    opens = [f"{kinds['open']}：{row.noun}" if row.noun else kinds["open"] for row in piece.opens]
    return "".join(["；".join(facts), *opens, *(row.message for row in piece.checks)])
