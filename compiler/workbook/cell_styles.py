"""How the cells of a workbook look: the styles of its template, by what a cell is for."""

from __future__ import annotations

from dataclasses import replace

from compiler.workbook.template import WorkbookTemplate
from compiler.workbook.xlsx import Book, Style


class CellLooks:
    """The styles of one workbook, by what a cell is for."""

    def __init__(self, book: Book, template: WorkbookTemplate) -> None:
        look = template.look
        self.styles = book.styles
        self.look = look
        self.font = look.get("font", "宋体")
        self.header_font = look.get("header_font", self.font)
        self.title_font = look.get("title_font", self.font)
        self.size = _number(look.get("size", ""), 10)
        self.title_size = _number(look.get("title_size", ""), 16)
        self.border = look.get("border", "A6A6A6")
        self._cells: dict[tuple[str, str, str, bool, bool, bool, bool], int] = {}

    def cell(
        self,
        look: str,
        align: str,
        format_: str,
        *,
        wrap: bool = True,
        linked: bool = False,
        bordered: bool = True,
        top: bool = False,
    ) -> int:
        """Return the style number of a table cell."""
        key = (look, align, format_, wrap, linked, bordered, top)
        known = self._cells.get(key)
        if known is not None:
            return known
        base = Style(
            self.font, self.size, border=self.border if bordered else "", horizontal=align or "left", wrap=wrap
        )
        if top:
            base = replace(base, vertical="top")
        if look in ("number", "words", "estimate"):
            centred = align == "center"
            base = replace(base, horizontal="center" if centred else "right", wrap=look == "words")
            # A little room on the right, so that a figure does not touch the text of the next column.
            if look == "words" and not centred:
                base = replace(base, indent=1)
            elif not centred:
                format_ = f"{format_ or 'General'}_ _ "
        if look == "text" and align == "right":
            base = replace(base, horizontal="left")  # words among figures
        if look == "estimate":
            base = replace(base, italic=True, colour=self.look.get("grey", "808080"))
        if look == "grey":
            base = replace(base, colour=self.look.get("grey", "808080"))
        if look == "entry":
            base = replace(base, fill=self.look.get("entry_fill", "FFFBE6"), unlocked=True)
        if look == "section":
            base = replace(base, font=self.header_font, bold=True, fill=self.look.get("section_fill", "F3F6FA"))
        if look == "link" or linked:
            base = replace(base, colour=self.look.get("link", "1F4E79"))
        if look.startswith("status."):
            base = replace(base, horizontal=align or "center")
        known = self._cells[key] = self.styles.number(replace(base, format=format_ or "General"))
        return known

    def header(self) -> int:
        """Return the style of header cells."""
        return self.styles.number(
            Style(
                self.header_font,
                self.size,
                bold=True,
                colour=self.look.get("header_colour", ""),
                fill=self.look.get("header_fill", "DCE6F1"),
                border=self.border,
                horizontal="center",
                wrap=True,
            )
        )

    def title(self, *, centred: bool) -> int:
        """Return the style of a sheet's title."""
        return self.styles.number(
            Style(self.title_font, self.title_size, bold=True, horizontal="center" if centred else "left")
        )

    def note(self, *, wrap: bool = False, grey: bool = True) -> int:
        """Return the style of notes above and below a table."""
        colour = self.look.get("grey", "808080") if grey else ""
        return self.styles.number(Style(self.font, self.size, colour=colour, horizontal="left", wrap=wrap))

    def link(self) -> int:
        """Return the style of a link outside tables."""
        return self.styles.number(
            Style(self.font, self.size, colour=self.look.get("link", "1F4E79"), horizontal="left", underline=True)
        )

    def plain(self, *, bold: bool = False) -> int:
        """Return the style of text outside tables."""
        return self.styles.number(Style(self.header_font if bold else self.font, self.size, bold=bold))


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default
