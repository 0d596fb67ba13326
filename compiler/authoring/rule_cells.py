"""A rule as cells of a table: the columns there are, and each value written into a cell and read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compiler.rules.indicator_keys import INDICATOR
from compiler.rules.keys import MEASURES
from compiler.rules.shapes import Flag, Key, ListOf, OneOf, Record

IN_YAML: Final = "（这一格在 YAML 里改）"
"""Stands in a cell whose content has no safe form in a table; it is left alone when it comes back."""

LONGEST_CELL: Final = 32_000
_BAR: Final = " | "
YES: Final = "是"
NO: Final = "否"
_NONE: Final = "无"
_TODO: Final = "待办："
_YEAR: Final = "年"

Plain = Any
"""What a node holds: text, a list or a dictionary of the like."""


@dataclass(frozen=True, slots=True)
class RuleColumn:
    """A column of the table: the key that it holds (``sane.level`` a part of one) and how it is shown."""

    key: str
    title: str
    about: str
    width: int
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What stands in the first row."""
        return f"{self.title} {self.key}"


_WIDTHS = {
    "id": 24, "name": 24, "unit": 12, "aliases": 40, "phrases": 36, "exclude": 44, "examples": 70,
    "note": 30, "owner": 18, "file": 26, "theme": 12, "measures": 18,
}  # fmt: skip
KEYS: Final = {key.name: key for key in INDICATOR.keys}


def _choices(key: Key) -> tuple[str, ...]:
    if isinstance(key.shape, OneOf):
        return tuple(title for _, title in key.shape.choices)
    return (YES, NO) if isinstance(key.shape, Flag) else ()


def _columns() -> Iterator[RuleColumn]:
    yield RuleColumn("file", "文件", "规则写在哪个文件；新规则写 indicators/ 里的一个文件。", _WIDTHS["file"])
    yield RuleColumn("theme", "主题", "那个文件的主题；只有放进新文件的规则要写。", _WIDTHS["theme"])
    for key in INDICATOR.keys:
        if key.name == "sane":
            for word, title in MEASURES.choices:
                about = f"{title}的合理范围，写成 最小..最大。"
                yield RuleColumn(f"sane.{word}", f"{key.title}：{title}", about, 16)
        else:
            form = _FORMS.get(key.name, "")
            yield RuleColumn(key.name, key.title, f"{key.about}{form}", _WIDTHS.get(key.name, 14), _choices(key))


_LISTS_FORM = "几项之间用“、”；某一项里本来有“、”，就改用“；”，再不行就一行一项。"
_FORMS: Final = {
    **dict.fromkeys(("aliases", "short", "objects", "verbs", "growth_names", "other_units", "not_units"), _LISTS_FORM),
    "measures": "几项之间用“、”。",
    "phrases": "一行一条；要说明口径，就写成 句式 | change。",
    "exclude": "一行一条，写成 词、词 | 原因，要限定范围再加 | 同一句里。",
    "examples": "一行一句，写成 例句 | 回顾 | level = 31.5、growth = 4；一个也不该得到就写 例句 | 回顾 | 无。"
    "后面可以再写是哪一级、哪一年的报告： | 县级 | 2026年。",
}
COLUMNS: Final = tuple(_columns())
BY_KEY: Final = {column.key: column for column in COLUMNS}


class CellError(ValueError):
    """A cell that cannot be read; the text is a hint in Chinese."""


def to_cell(key: str, value: Plain) -> str:
    """Return the value of a rule's key as a cell, :data:`IN_YAML` where no cell would come back as it."""
    try:
        text = _to_cell(key, value)
        good = len(text) <= LONGEST_CELL and (text == "" or from_cell(key, text) == value)
    except (CellError, TypeError, KeyError, AttributeError, ValueError):
        return IN_YAML
    return text if good else IN_YAML


def _to_cell(key: str, value: Plain) -> str:
    if value is None or value == []:
        return ""
    if key == "exclude":
        return "\n".join(_exclusion_text(item) for item in value)
    if key == "examples":
        return "\n".join(_example_text(item) for item in value)
    if key == "phrases":
        return "\n".join(
            item if isinstance(item, str) else f"{item['phrase']}{_BAR}{item['measure']}" for item in value
        )
    shape = KEYS[key].shape if key in KEYS else None
    if isinstance(shape, OneOf):
        return _titled(shape, value)
    if isinstance(shape, Flag):
        return {"true": YES, "yes": YES, "false": NO, "no": NO}[value]
    if isinstance(shape, ListOf):
        item = shape.item
        return _joined([_titled(item, word) if isinstance(item, OneOf) else word for word in value])
    return str(value)


