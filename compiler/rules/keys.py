"""What the keys of rule files and templates are made of: texts, names, lists and the keys that several files have.

Every key of every file is described once, by a shape of :mod:`compiler.rules.shapes`: those of indicators and sections
in :mod:`compiler.rules.indicator_keys`, of the lexicon in :mod:`compiler.rules.lexicon_keys`, of the ledger in
:mod:`compiler.rules.ledger_keys`, of tasks and offices in :mod:`compiler.rules.task_keys`, of ``reports.yaml`` in
:mod:`compiler.rules.report_keys`. From this one description the loader knows what to check
(:class:`compiler.rules.yaml_reader.Reader`), editors get their JSON Schema and readers their tables of keys.
"""

from __future__ import annotations

from typing import Final

from compiler.model import PLACE_LEVELS, Measure, Part
from compiler.rules.shapes import Key, ListOf, OneOf, Record, Shape, Text, Whole

FORMAT: Final = 1
"""The number of the format that this program reads."""

ID: Final = Text(60, "id")

NAME: Final = Text(200, "name")

PATTERN: Final = Text(400, "name")

ONE_PATTERN: Final = Text(400, "name", single=True)

UNIT: Final = Text(20)

WORD: Final = Text(40, "name", single=True)

CUE: Final = Text(400)

SENTENCE: Final = Text(2000, "sentence")

REMARK: Final = Text(500, "sentence")

NAMES: Final = ListOf(PATTERN, longest_first=True)

ONE_NAME_EACH: Final = ListOf(ONE_PATTERN, longest_first=True)

CUES: Final = ListOf(CUE, longest_first=True)

LEVEL: Final = OneOf(tuple((level, f"{level}报告") for level in PLACE_LEVELS))

LEVELS: Final = ListOf(LEVEL)

WORDS: Final = ListOf(Text(100, "name", single=True), lenient=True)

MEASURES: Final = OneOf((("level", "绝对数"), ("growth", "增速"), ("change", "增减量")), Measure)

PARTS: Final = OneOf(
    (
        ("review", "回顾"),
        ("plan", "安排"),
        ("review_span", "多年回顾"),
        ("plan_span", "多年安排"),
        ("other", "其他"),
    ),
    Part,
)

FORMAT_KEY: Final = Key("format", Whole(0, 999), "格式号", "规则文件的格式号，照写 1。", "1", "1")

TODO_KEY: Final = Key(
    "todo", REMARK, "待办", "这个例句眼下还做不到的原因；做到了，check 会提醒把它去掉。", "名称与数字隔着一个分句", "无"
)


def word_list(name: str, title: str, about: str) -> Key:
    """Return the key of a list of words; without it the list is empty."""
    return Key(name, WORDS, title, about, "", "空")


def is_known(record: Record, *path: str) -> bool:
    """Tell whether the mapping at ``path[:-1]`` of a file of this shape has a described key ``path[-1]``."""
    shape: Shape = record
    for name in path:
        key = shape.key(name) if isinstance(shape, Record) else None
        if key is None:
            return False
        shape = key.shape
    return True


LONG_TEXT: Final = Text(2_000)

EXPRESSION: Final = Text(4_000, "code")

ALIGN: Final = OneOf((("left", "靠左"), ("center", "居中"), ("right", "靠右")))

IN_TEXT: Final = "{{ }} 里写值的名字。"

TEMPLATE_FORMAT: Final = Key("format", Whole(0, 999), "格式号", "模板文件的格式号，照写 1。", "1", "1")
