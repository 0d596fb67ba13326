"""Place and year by hand: an entry of ``reports.yaml`` is put in, changed and taken away; every other line stays."""

from __future__ import annotations

import pytest

from compiler.model import CompiledReport, Identity
from compiler.studio.identities import _edited


def report(source: str = "甲.txt", number: int = 1) -> CompiledReport:
    identity = Identity("云川市", "", "地级", 2017)
    return CompiledReport(source, number, identity, (0, 1), (), (), (), (), (), (), 0)


PUT = {"file": "甲.txt", "year": "2018"}
TWO = "reports: [{file: 甲.txt, year: 2016}, {file: 乙.txt, year: 2016}]"
OTHER = "reports: [{file: 乙.txt, year: 2016}]"
BLOCK = "# 上面\nreports:\n  - {file: 乙.txt, year: 2016}  # 乙的\n  # 下面\n"


@pytest.mark.parametrize(
    ("text", "entry", "wanted"),
    [
        ("reports:\n", PUT, "reports:\n  - {file: 甲.txt, year: 2018}\n"),
        ("reports: []\n", PUT, "reports:\n  - {file: 甲.txt, year: 2018}\n"),
        ("# 说明\n", PUT, "# 说明\nreports:\n  - {file: 甲.txt, year: 2018}\n"),
        (BLOCK, PUT, BLOCK.replace("  # 下面", "  - {file: 甲.txt, year: 2018}\n  # 下面")),
        (
            "reports:\n- file: 甲.txt\n  year: 2016\n\n- {file: 乙.txt, year: 2016}\n",
            PUT,
            "reports:\n- {file: 甲.txt, year: 2018}\n\n- {file: 乙.txt, year: 2016}\n",
        ),
        (OTHER, PUT, OTHER.replace("]", ", {file: 甲.txt, year: 2018}]")),
        (BLOCK.replace("乙.txt", "甲.txt"), None, "# 上面\nreports: []\n  # 下面\n"),
        (BLOCK + "  - {file: 甲.txt, year: 2016}\n", None, BLOCK),
        (TWO, None, OTHER),
        (OTHER.replace("]", ", {file: 甲.txt}]"), None, OTHER),
        (BLOCK, None, BLOCK),
    ],
)  # fmt: skip
def test_one_entry_changes(text: str, entry: dict[str, str] | None, wanted: str) -> None:
    assert _edited(text, report(), entry) == wanted


def test_another_report_of_the_file_is_another_entry() -> None:
    text = "reports:\n  - {file: 甲.txt, number: 2, year: 2016}\n"
    assert _edited(text, report(), {"file": "甲.txt", "number": "1", "year": "2018"}).count("file:") == 2
    assert "2016" not in _edited(text, report(number=2), {"file": "甲.txt", "number": "2", "year": "2018"})
