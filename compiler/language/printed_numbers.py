"""One number as printed, with its magnitudes and unit, at one place of a text; and two of them as a range."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from compiler.language.figure_grammar import LARGE, MAGNITUDE, NUMERAL_SIGNS, FigureGrammar
from compiler.language.unit_conversion import resolve_unit
from compiler.model import Form, Lexicon
from compiler.numbers import (
    ASCII_DIGITS,
    DIGITS,
    MAGNITUDES,
    decimal_of,
    digits_value,
    number_value,
    numeral_value,
)


class Number(NamedTuple):
    """A number with its unit as matched at one place, before it is known to be a figure."""

    start: int
    end: int
    text: str
    value: Decimal
    magnitudes: str
    inside: str
    printed: str
    unit: str
    form: Form
    chinese: bool

    @property
    def bare(self) -> bool:
        """Whether neither a unit nor a magnitude nor an inner hedge is printed."""
        return not (self.printed or self.magnitudes or self.inside) and self.form is Form.AMOUNT


def number_at(grammar: FigureGrammar, text: str, start: int) -> Number | None:
    """Return the number with its unit at ``start``, None where none is well formed."""
    character = text[start : start + 1]
    if not character:
        return None
    chinese = character not in ASCII_DIGITS
    if chinese and character not in NUMERAL_SIGNS:
        return None
    match = (grammar.numeral_with_unit if chinese else grammar.digits).match(text, start)
    if match is None and chinese:
        match = grammar.numeral_without_unit.match(text, start)
    if match is None:
        return None
    printed_number, chain = match[1], match[2]
    if text[match.end(1) : match.end(1) + 1] in grammar.tenth_starts:
        tenth = grammar.tenths.match(text, start)
        if tenth is not None:
            return _tenths(grammar, tenth, chinese)
    if match[6] is not None:
        leading, inside, trailing, printed = match[3], match[4], match[5], match[6]
    else:
        (leading, inside, trailing), printed = match.groups()[-3:], ""
    magnitudes = (leading or "") + (trailing or "")
    if chinese:
        value = numeral_value(printed_number)
        if value is None:
            return None
        own = _trailing_magnitudes(printed_number)
        if own and not (leading and not inside):
            value, magnitudes = _divided(value, _size(own)), own + magnitudes
    elif chain:
        value = _chained(printed_number, chain, leading or "")
        if value is None:
            # Not one number after all (5万3个…): read the first one alone.
            return _first_of_chain(start, printed_number, chain)
    else:
        value = digits_value(printed_number)
    unit = magnitudes
    form = Form.AMOUNT
    if printed:
        name, form = grammar.unit(printed)
        unit = magnitudes + name
        if form is not Form.AMOUNT and magnitudes:
            value, unit = value * _size(magnitudes), name
    return Number(
        start, match.end(), printed_number + chain, value, magnitudes, inside or "", printed, unit, form, chinese
    )


def _tenths(grammar: FigureGrammar, match: re.Match[str], chinese: bool) -> Number | None:
    """Return 三成 as 30 percent, 两成五 as 25."""
    value = number_value(match[1])
    if value is None:
        return None
    value = value * 10 + (DIGITS[match[2]] if match[2] else 0)
    printed = match[0][len(match[1]) :]
    percent = grammar.percent
    return Number(match.start(), match.end(), match[1], value, "", "", printed, percent, Form.PERCENT, chinese)


def _first_of_chain(start: int, printed_number: str, chain: str) -> Number:
    magnitudes = re.match(f"{MAGNITUDE}+", chain)
    own = magnitudes.group() if magnitudes is not None else ""
    end = start + len(printed_number) + len(own)
    value = digits_value(printed_number)
    return Number(start, end, printed_number, value, own, "", "", own, Form.AMOUNT, False)


def _trailing_magnitudes(numeral: str) -> str:
    """Return the 万, 亿 or 万亿 that ends a Chinese number and is printed as part of its unit."""
    return numeral[len(numeral.rstrip(LARGE)) :]


def _chained(first: str, chain: str, last: str) -> Decimal | None:
    """Return the value of 3亿5000(万) in the last magnitude, None where the magnitudes do not fall."""
    if not first.isdigit() or (not last and len(chain) - len(chain.rstrip("0123456789")) < 3):
        return None  # 5万3个乡镇 is two numbers
    pieces = re.findall(rf"({MAGNITUDE}+)([0-9]+)", chain)
    numbers = [first, *(number for _, number in pieces)]
    sizes = [*(_size(magnitude) for magnitude, _ in pieces), _size(last)]
    total = 0
    for index, (number, size) in enumerate(zip(numbers, sizes, strict=True)):
        if index and int(number) * size >= sizes[index - 1]:
            return None
        total += int(number) * size
    return _divided(Decimal(total), sizes[-1])


def low_of_range(first: Number, last: Number, lexicon: Lexicon) -> Decimal | None:
    """Return the lower end of a range in the unit of its upper end, None where the two make no range."""
    if first.printed and first.printed != last.printed and last.printed.startswith(first.printed):
        # 5个—6个百分点
        return first.value if first.magnitudes == last.magnitudes and first.value < last.value else None
    if first.form is not last.form and first.printed:
        return None
    if first.printed and first.form is Form.AMOUNT:
        # 8000万元—1亿元, 300户到500户
        ours, theirs = resolve_unit(lexicon, first.unit), resolve_unit(lexicon, last.unit)
        if not last.printed or ours[0] != theirs[0] or (not ours[0] and first.unit != last.unit):
            return None
        low = first.value if first.unit == last.unit else decimal_of(Fraction(first.value) * ours[1] / theirs[1])
    elif first.magnitudes and last.form is Form.AMOUNT:
        size = _size(first.magnitudes), _size(last.magnitudes)
        low = first.value if size[0] == size[1] else decimal_of(Fraction(first.value) * size[0] / size[1])
    else:
        low = first.value
        if low >= last.value and last.magnitudes and last.form is Form.AMOUNT:
            low = _divided(first.value, _size(last.magnitudes))  # 8000至1万户
    return low if low < last.value else None


def _size(magnitudes: str) -> int:
    size = 1
    for character in magnitudes:
        size *= MAGNITUDES[character]
    return size


def _divided(value: Decimal, by: int) -> Decimal:
    return decimal_of(Fraction(value) / by)
