"""The names that columns of ``templates/workbook.yaml`` may choose, by kind of sheet.

They stand apart from the functions behind them (``workbook_values.py``) because the template must be
checked before anything is computed; a test says that both agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_RESULTS: Final = (
    *("number", "place", "report_year", "theme", "indicator", "unit"),
    *("last_target_amount", "last_target_growth", "last_target_stretch", "last_result_amount", "last_result_growth"),
    *("target_amount", "target_growth", "target_stretch", "compared", "status", "step", "implied", "nature"),
    *("data_nature", "remarks", "print_remarks", "basis", "target_words", "owner", "rule_note", "indicator_id"),
)

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "results": _RESULTS,
    "print": _RESULTS,
    "compare": (
        *("place", "report_year", "result_amount", "result_growth", "result_rank"),
        *("target_amount", "target_growth", "target_words", "target_rank"),
    ),
    "tasks": (
        *("number", "place", "report_year", "theme", "heading", "sentence", "quote", "indicator", "target", "unit"),
        *("owner", "due", "nature", "basis", "id"),
    ),
    "checks": (
        *("number", "check_kind", "severity", "code", "place", "indicator", "value_a", "basis_a", "value_b"),
        *("basis_b", "difference", "message", "advice", "source", "id"),
    ),
    "evidence": (
        *("id", "place", "report_year", "report_name", "part", "heading", "paragraph", "sentence", "quote"),
        *("indicator", "value", "rule", "span", "source", "back"),
    ),
    "uncovered": (
        *("number", "place", "report_year", "part", "raw", "noun", "sentence", "heading", "paragraph"),
        *("reason", "source"),
    ),
    "passages": (*("number", "place", "report_year", "section", "part", "heading", "paragraph", "text", "source"),),
    "detail": (
        *("id", "place", "place_code", "place_level", "report_year", "year", "kind", "indicator", "indicator_id"),
        *("theme", "measure", "low", "high", "bound", "unit", "tier", "text", "raw", "modifier", "status_note"),
        *("quote", "source", "report", "start", "end", "heading", "paragraph", "rule", "printed_name"),
    ),
    "rules": (
        *("number", "id", "name", "theme", "unit", "aliases", "direction", "measures", "nature", "examples"),
        *("hits", "owner", "note", "file"),
    ),
}
