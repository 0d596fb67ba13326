"""Numerals and exact decimals: the one place where a numeral is read and a decimal is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

MAGNITUDES: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
"""The magnitudes that may stand before a unit; several of them multiply (万亿)."""


SIGNIFICANT_DIGITS = 12
"""How many digits are kept of a figure that no finite decimal can hold."""


_ROUNDING = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_EVEN)


def decimal_of(value: Fraction) -> Decimal:
    """Return ``value`` as a decimal: exactly where it is a finite one, else to 12 significant digits."""
    numerator, denominator = value.numerator, value.denominator
    rest, twos, fives = denominator, 0, 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return _ROUNDING.divide(Decimal(numerator), Decimal(denominator))
    places = max(twos, fives)
    digits = abs(numerator) * 10**places // denominator
    return Decimal((int(numerator < 0), tuple(int(digit) for digit in str(digits)), -places))


ZEROS = "零〇"


DIGITS: Mapping[str, int] = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}


NUMERALS = (*DIGITS, "十", "百", "千", "万", "亿")
"""Every character of a Chinese numeral."""

POINT = "点"


ASCII_DIGITS = frozenset("0123456789")


PLAIN_DIGITS = "一二两三四五六七八九"


_SECTION = re.compile(
    rf"(?:(?P<thousands>[{PLAIN_DIGITS}])千)?"
    rf"(?:[{ZEROS}]?(?P<hundreds>[{PLAIN_DIGITS}])百)?"
    rf"(?:[{ZEROS}]?(?P<tens>[{PLAIN_DIGITS}]?)(?P<ten>十))?"
    rf"(?:(?P<zero>[{ZEROS}])?(?P<ones>[{PLAIN_DIGITS}]))?"
)


BARE_MAGNITUDE = re.compile(r"[百千]?[万亿]{0,2}")


def _section(text: str) -> int | None:
    """Return the value of a numeral below 10000, None where it is not well formed."""
    match = _SECTION.fullmatch(text)
    if match is None or not text:
        return None
    thousands, hundreds, tens, ten, zero, ones = match.group("thousands", "hundreds", "tens", "ten", "zero", "ones")
    value = 1000 * DIGITS[thousands] if thousands else 0
    value += 100 * DIGITS[hundreds] if hundreds else 0
    value += 10 * (DIGITS[tens] if tens else 1) if ten else 0
    if ones:
        # 三百五 is 350, 三百零五 is 305.
        colloquial = 1 if ten or zero else 10 if hundreds else 100 if thousands else 1
        value += colloquial * DIGITS[ones]
    return value


def parse_numeral(text: str) -> int | None:
    """Return the value of a Chinese integer (一万五千, 两千八, 百), None where it is not well formed."""
    if text in DIGITS:
        return DIGITS[text]
    if text and BARE_MAGNITUDE.fullmatch(text):
        value = 1
        for character in text:
            value *= MAGNITUDES[character]
        return value
    for mark in "亿万":
        head, found, tail = text.rpartition(mark)
        if not found:
            continue
        high = parse_numeral(head) if head else None
        if high is None or BARE_MAGNITUDE.fullmatch(head):
            return None
        if not tail:
            return high * MAGNITUDES[mark]
        rest = tail.lstrip(ZEROS)
        low = parse_numeral(rest) if rest and not BARE_MAGNITUDE.fullmatch(rest) else None
        if low is None or low >= MAGNITUDES[mark]:
            return None
        if len(tail) == 1 and low < 10:
            low *= MAGNITUDES[mark] // 10  # 一万五 is 15000
        return high * MAGNITUDES[mark] + low
    return _section(text)


def numeral_value(text: str) -> Decimal | None:
    """Return the value of a Chinese number with or without decimals (六点五)."""
    whole, point, places = text.partition(POINT)
    value = parse_numeral(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value)
    return Decimal(f"{value}.{''.join(str(DIGITS[place]) for place in places)}")


def digits_value(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("．", "."))


def number_value(text: str) -> Decimal | None:
    return digits_value(text) if text[0] in ASCII_DIGITS else numeral_value(text)


def decimal_text(value: Decimal | None) -> str:
    """Write a figure plainly: no exponent, no trailing zeros, nothing for a missing one."""
    if value is None:
        return ""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
