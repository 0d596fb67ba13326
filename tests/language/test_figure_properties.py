"""Properties that the quantity grammar keeps for any text, and for any figure that can be written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from help.lexicon_fixture import load_lexicon
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.language.figures import find_quantities
from compiler.language.unit_conversion import convert, resolve_unit
from compiler.model import Bound, Form, Quantity
from compiler.numbers import parse_numeral

LEXICON = load_lexicon()
FAST = settings(deadline=None, max_examples=200)

_PIECES = """
0 1 2 5 9 10 16 100 2016 0.5 3,000 . , % ％ ‰ - — ～ 至 到 : ： ∶ / + × · 一 二 两 三 五 十 百 千 万 亿 零 〇 几 数 点
分之 成 倍 个 个百分点 元 亿元 万人 人次 家 户 以上 以下 以内 左右 余 多 约 近 超过 不低于 突破 不足 第 前 头
年 月 日 号 级 “ ” 《 》 ‘ ’ " （ ） 。 ， 、 ；
持平 零增长 翻一番 翻两番 增长 下降 PM2.5 PM10 5G A GDP 国发 项目 产值 的 从 由
"""
PIECES = st.sampled_from([*_PIECES.split(), "\n"])
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=30))


def _check(text: str, quantities: tuple[Quantity, ...]) -> None:
    position = 0
    for quantity in quantities:
        assert position <= quantity.outer_start <= quantity.start < quantity.end <= quantity.outer_end <= len(text)
        position = quantity.outer_end
        assert text[quantity.start : quantity.end] == quantity.raw
        for part in quantity.modifier.split("…"):
            assert part in text[quantity.outer_start : quantity.outer_end]
        low, high = quantity.low, quantity.high
        if quantity.form is Form.RATIO:
            assert len(quantity.parts) >= 2 and low is None and high is None
        elif quantity.bound is Bound.RANGE:
            assert low is not None and high is not None and low < high
        elif quantity.bound is Bound.GE:
            assert low is not None and high is None
        elif quantity.bound is Bound.LE:
            assert low is None and high is not None
        else:
            assert low is not None and low == high
        assert all(value is None or value.is_finite() for value in (low, high))
        assert quantity.family == (resolve_unit(LEXICON, quantity.unit)[0] if quantity.unit else "")


@FAST
@given(TEXTS)
def test_figures_lie_in_order_within_the_text(text: str) -> None:
    _check(text, find_quantities(text, LEXICON))


@FAST
@given(TEXTS)
def test_the_same_text_yields_the_same_figures(text: str) -> None:
    assert find_quantities(text, LEXICON) == find_quantities(text, LEXICON)


@FAST
@given(TEXTS, TEXTS)
def test_sentences_on_lines_of_their_own_do_not_touch(first: str, second: str) -> None:
    first, second = first.replace('"', ""), second.replace('"', "")
    if any(mark in first for mark in "《〈"):
        first = first.replace("《", "").replace("〈", "")
    apart = [q.raw for part in (first, second) for q in find_quantities(part, LEXICON)]
    assert [q.raw for q in find_quantities(f"{first}\n\n{second}", LEXICON)] == apart


NUMBERS = st.one_of(
    st.integers(2, 999_999).filter(lambda n: not 1000 <= n <= 2999).map(str),
    st.decimals(Decimal("0.01"), Decimal("9999"), places=2).map(str),
)
UNITS = st.sampled_from(["元", "亿元", "万人", "万人次", "家", "万吨", "亿斤", "%", "个百分点", "倍", "亿千瓦时"])
BEFORE = st.sampled_from([(h.word, h.bound) for h in LEXICON.hedges if h.side == "before"])
AFTER = st.sampled_from([("以上", Bound.GE), ("以内", Bound.LE), ("左右", Bound.APPROX), ("及以下", Bound.LE)])


@FAST
@given(NUMBERS, UNITS)
def test_a_figure_is_read_as_written(number: str, unit: str) -> None:
    (quantity,) = find_quantities(f"指标为{number}{unit}。", LEXICON)
    assert quantity.raw == number + unit
    assert quantity.low == quantity.high == Decimal(number)
    assert quantity.bound is Bound.EQ


@FAST
@given(NUMBERS, UNITS, BEFORE)
def test_a_hedge_before_bounds_the_figure(number: str, unit: str, hedge: tuple[str, Bound]) -> None:
    word, bound = hedge
    (quantity,) = find_quantities(f"指标{word}{number}{unit}。", LEXICON)
    assert (quantity.bound, quantity.raw) == (bound, number + unit)
    assert quantity.modifier.endswith(word)
    assert Decimal(number) in (quantity.low, quantity.high)


@FAST
@given(NUMBERS, UNITS, BEFORE, AFTER)
def test_of_two_hedges_the_one_after_wins(
    number: str, unit: str, before: tuple[str, Bound], after: tuple[str, Bound]
) -> None:
    (quantity,) = find_quantities(f"指标{before[0]}{number}{unit}{after[0]}。", LEXICON)
    assert quantity.bound is after[1]
    assert quantity.modifier.endswith(f"…{after[0]}")


@FAST
@given(st.integers(1, 500), st.integers(1, 500), UNITS, st.sampled_from(["-", "—", "～", "至", "到", "－"]))
def test_a_range_has_both_ends(low: int, more: int, unit: str, mark: str) -> None:
    (quantity,) = find_quantities(f"指标为{low}{mark}{low + more}{unit}。", LEXICON)
    assert (quantity.low, quantity.high, quantity.bound) == (low, low + more, Bound.RANGE)


@FAST
@given(st.lists(st.integers(1, 98), min_size=3, max_size=3), st.sampled_from(":：∶"))
def test_a_ratio_has_all_its_parts(parts: list[int], colon: str) -> None:
    (quantity,) = find_quantities(f"比重为{colon.join(map(str, parts))}。", LEXICON)
    assert quantity.form is Form.RATIO and list(quantity.parts) == parts


@FAST
@given(st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 31))
def test_dates_are_no_figures(year: int, month: int, day: int) -> None:
    for text in (f"{year}年", f"{year}年{month}月{day}日", f"{month}月{day}日", f"1-{month}月", f"{year}-{year + 5}年"):
        assert find_quantities(f"截至{text}完成。", LEXICON) == ()


@FAST
@given(NUMBERS, st.sampled_from(["“", "《", "「", "‘"]))
def test_names_in_quotes_hold_no_figures(number: str, opening: str) -> None:
    closing = {"“": "”", "《": "》", "「": "」", "‘": "’"}[opening]
    assert find_quantities(f"实施{opening}{number}家{closing}工程", LEXICON) == ()


def _written(number: int) -> str:
    """Return a positive integer below 10**12 in Chinese numerals."""
    if number >= 10**8 or number >= 10**4:
        size, mark = (10**8, "亿") if number >= 10**8 else (10**4, "万")
        high, low = divmod(number, size)
        gap = "零" if 0 < low < size // 10 else ""
        return _written(high) + mark + (gap + _written(low) if low else "")
    digits = "零一二三四五六七八九"
    text, zero = "", False
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + mark
        zero = not digit
    return text


@FAST
@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_numeral(_written(number)) == number


@FAST
@given(st.integers(11, 10**9))
def test_a_chinese_figure_equals_its_digits(number: int) -> None:
    (quantity,) = find_quantities(f"指标为{_written(number)}户。", LEXICON)
    assert quantity.low is not None
    assert Fraction(quantity.low) * resolve_unit(LEXICON, quantity.unit)[1] == number


@FAST
@given(st.text("零〇一二两三四五六七八九十百千万亿", max_size=8))
def test_any_run_of_numerals_has_a_value_or_none(text: str) -> None:
    value = parse_numeral(text)
    assert value is None or value >= 0


@FAST
@given(st.decimals(-(10**6), 10**6, places=3), st.sampled_from(["元", "万元", "亿元", "百万元", "万亿元"]))
def test_conversion_there_and_back(value: Decimal, unit: str) -> None:
    there = convert(value, unit, "万元", LEXICON)
    assert there is not None
    assert convert(there, "万元", unit, LEXICON) == value


def test_real_reports_are_read_without_an_exception() -> None:
    folder = Path(__file__).resolve().parents[3] / "shared" / "reports"
    if not folder.is_dir():
        pytest.skip("no ../shared beside this checkout: real reports are not at hand")
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8")
        _check(text, find_quantities(text, LEXICON))


@pytest.mark.parametrize(
    "piece",
    [
        *("万", "一", "十万", "一点", "百分之", "三分之", "近", "多", "亿多", "“", "《", "“1"),
        *("9", "9.", "0.1", "1,", "1,000", "1+", "1:", "1-", "1/2", "1至", "1、"),
        *("1万", "3千", "第1", "1年", "约1", "从1至"),
    ],
)
def test_long_repetitions_are_read_in_time_and_without_an_exception(piece: str) -> None:
    text = piece * 6_000
    _check(text, find_quantities(text, LEXICON))
