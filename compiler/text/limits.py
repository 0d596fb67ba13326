"""How large an input may be; more than that is refused with a message that names the limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading. A report of a city takes 100 kB of text, 20 pages and a tenth of a second.

    ``size`` is in bytes of a file, ``unpacked`` in bytes of what a compressed file holds, ``characters`` of text in
    one file, ``pages`` of a PDF, ``nesting`` in archives within archives, ``files`` in an archive or a folder,
    ``seconds`` for reading one file and again for compiling it.
    """

    size: int = 50 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    characters: int = 5_000_000
    pages: int = 2_000
    nesting: int = 2
    files: int = 100_000
    seconds: float = 120.0


DEFAULT = Limits()
