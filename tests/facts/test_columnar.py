"""The tables as Parquet: typed, exact, the same rows as the CSV; and the queries of the codebook run on them."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import TOP, build_into

from compiler.facts.columnar import column_types, table_parquet
from compiler.facts.written_tables import COLUMNS
from compiler.ledger.tables import COLUMNS as LEDGER_COLUMNS
from compiler.numbers import decimal_text
from compiler.workspace import sample_files

pytest.importorskip("pyarrow")
duckdb = pytest.importorskip("duckdb")

QUERIES = re.findall(r"```sql\n(.*?)```", (TOP / "docs" / "codebook.md").read_text(encoding="utf-8"), re.S)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of one place and a third report, built with their Parquet files."""
    from compiler.app.options import Output

    out = tmp_path_factory.mktemp("columnar")
    build_into(out, *sample_files()[:3], only=frozenset({Output.FACTS}), parquet=True)
    return out


@pytest.mark.parametrize(("name", "columns"), [("facts", COLUMNS), ("ledger", LEDGER_COLUMNS)])
def test_the_same_rows_as_the_csv(out: Path, name: str, columns: tuple[str, ...]) -> None:
    from pyarrow import parquet

    table = parquet.read_table(out / f"{name}.parquet")
    assert tuple(table.column_names) == columns and table.schema == column_types(columns)
    rows = list(csv.DictReader(io.StringIO((out / f"{name}.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == table.num_rows > 0
    for printed, typed in zip(rows, table.to_pylist(), strict=True):
        for column in columns:
            value = typed[column]
            text = decimal_text(value) if isinstance(value, Decimal) else "" if value is None else str(value)
            assert text == printed[column].removeprefix("'"), column


def test_an_empty_table_has_the_same_types() -> None:
    from pyarrow import parquet

    assert parquet.read_table(io.BytesIO(table_parquet(COLUMNS, []))).schema == column_types(COLUMNS)


def test_figures_stay_exact_and_bytes_the_same(out: Path) -> None:
    rows = [("甲", Decimal("10.35"), 2017), ("", None, 2016)]
    made = table_parquet(("place", "low", "year"), rows)
    assert made == table_parquet(("place", "low", "year"), rows)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_the_queries_of_the_codebook_run(out: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    found = duckdb.sql(query).fetchall()
    assert found, "the query finds nothing in the samples"


def test_the_codebook_has_queries() -> None:
    assert len(QUERIES) == 4
