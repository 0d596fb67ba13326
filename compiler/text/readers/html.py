"""Web pages: the text that is the page's own, without menus, foot lines and lists of other pages. Also .mht."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compiler.model import Issue
from compiler.strings import squeeze
from compiler.text.limits import Limits
from compiler.text.readers import Decoded, Unreadable, disguised, signature
from compiler.text.readers import text as plain
from compiler.text.readers._blocks import Blocks, raised

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml")

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([-\w]+)""")
_OURS = re.compile(rb"""<meta name="generator" content="report-compiler""")


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NEVER = _tags(
    "head script style noscript template nav header footer aside form button select option input textarea iframe object"
    " svg canvas audio video map menu dialog rt rp del s strike"
)
_BLOCK = _tags(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr legend"
    " li main ol p pre section summary ul"
)
_HEADINGS = ("h1", "h2", "h3")
#: Words in class and id by which pages name what is no text of theirs.
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|footer|foot|header|head|sidebar|aside|breadcrumbs?|crumbs?|position|location|share\w*"
    r"|related|recommend\w*|copyright|toolbar|tools?|pag(?:er|ination|es?)|comments?|search\w*|login|banner|qrcode|print"
    r"|hidden|sr-only)(?:$|[-_\s])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_COLOURED = re.compile(r"background(?!\s*:\s*(?:none|transparent))|bgcolor", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
