"""``build.json`` is written as Python's own encoder writes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compiler.facts.written_tables import build_json

RECORDS: list[dict[str, Any]] = [
    {},
    {"空": {}, "none": [], "tuple": ()},
    {"text": '引号" 反斜\\ 换行\n 控制\x01 中文', "int": -3, "float": 1.5, "yes": True, "no": False, "nothing": None},
    {"list": [1, "二", None, [2, [3]], {"a": {"b": ()}}], "tuple": (1, {"x": "y"})},
    {"deep": [{"fields": {"count": "1"}, "facts": ["甲", "乙"], "where": {"line": 2}}], '"key"\n': 0},
]


@pytest.mark.parametrize("content", RECORDS)
def test_a_record_is_written_as_by_the_encoder(content: dict[str, Any]) -> None:
    assert build_json(content) == (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
