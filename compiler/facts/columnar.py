"""Tables as Parquet, typed, for economists and data bases (extra ``[data]``: pyarrow).

The same rows as the CSV tables. What a column is follows from its name, so that an empty table has the same schema
as a full one, and files of several builds can be read as one.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow

#: Figures: exact decimals, 26 digits before the point and 12 behind it (conversions keep 12 significant digits).
DECIMALS: Final = frozenset({"low", "high", "difference", "target_low", "target_high", "result_low", "result_high"})

INTEGERS: Final = frozenset(
    {"report_year", "year", "from_year", "report", "start", "end", "paragraph", "page", "sentence", "figures", "number"}
)

#: Columns of few different values: stored once each, and read as categories.
CATEGORIES: Final = frozenset(
    {
        *("place", "place_code", "place_level", "kind", "indicator", "indicator_id", "theme", "measure", "bound"),
        *("unit", "tier", "total", "source", "rule", "status", "status_word", "target_bound", "result_bound"),
        *("target_unit", "result_unit", "difference_unit"),
    }
)

_PRECISION, _SCALE = 38, 12


def is_available() -> bool:
    """Tell whether pyarrow is installed."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def column_types(columns: Sequence[str]) -> pyarrow.Schema:
    """Return the types of a table's columns."""
    import pyarrow as pa

    def of(name: str) -> Any:
        if name in DECIMALS:
            return pa.decimal128(_PRECISION, _SCALE)
        if name in INTEGERS:
            return pa.int32()
        return pa.dictionary(pa.int32(), pa.string()) if name in CATEGORIES else pa.string()

    return pa.schema([pa.field(name, of(name)) for name in columns])


def table_parquet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a Parquet file; an empty text is null, a figure the exact decimal.

    Raises:
        ImportError: pyarrow is not installed (:func:`is_available` tells).
    """
    import pyarrow as pa
    from pyarrow import parquet

    kinds = column_types(columns)
    gathered: dict[str, list[object]] = {name: [] for name in columns}
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            gathered[name].append(_value(name, value))
    table = pa.table({name: pa.array(gathered[name], kinds.field(name).type) for name in columns}, schema=kinds)
    stream = io.BytesIO()
    parquet.write_table(table, stream, compression="zstd", version="2.6")
    return stream.getvalue()


def _value(name: str, value: object) -> object:
    if value is None or value == "":
        return None
    if name in DECIMALS:
        from decimal import Decimal

        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return number.quantize(Decimal(1).scaleb(-_SCALE)) if number.as_tuple().exponent < -_SCALE else number  # type: ignore[operator]
    if name in INTEGERS:
        return int(str(value))
    return str(value)