def from_cell(key: str, text: str) -> Plain:
    """Return the value that a cell with content stands for."""
    if key == "exclude":
        return [_exclusion(line) for line in _lines(text)]
    if key == "examples":
        return [_example(line) for line in _lines(text)]
    if key == "phrases":
        return [_phrase(line) for line in _lines(text)]
    shape = KEYS[key].shape if key in KEYS else None
    if isinstance(shape, OneOf):
        return _word_of(shape, text)
    if isinstance(shape, Flag):
        words = {YES: "true", "true": "true", "yes": "true", NO: "false", "false": "false", "no": "false"}
        if text.lower() not in words:
            raise CellError(f"写“{YES}”或“{NO}”")
        return words[text.lower()]
    if isinstance(shape, ListOf):
        items = _parted(text)
        if any("," in item for item in items):
            raise CellError("几项之间用“、”隔开，不用英文逗号")
        return [_word_of(shape.item, item) for item in items] if isinstance(shape.item, OneOf) else items
    if "\n" in text:
        raise CellError("只写一行")
    return text


def _titled(shape: OneOf, word: str) -> str:
    return dict(shape.choices)[word]


def _word_of(shape: OneOf, text: str) -> str:
    for word, title in shape.choices:
        if text in (word, title):
            return word
    raise CellError(f"可以写 {'、'.join(title for _, title in shape.choices)}")


def _joined(items: Sequence[str]) -> str:
    """Join the items of a list with the first mark that stands in none of them."""
    for mark in ("、", "；"):
        if not any(mark in item for item in items):
            # A single item that holds an earlier mark ends with this one, so that it is not parted by that.
            lone = len(items) == 1 and mark == "；"
            return mark.join(items) + (mark if lone else "")
    return "\n".join(items) + ("\n" if len(items) == 1 else "")


def _parted(text: str) -> list[str]:
    mark = "\n" if "\n" in text else "；" if "；" in text else "、"
    return [item.strip() for item in text.split(mark) if item.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _phrase(line: str) -> Plain:
    pattern, bar, measure = line.partition(_BAR)
    return {"phrase": pattern.strip(), "measure": _word_of(MEASURES, measure.strip())} if bar else line


def _shape_of(record: str, key: str) -> OneOf:
    """Return the choices of a key of the records in a list (exclude, examples)."""
    holder = KEYS[record].shape
    assert isinstance(holder, ListOf) and isinstance(holder.item, Record)
    found = holder.item.key(key)
    assert found is not None and isinstance(found.shape, OneOf)
    return found.shape


def _exclusion_text(item: Mapping[str, Plain]) -> str:
    parts = [_joined(item["words"]), item["because"]]
    if "where" in item:
        parts.append(_titled(_shape_of("exclude", "where"), item["where"]))
    return _BAR.join(parts)


def _exclusion(line: str) -> Plain:
    parts = [part.strip() for part in line.split(_BAR)]
    if len(parts) not in (2, 3) or not parts[0] or not parts[1]:
        raise CellError("每行写成 词、词 | 原因，竖线两边各空一格")
    item: dict[str, Plain] = {"words": _parted(parts[0]), "because": parts[1]}
    if len(parts) == 3:
        item["where"] = _word_of(_shape_of("exclude", "where"), parts[2])
    return item


def _example_text(item: Mapping[str, Plain]) -> str:
    under = _titled(_shape_of("examples", "under"), item["under"]) if "under" in item else ""
    parts = [item["text"], under, _joined(item["yields"]) if item["yields"] else _NONE]
    if "at" in item:
        parts.append(item["at"])
    if "year" in item:
        parts.append(f"{item['year']}{_YEAR}")
    if "todo" in item:
        parts.append(f"{_TODO}{item['todo']}")
    return _BAR.join(parts)


def _example(line: str) -> Plain:
    parts = [part.strip() for part in line.split(_BAR)]
    if len(parts) < 3 or not parts[0]:
        raise CellError("每行写成 例句 | 回顾 | level = 31.5，竖线两边各空一格；不该得到数就写 例句 | 回顾 | 无")
    item: dict[str, Plain] = {"text": parts[0]}
    if parts[1]:
        item["under"] = _word_of(_shape_of("examples", "under"), parts[1])
    item["yields"] = [] if parts[2] in (_NONE, "[]", "") else _parted(parts[2])
    levels = _shape_of("examples", "at").words()
    for part in parts[3:]:
        if part in levels:
            item["at"] = part
        elif part.endswith(_YEAR) and part.removesuffix(_YEAR).isdigit():
            item["year"] = part.removesuffix(_YEAR)
        else:
            item["todo"] = part.removeprefix(_TODO)
    return item
