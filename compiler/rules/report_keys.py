"""The keys of ``reports.yaml``: place and year of reports by hand. It lies beside the reports, not among the rules."""

from __future__ import annotations

from typing import Final

from compiler.rules.keys import FORMAT_KEY
from compiler.rules.shapes import Key, ListOf, Record, Text, Whole

REPORT: Final = Record(
    (
        Key(
            "file",
            Text(400),
            "文件",
            "报告的文件名；在下一层文件夹或压缩包里的，前面写上它们的名字和 /。",
            "云川报告.docx",
            required=True,
        ),
        Key(
            "number",
            Whole(1, 9999),
            "第几份",
            "一个文件里有几份报告时，说的是第几份，从 1 数起。",
            "2",
            "文件里的每一份",
        ),
        Key("place", Text(40), "地区", "报告是哪个地区的，写全称。", "锦州市古塔区", "看报告里怎么说"),
        Key("year", Whole(1949, 9999), "报告年度", "报告安排哪一年的工作，就是哪一年。", "2026", "看报告里怎么说"),
    )
)

REPORTS_FILE: Final = Record(
    (
        FORMAT_KEY,
        Key(
            "reports",
            ListOf(REPORT, unique=False),
            "报告",
            "地区、年度要手工改正的报告，一条一份；别的报告不用写。",
            "[{file: 云川报告.docx, place: 云川市, year: 2026}]",
            required=True,
        ),
    )
)
