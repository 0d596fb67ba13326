"""The names that columns of ``templates/workbook.yaml`` may choose, by kind of sheet.

They stand apart from the functions behind them (:mod:`column_values`, :mod:`task_sheet`, :mod:`detail_sheet`) because
the template must be checked before anything is computed; a test says that both agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_RESULTS: Final = (
    *("number", "place", "report_year", "theme", "indicator", "unit"),
    *("last_target_amount", "last_target_growth", "last_target_stretch", "last_result_amount", "last_result_growth"),
    *("target_amount", "target_growth", "target_stretch", "compared", "status", "step", "implied", "nature"),
    *("data_nature", "remarks", "print_remarks", "basis", "target_words", "told_rank", "rule_note", "indicator_id"),
)

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "results": _RESULTS,
    "print": _RESULTS,
    "blocks": (
        *("place", "report_year", "result_amount", "result_growth", "result_amount_rank", "result_growth_rank"),
        *("target_amount", "target_growth", "target_words", "target_amount_rank", "target_growth_rank"),
    ),
    "tasks": (
        *("number", "place", "report_year", "heading", "path", "sentence", "quantified", "indicator", "target", "unit"),
        *("lead", "support", "due", "rate", "pace", "judgement", "goal", "way", "basis", "id"),
    ),
    "summary": (
        *("name", "total", "done", "done_share", "ahead", "ahead_share", "on", "on_share", "behind", "behind_share"),
        "open",
    ),
    "checks": (
        *("number", "check_kind", "severity", "code", "place", "indicator", "value_a", "basis_a", "value_b"),
        *("basis_b", "difference", "message", "advice", "source", "id"),
    ),
    "evidence": (
        *("id", "place", "report_year", "report_name", "part", "heading", "paragraph", "sentence", "quote"),
        *("indicator", "value", "rule", "span", "source", "back"),
    ),
    "spans": (
        *("number", "place", "report_year", "kind", "theme", "indicator", "measure", "years", "total", "figure"),
        *("rank", "comparison", "sentence", "quote", "heading", "basis", "id"),
    ),
    "uncovered": (
        *("number", "place", "report_year", "part", "raw", "noun", "unit", "count", "sentence", "heading"),
        *("paragraph", "reason", "source"),
    ),
    "passages": (*("number", "place", "report_year", "section", "part", "heading", "paragraph", "text", "source"),),
    "detail": (
        *("id", "place", "place_code", "place_level", "report_year", "year", "kind", "indicator", "indicator_id"),
        *("theme", "measure", "low", "high", "bound", "unit", "tier", "text", "raw", "modifier", "status_note"),
        *("quote", "source", "report", "start", "end", "heading", "paragraph", "rule", "printed_name"),
    ),
    "rules": (
        *("number", "id", "name", "theme", "unit", "aliases", "direction", "measures", "nature", "examples"),
        *("hits", "note", "file"),
    ),
}