#: A rule for one class alone; what hides by other ways of choosing is left to the page.
_CLASS_RULE = re.compile(r"(?:^|[},])\s*\.([-\w]+)\s*\{([^{}]*)\}")
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_PARTED = re.compile(r"\s*[-_|–—]\s*")
_BLANK = re.compile(r"[ \t\r\n\f]+")
#: The page's own text holds so many of all sentences; a smaller element would leave some of them out.
_MOST = 0.95


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded | Unreadable:
    """Return the main text of a web page."""
    if suffix in (".mht", ".mhtml"):
        found = _from_archive(data)
        if found is None:
            return disguised(data, suffix)
        data = found
    if signature(data):
        return disguised(data, suffix)
    if _OURS.search(data[:20_000]):
        return Unreadable(Issue("I115", {}), beside=True)
    declared = _CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    decoded = _declared(data, declared[1].decode("ascii")) if declared else None
    if decoded is None:
        told = plain.decode(data, suffix, limits)
        if isinstance(told, Unreadable):
            return told
        decoded = told
    from lxml import etree, html

    try:
        root = html.document_fromstring(
            _XML_DECLARATION.sub("", decoded.text).replace("\x00", ""), parser=html.HTMLParser(no_network=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Unreadable(Issue("I106", {}))
    blocks = Blocks()
    _strip(root)
    main = _main(root)
    title = _title(root, main)
    if title:
        blocks.paragraph(title)
    _Walk(blocks).block(main)
    if not blocks.text().strip() and len(data) > _EMPTY_PAGE:
        return Unreadable(Issue("I170", {}))
    return Decoded(blocks.text(), f"html/{decoded.encoding}", decoded.issues, tables=tuple(blocks.tables))


_EMPTY_PAGE = 200
"""A page of fewer bytes holds nothing at all."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


_WESTERN = re.compile(r"(?:iso[-_]?8859|windows-?125|cp125|latin|us-ascii|ascii)", re.IGNORECASE)


def _declared(data: bytes, charset: str) -> Decoded | None:
    """Return the page decoded as it says itself, ``None`` where it does not fit."""
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(charset.lower(), charset)
    if _WESTERN.match(charset):
        return None  # holds no Chinese, and any bytes fit
    try:
        return Decoded(data.decode(name), charset.lower())
    except (LookupError, UnicodeDecodeError):
        return None


def _from_archive(data: bytes) -> bytes | None:
    """Return the page with the most text of a saved page with its pictures and frames (.mht)."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = []
    for part in message.walk():
        kind = part.get_content_type()
        content = part.get_payload(decode=True) if kind in _PARTS else None
        if isinstance(content, bytes) and (kind != "text/plain" or "MIME-Version" in message):
            charset = part.get_content_charset()
            # The charset of the part counts where the page does not name its own.
            if charset and not _CHARSET.search(content[:4096]):
                content = f'<meta charset="{charset}">'.encode() + content
            pages.append(_AS_PAGE.sub(b"<br>", content) if kind == "text/plain" else content)
    return max(pages, key=_weight, default=None)


_PARTS = ("text/html", "application/xhtml+xml", "text/plain")
_AS_PAGE = re.compile(rb"\n")


def _weight(page: bytes) -> int:
    return sum(byte > 0x7F for byte in page)


# --- what is text ------------------------------------------------------------------------------


def _strip(root: Any) -> None:
    """Take out what is never text: scripts, menus, forms, what is hidden or struck out."""
    whole = _sentences(root)
    hidden = _hidden_classes(root)
    for node in list(root.iter()):
        if node.getparent() is None:
            continue
        if not isinstance(node.tag, str):
            _drop(node)
        elif _is_unseen(node, hidden, whole) or _is_furniture(node, whole):
            node.drop_tree()


def _hidden_classes(root: Any) -> frozenset[str]:
    """Return the classes that the page's own style sheets hide."""
    sheets = "\n".join(node.text_content() for node in root.iter("style"))
    return frozenset(found[1] for found in _CLASS_RULE.finditer(sheets) if _HIDDEN.search(found[2]))


def _is_unseen(node: Any, hidden: frozenset[str], whole: int) -> bool:
    """Tell whether an element is hidden; what holds most of a page's sentences is shown by a script in time."""
    style = node.get("style", "")
    unseen = node.get("hidden") is not None or (style and _HIDDEN.search(style) is not None)
    if not unseen and hidden.isdisjoint(node.get("class", "").split()):
        return False
    return not whole or _sentences(node) * 2 < whole


def _is_white(node: Any, style: str) -> bool:
    """Tell whether a few characters are white on white paper, there to be copied and not to be seen."""
    if not _WHITE.search(style) or node.tag not in ("span", "font", "b", "i", "em"):
        return False
    return not any(
        _COLOURED.search(f"{up.get('style', '')} {' '.join(up.keys())}") for up in (node, *node.iterancestors())
    )


def _drop(node: Any) -> None:
    """Take out a comment and keep the text after it."""
    parent, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _is_furniture(node: Any, whole: int) -> bool:
    if node.tag == "body":
        return False
    if node.tag in _NEVER:
        # <header> within an article holds its title.
        return node.tag != "header" or not any(up.tag in ("article", "main") for up in node.iterancestors())
    style = node.get("style", "")
    if style and (_STRUCK.search(style) or _is_white(node, style)):
        return True
    if node.tag in ("p", "span", "a", "td", "tr", "table", "tbody", "b", "strong", *_HEADINGS):
        return False
    named = f"{node.get('class', '')} {node.get('id', '')}"
    # A page may name its whole content so; what holds most of its sentences is no furniture.
    return bool(_FURNITURE.search(named)) and _sentences(node) * 2 < whole


def _sentences(node: Any) -> int:
    """Return how many sentences a node holds, those within links aside."""
    links: int = sum(link.text_content().count("。") for link in node.iter("a"))
    whole: int = node.text_content().count("。")
    return max(0, whole - links)


def _main(root: Any) -> Any:
    """Return the smallest element that holds nearly all of the page's sentences."""
    body = root.find("body")
    node = root if body is None else body
    total = _sentences(node)
    while True:
        inner = [(_sentences(child), index) for index, child in enumerate(node) if child.tag in _HOLDS]
        most, index = max(inner, default=(0, -1))
        if not total or most < _MOST * total:
            return node
        node = node[index]


_HOLDS = _tags("article center div main section table tbody tr td span font form")


def _title(root: Any, main: Any) -> str:
    """Return the page's title where its text does not begin with it."""
    own = squeeze(main.text_content())[:400]
    titles = [node.text_content() for tag in _HEADINGS for node in root.iter(tag)]
    head = root.find(".//title")
    titles += _PARTED.split(head.text_content())[:1] if head is not None else []
    for title in titles:
        bare = squeeze(title)
        if bare:
            return "" if bare in own else bare
    return ""


class _Walk:
    """Puts the text of an element together, a block a paragraph."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._line: list[str] = []

    def block(self, node: Any) -> None:
        """Add an element and all in it."""
        self._inside(node)
        self._end()

    def _inside(self, node: Any) -> None:
        self._text(node.text, node)
        for child in node:
            tag = child.tag
            if tag == "br":
                self._end()
            elif tag == "table":
                self._end()
                self._table(child)
            elif tag == "sup" or _stands_above(child):
                self._line.append(raised(child.text_content(), "".join(self._line)[-1:]))
            elif tag in _BLOCK or tag in ("tr", "td", "th", "tbody"):
                self._end()
                self._inside(child)
                self._end()
            else:
                self._inside(child)
            self._text(child.tail, node)

    def _text(self, text: str | None, node: Any) -> None:
        if text:
            lines = text.split("\n") if node.tag == "pre" else [_BLANK.sub(" ", text)]
            for index, line in enumerate(lines):
                if index:
                    self._end()
                self._line.append(line)

    def _end(self) -> None:
        line = "".join(self._line).strip(" \t\r\n")
        self._line = []
        if line:
            self._blocks.paragraph(line)

    def _table(self, table: Any) -> None:
        rows, cells = _grid(table)
        if rows:
            self._blocks.table(rows, cells)


def _stands_above(node: Any) -> bool:
    """Tell whether an element is raised by its style, or leads to a note on the same page."""
    if node.tag == "a":
        return str(node.get("href", "")).startswith("#")
    return node.tag in ("span", "font") and _RAISED.search(node.get("style", "")) is not None


def _grid(table: Any) -> tuple[list[list[int]], list[Blocks]]:
    """Return the grid of a table with the index of a cell in each place, and the texts of the cells."""
    rows: list[list[int]] = []
    cells: list[Blocks] = []
    going_on: dict[int, tuple[int, int]] = {}  # column → cell and how many more rows it covers
    for row in _rows(table):
        covered, going_on = going_on, {}
        places: list[int] = []
        for cell in (child for child in row if child.tag in ("td", "th")):
            _covered(places, covered, going_on)
            inner = Blocks()
            _Walk(inner).block(cell)
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    going_on[len(places)] = (len(cells), down - 1)
                places.append(len(cells))
            cells.append(inner)
        _covered(places, covered, going_on)
        rows.append(places)
    width = max(map(len, rows), default=0)
    cells.append(Blocks())
    return [row + [len(cells) - 1] * (width - len(row)) for row in rows], cells


def _covered(places: list[int], covered: dict[int, tuple[int, int]], going_on: dict[int, tuple[int, int]]) -> None:
    """Fill the next places of a row with the cells of rows above that reach down into it."""
    while len(places) in covered:
        index, left = covered[len(places)]
        if left > 1:
            going_on[len(places)] = (index, left - 1)
        places.append(index)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), 256)) if value.isascii() and value.isdecimal() else 1
