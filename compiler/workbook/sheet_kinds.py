"""The kinds of sheets that a workbook can have.

A new kind: its word here, its columns in :mod:`column_names`, its rows in :mod:`rows`, what stands in its cells in
:mod:`column_values`, its place in :mod:`write` (``_Builder.plan`` and ``_Builder._write``), its columns and texts in
``templates/workbook.yaml`` and ``templates/README.md``; then ``python -m compiler.app.generated_pages`` for its schema;
the tests tell the order of the sheets. A new column of a sheet is a line of the template where the value is there
already.
"""

from __future__ import annotations

from typing import Final

from compiler.rules.shapes import OneOf

SHEET_KINDS: Final = OneOf(
    (
        ("cover", "说明"),
        ("results", "目标与结果"),
        ("print", "打印表，一份报告一张"),
        ("history", "历年对照"),
        ("compare", "多地对比，一页的矩阵和图"),
        ("blocks", "多地对比的明细，一个指标一块"),
        ("tasks", "任务清单"),
        ("summary", "督查汇总"),
        ("checks", "待核清单"),
        ("evidence", "原文依据"),
        ("spans", "五年与规划"),
        ("uncovered", "没有规则认领的数字"),
        ("passages", "章节摘录"),
        ("detail", "全部事实"),
        ("rules", "规则一览"),
        ("kept", "没有对上的填写"),
    )
)
