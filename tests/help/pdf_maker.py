"""PDF files made by code: text with or without a meaning, pictures of text, columns, turned pages, passwords.

The font is named and not embedded; what its codes mean stands in a ToUnicode map, as in files of office programs.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
SIZE = 12


@dataclass
class Page:
    """Texts with their places (x and y from the lower left, in points), and what else the page has."""

    texts: list[tuple[float, float, str]] = field(default_factory=list)
    rotate: int = 0
    picture: bool = False
    size: float = SIZE
    mode: int = 0
    width: float = WIDTH
    height: float = HEIGHT
    origin: tuple[float, float] = (0, 0)
    small: list[tuple[float, float, float, str]] = field(default_factory=list)
    """Texts of another size: place, size, text."""
    aslant: list[tuple[float, float, str]] = field(default_factory=list)
    """Texts that run upward by half a right angle."""
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Lines drawn from one place to another."""
    turn: int = 0
    """Right angles that the text is turned to the left by; places are those before."""


def lines_of(text: str, wide: int = 32) -> list[str]:
    """Return a text as lines of so many characters, paragraphs with the first line indented."""
    lines = []
    for paragraph in text.strip().split("\n"):
        paragraph = "　　" + paragraph
        lines.extend(paragraph[at : at + wide] for at in range(0, len(paragraph), wide))
    return lines


def set_in_lines(
    lines: Sequence[str], *, left: float = 72, top: float = HEIGHT - 100, most: int = 30, pitch: float = 22
) -> list[Page]:
    """Return pages with the lines one below the other."""
    pages = []
    for first in range(0, len(lines), most):
        page = Page()
        for number, line in enumerate(lines[first : first + most]):
            page.texts.append((left, top - pitch * number, line))
        pages.append(page)
    return pages


def pdf(pages: Sequence[Page], *, meaning: bool = True, user: str | None = None, owner: str = "owner") -> bytes:
    """Return a PDF. Without ``meaning`` its codes are only glyphs; ``user`` is the password to open it with."""
    texts = [text for page in pages for *_, text in (*page.texts, *page.small, *page.aslant)]
    characters = sorted({c for text in texts for c in text if c not in "　 "})
    codes = {character: number for number, character in enumerate(characters, 1)}
    objects: dict[int, bytes] = {}
    kids = [10 + 3 * number for number in range(len(pages))]
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    shown = " ".join(f"{kid} 0 R" for kid in kids)
    objects[2] = f"<< /Type /Pages /Kids [{shown}] /Count {len(pages)} >>".encode()
    to_unicode = "/ToUnicode 5 0 R" if meaning else ""
    objects[3] = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /Songti /Encoding /Identity-H "
        f"/DescendantFonts [4 0 R] {to_unicode} >>"
    ).encode()
    objects[4] = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Songti /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor 6 0 R >>"
    )
    objects[5] = _stream(_to_unicode(codes))
    objects[6] = (
        b"<< /Type /FontDescriptor /FontName /Songti /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
    )
    for kid, page in zip(kids, pages, strict=True):
        resources = "/Font << /F1 3 0 R >>" + (f" /XObject << /P {kid + 2} 0 R >>" if page.picture else "")
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{_box(page)}] /Rotate {page.rotate} "
            f"/Resources << {resources} >> /Contents {kid + 1} 0 R >>"
        ).encode()
        objects[kid + 1] = _stream(_content(page, codes))
        if page.picture:
            objects[kid + 2] = _stream(
                bytes(64 * 64), "/Type /XObject /Subtype /Image /Width 64 /Height 64 /BitsPerComponent 8 "
                "/ColorSpace /DeviceGray"
            )  # fmt: skip
    return _file(objects, user, owner)


def _box(page: Page) -> str:
    left, bottom = page.origin
    return f"{left} {bottom} {left + page.width} {bottom + page.height}"


_TURNED = ("1 0 0 1 0 0", "0 1 -1 0 {width} 0", "-1 0 0 -1 {width} {height}", "0 -1 1 0 0 {height}")


def _content(page: Page, codes: dict[str, int]) -> bytes:
    matrix = _TURNED[page.turn].format(width=page.width, height=page.height)
    parts = [f"{matrix} cm" if page.turn else ""]
    if any(page.origin):
        parts.append(f"1 0 0 1 {page.origin[0]} {page.origin[1]} cm")
    if page.picture:
        parts.append(f"q {page.width} 0 0 {page.height} 0 0 cm /P Do Q")
    for x, y, text in page.texts:
        while text[:1] in "　 " and text:
            x, text = x + page.size, text[1:]
        shown = "".join(f"{codes[character]:04x}" for character in text if character in codes)
        parts.append(f"BT /F1 {page.size} Tf {page.mode} Tr {x} {y} Td <{shown}> Tj ET")
    for x, y, size, text in page.small:
        shown = "".join(f"{codes[character]:04x}" for character in text)
        parts.append(f"BT /F1 {size} Tf {x} {y} Td <{shown}> Tj ET")
    for x, y, text in page.aslant:
        shown = "".join(f"{codes[character]:04x}" for character in text)
        parts.append(f"BT /F1 {page.size} Tf 0.7071 0.7071 -0.7071 0.7071 {x} {y} Tm <{shown}> Tj ET")
    parts.extend(f"0.7 w {x} {y} m {right} {top} l S" for x, y, right, top in page.lines)
    return "\n".join(parts).encode()


def _to_unicode(codes: dict[str, int]) -> bytes:
    rows = "\n".join(f"<{code:04x}> <{c.encode('utf-16-be').hex()}>" for c, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(codes)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap end end"
    ).encode()


def _stream(data: bytes, more: str = "") -> bytes:
    packed = zlib.compress(data)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {more} >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def _file(objects: dict[int, bytes], user: str | None, owner: str) -> bytes:
    trailer = ""
    if user is not None:
        key, entry = _lock(user, owner)
        objects = {number: _encrypted(number, body, key) for number, body in objects.items()}
        objects[9] = entry
        trailer = f"/Encrypt 9 0 R /ID [<{_ID.hex()}> <{_ID.hex()}>]"
    out = bytearray(b"%PDF-1.5\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start, last = len(out), max(objects)
    out += f"xref\n0 {last + 1}\n0000000000 65535 f \n".encode()
    for number in range(1, last + 1):
        out += f"{places.get(number, 0):010d} {'00000 n' if number in places else '65535 f'} \n".encode()
    out += f"trailer << /Size {last + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


# --- passwords: the standard handler, revision 2 ------------------------------------------------

_ID = bytes(range(16))
_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_PERMISSIONS = -4


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def _lock(user: str, owner: str) -> tuple[bytes, bytes]:
    def padded(password: str) -> bytes:
        return (password.encode() + _PAD)[:32]

    by_owner = _rc4(hashlib.md5(padded(owner)).digest()[:5], padded(user))
    made_of = padded(user) + by_owner + _PERMISSIONS.to_bytes(4, "little", signed=True) + _ID
    key = hashlib.md5(made_of).digest()[:5]
    by_user = _rc4(key, _PAD)
    entry = f"<< /Filter /Standard /V 1 /R 2 /O <{by_owner.hex()}> /U <{by_user.hex()}> /P {_PERMISSIONS} >>"
    return key, entry.encode()


def _encrypted(number: int, body: bytes, key: bytes) -> bytes:
    head, mark, rest = body.partition(b"\nstream\n")
    if not mark:
        return body
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[:10]
    return head + mark + _rc4(own, rest.removesuffix(b"\nendstream")) + b"\nendstream"
