"""Text of pictured pages, recognised by ``rapidocr`` where the extra ``[ocr]`` is installed.

Weighed in November 2026: the wheel of ``rapidocr`` 3.10 ships its models (32 MB: detection, direction, recognition),
so that nothing is fetched while it runs, and with ``onnxruntime`` it reads print with hardly a slip, at some seconds a
page. With all that it needs it takes 350 MB and two seconds to load, so it is an extra, and loaded only when a page
without text is met. What it reads is marked: the encoding ends in ``RECOGNISED``, and every figure of such a report is
in doubt until somebody has compared it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

#: Dots an inch: print of 16 points has letters of 45 dots, the small print of tables still 25.
_DOTS = 200
_POINTS = 72
#: A line that the recogniser itself trusts less than this is a stamp, a smudge or a picture.
_TRUSTED = 0.6


class Recognised(NamedTuple):
    """A line of text on a picture, with its box in dots from the upper left corner, and how sure it is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float


Recogniser = Callable[[Any], Sequence[Recognised]]
"""Takes a bitmap of pdfium and returns the lines on it."""


def is_available() -> bool:
    """Tell whether the extra is installed, without loading it."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recogniser() -> Recogniser | None:
    """Return what recognises text, ``None`` where the extra is not installed."""
    return _load() if is_available() else None


@cache
def _load() -> Recogniser:
    from rapidocr import RapidOCR

    # The model that tells turned lines takes some upright ones for turned, and what it turns is lost.
    engine = RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})

    def recognise(bitmap: Any) -> Sequence[Recognised]:
        found = engine(bitmap.to_numpy())
        if found.boxes is None or found.txts is None:
            return []
        lines = []
        for box, text, sure in zip(found.boxes, found.txts, found.scores, strict=True):
            across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
            lines.append(Recognised(text, min(across), min(down), max(across), max(down), float(sure)))
        return lines

    return recognise


def lines_of(page: Any, recognise: Recogniser) -> tuple[list[Recognised], float]:
    """Return the lines recognised on a page of pdfium in points, y growing upward, and the height of the page."""
    scale = _DOTS / _POINTS
    height = page.get_height()
    bitmap = page.render(scale=scale)
    try:
        found = recognise(bitmap)
    finally:
        bitmap.close()
    return [
        line._replace(
            left=line.left / scale,
            right=line.right / scale,
            top=height - line.top / scale,
            bottom=height - line.bottom / scale,
        )
        for line in found
        if line.sure >= _TRUSTED and line.text.strip()
    ], height
