"""The ledger as tables for programs: one row a measure and tier, with both facts, the status and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from compiler.facts.written_tables import Row, table_csv, table_jsonl
from compiler.ledger.judge import JUDGED, Status, Terms
from compiler.ledger.rows import Ledger, LedgerRow, MeasureEntry, place_key
from compiler.model import CompiledReport, Fact, LedgerRules, Tier

COLUMNS: Final = (
    *("place", "place_code", "place_level", "year", "indicator", "indicator_id", "theme", "measure", "tier"),
    *("target_low", "target_high", "target_bound", "target_unit", "target_text"),
    *("result_low", "result_high", "result_bound", "result_unit", "result_note"),
    *("difference", "difference_unit", "difference_text", "status", "status_word", "reason", "estimate", "remarks"),
    *("target_doubt", "result_doubt", "target_quote", "result_quote", "target_fact", "result_fact"),
)
"""The columns of ``ledger.csv``.

``difference`` is the number that ``difference_text`` tells (percent of the target, or points), in ``difference_unit``.
``status`` is a code of ``ledger.yaml``. A row of tier stretch is met or missed by itself and counts in no total.
"""


_NO_FIGURE: Final = (None, None, "", "", "")


def ledger_csv(ledger: Ledger, reports: Sequence[CompiledReport], rules: LedgerRules, *, head: bool = True) -> bytes:
    """Return the ledger of the places of ``reports`` as CSV (UTF-8 with BOM)."""
    return table_csv(COLUMNS, ledger_rows(ledger, reports, rules), head=head)


def ledger_jsonl(ledger: Ledger, reports: Sequence[CompiledReport], rules: LedgerRules) -> bytes:
    """Return the ledger as JSON, one object a line; figures are JSON numbers with the exact digits."""
    return table_jsonl(COLUMNS, ledger_rows(ledger, reports, rules))


def ledger_rows(ledger: Ledger, reports: Sequence[CompiledReport], rules: LedgerRules) -> Iterator[Row]:
    """Yield the rows: places in the order of their codes, then years, rules, measures; base before stretch."""
    terms = Terms.of(rules)
    places = {place_key(report): report.identity for report in reports}
    rows = (row for key in places_in_order(reports) for row in ledger.rows_of(key))
    for row in rows:
        identity = places[row.place_key]
        own = (
            row.place,
            identity.place_code,
            identity.place_level,
            row.year,
            row.indicator,
            row.indicator_id,
            row.theme,
        )
        estimate = row.estimate.text if row.estimate else ""
        told = (own, (estimate, terms.word("remark.separator").join(row.remarks)))
        if not row.measures:  # the report's own words alone
            yield _line(row, None, None, None, row.status, terms, told)
        for entry in row.measures:
            base = entry.target or entry.words
            if base is not None or entry.result is not None:
                yield _line(row, entry, base, entry.result, _status(row, entry), terms, told)
            if entry.stretch is not None:
                met = {True: Status.MET, False: Status.MISSED, None: Status.NOT_JUDGED}[entry.stretch_met]
                status = met if entry.result is not None else entry.verdict.status
                yield _line(row, entry, entry.stretch, entry.result, status, terms, told)


def places_in_order(reports: Iterable[CompiledReport]) -> list[str]:
    """Return the keys of the places in the order of the tables: that of their codes, those without one last."""
    codes = {place_key(report): report.identity.place_code for report in reports}
    return sorted(codes, key=lambda key: (codes[key] or "9", key))


def _status(row: LedgerRow, entry: MeasureEntry) -> Status:
    """Return the status of one measure: its own verdict, else what holds for the row."""
    status = entry.verdict.status
    if row.status is Status.MISSED_OWN and status is not Status.MISSED:
        return row.status
    if status not in JUDGED and row.status is Status.OTHER_MEASURE:
        return row.status
    if status is Status.NOT_FOUND and row.status is Status.WORDS and entry.words is not None:
        return row.status  # aimed at in words, told as an amount
    return status


def _line(
    row: LedgerRow,
    entry: MeasureEntry | None,
    target: Fact | None,
    result: Fact | None,
    status: Status,
    terms: Terms,
    told: tuple[Row, Row],
) -> Row:
    """Return a row of the table; ``told`` is what all measures of the ledger's row share, before and behind theirs."""
    verdict = entry.verdict if entry is not None and (target is None or target.tier is Tier.BASE) else None
    reason = verdict.reason if verdict is not None and verdict.reason else row.reason if status not in JUDGED else ""
    if status is Status.MISSED_OWN:
        reason = row.reason
    own, remarks = told
    unit = _difference_unit(entry, target, terms) if verdict is not None and verdict.number else ""
    missing = row.missing if status in (Status.NO_TARGET, Status.NO_RESULT, Status.NOT_FOUND) else ""
    return (
        *own,
        entry.measure if entry is not None else "",
        target.tier if target is not None else Tier.BASE,
        *((target.low, target.high, target.bound, target.unit, target.text) if target is not None else _NO_FIGURE),
        *(
            (result.low, result.high, result.bound, result.unit, result.status_note)
            if result is not None
            else _NO_FIGURE
        ),
        *((verdict.number, unit, verdict.text) if verdict is not None else (None, "", "")),
        status,
        terms.status(status),
        reason or missing,
        *remarks,
        target.doubt if target is not None else "",
        result.doubt if result is not None else "",
        target.quote if target is not None else "",
        result.quote if result is not None else "",
        target.id if target is not None else "",
        result.id if result is not None else "",
    )


def _difference_unit(entry: MeasureEntry | None, target: Fact | None, terms: Terms) -> str:
    if entry is None or target is None:
        return ""
    return "%" if entry.verdict.outcome == "compared.percent" else entry.verdict.unit or terms.point(target)
