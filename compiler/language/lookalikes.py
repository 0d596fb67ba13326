"""What only looks like a figure: names with digits, idioms, codes, years, numbers of documents and of list items.

Words that refuse what is a figure are guards (:mod:`guards`).
"""

from __future__ import annotations

from collections.abc import Callable

from compiler.language.figure_grammar import LARGE, NUMERAL_SIGNS, FigureGrammar
from compiler.language.printed_numbers import Number
from compiler.model import Form
from compiler.numbers import ASCII_DIGITS, BARE_MAGNITUDE, POINT
from compiler.strings import is_han

_LONGEST_RUN = 6
"""Digits of a number without a unit; longer ones are telephone and account numbers."""

_YEAR_DIGITS, _CENTURIES = 4, ("19", "20")
_ENUMERATOR_DIGITS = 2
_CODE_BEFORE, _CODE_AFTER = frozenset("_-./@#"), frozenset("_/@#")


def after_fixed_name(grammar: FigureGrammar, text: str, start: int) -> int:
    """Return the end of a name or idiom around the numeral at ``start``, or 0."""
    for offset, starts, pattern in grammar.fixed:
        if offset > start or text[start - offset] not in starts:
            continue
        match = pattern.match(text, start - offset)
        if match is None:
            continue
        end = match.end()
        last, following = text[end - 1], text[end : end + 1]
        if _cut_word(last, following):
            continue
        if last in ASCII_DIGITS and following.isdigit() and offset == 0:
            continue
        return end
    return 0


def is_ordinal(grammar: FigureGrammar, text: str, start: int) -> bool:
    """Tell whether a number at ``start`` counts in order or numbers a document: 第3, 〔2015〕12."""
    if text[start - 1 : start] not in grammar.order_signs:
        return False
    if grammar.ordinals.at(text, start) and not grammar.not_ordinals.at(text, start):
        return True
    return bool(grammar.documents.at(text, start))


def counts(grammar: FigureGrammar, text: str, number: Number, floor: int, ranged: bool = False) -> bool:
    """Tell whether a number in Chinese numerals is a figure rather than part of a name or an idiom.

    A hedge before it may reach back to ``floor``, ``ranged`` says that it ends a range.
    """
    if not number.chinese:
        return True
    numeral = number.text
    if number.form is not Form.AMOUNT:
        return True
    unit = number.unit[len(number.magnitudes) :] if number.unit.startswith(number.magnitudes) else number.unit
    words = (number.printed, unit)
    if not grammar.time_units.isdisjoint(words):
        return False
    if not (number.inside or grammar.ordinal_units.isdisjoint(words)):
        return False
    if BARE_MAGNITUDE.fullmatch(numeral):
        return _bare_magnitude_counts(grammar, text, number, unit, floor)
    following = text[number.end : number.end + 1]
    if len(numeral) == 1 and not number.magnitudes:
        if numeral in "一二零〇" or not number.printed:
            return False
        if following and (following in NUMERAL_SIGNS or following in ASCII_DIGITS):
            return False  # 五个一, 两个100%
        if grammar.not_counted.match(text, number.end):
            return False
        return numeral == "十" or number.inside != "" or grammar.loose_units.isdisjoint(words)
    if number.printed or number.inside or ranged:
        return True
    # 一万五千贫困人口: a whole number by itself; 十九大 and 二十条 are names.
    return any(character in numeral for character in "百千万亿") and following != POINT


def _bare_magnitude_counts(grammar: FigureGrammar, text: str, number: Number, unit: str, floor: int) -> bool:
    """近百场 and 突破千亿元 are figures; 亿元以上项目 and 千万美元企业 are thresholds in a name."""
    if number.inside:
        return True
    if not number.printed and number.text[-1] not in LARGE:
        return False
    if grammar.hedge_before(text, number.start, floor):
        if number.printed and unit not in grammar.threshold_units:
            return True
    elif not number.printed or number.text in tuple(LARGE) or not grammar.reaches.at(text, number.start):
        return False  # 产值达到千亿元 is a figure; of 收入达到亿元 the digits are lost
    following = text[number.end : number.end + 1]
    return not is_han(following) or grammar.milestones.match(text, number.end) is not None


# --- signs of a name ---------------------------------------------------------------------------


def _cut_word(ending: str, following: str) -> bool:
    """Tell whether the last letter of a word goes on behind it: 5GW is not 5G."""
    return ending.isascii() and ending.isalpha() and following.isascii() and following.isalpha()


def _has_name_suffix(grammar: FigureGrammar, text: str, number: Number) -> bool:
    tail = number.start + len(number.text)
    suffix = grammar.suffix.match(text, tail)
    if suffix is None:
        return False
    unit = grammar.unit_only.match(text, tail)
    whole = unit is None or unit.end() <= suffix.end()
    return whole and not _cut_word(suffix.group()[-1], text[suffix.end() : suffix.end() + 1])


def _has_unit_in_name(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return bool(number.magnitudes or number.printed) and grammar.unit_suffix.match(text, number.end) is not None


def _is_within_code(grammar: FigureGrammar, text: str, number: Number) -> bool:
    before, after = text[number.start - 1 : number.start], text[number.end : number.end + 1]
    return (before.isascii() and (before.isalnum() or before in _CODE_BEFORE)) or (
        after.isascii() and (after.isalnum() or after in _CODE_AFTER)
    )


def _is_known_code(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return number.text in grammar.code_names


def _is_nothing(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return not number.text.strip("0.．,")


def _is_too_long(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return number.text.isdigit() and len(number.text) > _LONGEST_RUN


def _begins_with_zero(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return number.text.isdigit() and len(number.text) > 1 and number.text[0] == "0"


def _is_year(grammar: FigureGrammar, text: str, number: Number) -> bool:
    return number.text.isdigit() and len(number.text) == _YEAR_DIGITS and number.text.startswith(_CENTURIES)


def _is_enumerator(grammar: FigureGrammar, text: str, number: Number) -> bool:
    """Tell whether a number only counts the items of a list: 1. … （2）…"""
    if not number.text.isdigit():
        return False
    before, after = text[number.start - 1 : number.start], text[number.end : number.end + 1]
    if before in ("（", "(") and after in ("）", ")"):
        return True
    if before == "…":
        return True  # the page number in a table of contents
    opens = before in ("", "\n", "。", "；") or before.isspace() or (before == "：" and after in (".", "．"))
    return opens and len(number.text) <= _ENUMERATOR_DIGITS and after != "" and after in ".．、)）"


_Sign = Callable[[FigureGrammar, str, Number], bool]
_BARE_SIGNS: tuple[_Sign, ...] = (
    _is_within_code,
    _is_known_code,
    _is_nothing,
    _is_too_long,
    _begins_with_zero,
    _is_year,
    _is_enumerator,
)
"""What shows digits without a unit to be a name, a code or a year."""


def is_name(grammar: FigureGrammar, text: str, number: Number) -> bool:
    """Tell whether a number is part of a name, a code or a year."""
    if _has_name_suffix(grammar, text, number) or _has_unit_in_name(grammar, text, number):
        return True
    return number.bare and not number.chinese and any(sign(grammar, text, number) for sign in _BARE_SIGNS)
