"""Figures in normalised text: numbers with their units, bounds, ranges, ratios and words for them.

One pass looks for places where a figure may begin (a digit, a Chinese numeral, an opening quotation mark); at each of
them the expressions of :mod:`compiler.language.figure_grammar` are matched in place. Everything that only looks like a
figure (:mod:`compiler.language.lookalikes`) is stepped over there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from compiler.language.figure_grammar import (
    COLONS,
    EITHER_NUMBER,
    LONGEST_NAME,
    MAGNITUDE,
    MAGNITUDE_SIGNS,
    QUOTES,
    SHARE,
    VAGUE,
    FigureGrammar,
)
from compiler.language.lookalikes import after_fixed_name, counts, is_name, is_ordinal
from compiler.language.printed_numbers import Number, low_of_range, number_at
from compiler.model import Bound, Form, Lexicon, Quantity
from compiler.numbers import ASCII_DIGITS, DIGITS, decimal_of, digits_value, number_value
from compiler.strings import holding, is_han

_SEPARATORS = frozenset((*COLONS, "%", "/"))  # what may follow the first number of a ratio or fraction
_ANY_NUMBER = re.compile(EITHER_NUMBER)
_EXACT, _RANGE = Bound.EQ, Bound.RANGE
_LEAST_STEP = 3  # how many times its rise a level is at least; the ends of a range stand closer
_FAR_NEIGHBOURS = 2  # how far apart two numerals are that stand for a range: 三四十, 三五百
_LONGEST_CLAUSE = 40  # how far back a word that opens a change (从, 由) is looked for
_CLAUSE_ENDS = "，,。；;！!？?：:\n"


class _Finder:
    """The state of one pass over one text."""

    __slots__ = ("found", "grammar", "text", "worded", "working")

    def __init__(self, grammar: FigureGrammar, text: str, *, worded: bool) -> None:
        self.grammar = grammar
        self.text = text
        self.worded = worded  # a figure in words stands in it: 翻一番, 持平
        self.working = _paired(text) if '"' in text else text
        self.found: list[Quantity] = []

    @property
    def floor(self) -> int:
        """Where the figure before ends with its hedges; nothing of the next one stands before it."""
        return self.found[-1].outer_end if self.found else 0

    def find(self) -> tuple[Quantity, ...]:
        grammar, text = self.grammar, self.working
        search = grammar.begins.search
        match = search(text)
        worded = [match.span() for match in grammar.worded_pattern.finditer(text)] if self.worded else []
        worded.append((len(text) + 1, len(text) + 1))
        upcoming = iter(worded)
        word_start, word_end = next(upcoming)
        position = 0
        while True:
            start = match.start() if match is not None else len(text)
            while word_start <= start:
                if word_start > len(text):
                    break
                if word_start >= position:
                    self._take_worded(word_start, word_end)
                    position = max(position, word_end)
                word_start, word_end = next(upcoming)
            if match is None:
                break
            if start >= position:
                character = text[start]
                if character in QUOTES:
                    position = match.end()
                elif character in ASCII_DIGITS:
                    position = self._read_digits(start)
                else:
                    position = self._read_numeral(start)
            match = search(text, position)
        return tuple(self.found)

    # reading numbers

    def _read_digits(self, start: int) -> int:
        """Read what begins with the digit at ``start``; return where to go on."""
        grammar, text = self.grammar, self.working
        skipped = after_fixed_name(grammar, text, start)
        if skipped > start:
            return skipped
        match = grammar.not_a_number.match(text, start)
        if match is not None:
            return match.end()
        number = number_at(grammar, text, start)
        if number is None:
            position = start + 1
            while text[position : position + 1] in ASCII_DIGITS:
                position += 1
            return position
        first = start + len(number.text)
        if text[first : first + 1] in _SEPARATORS:
            ratio = grammar.ratio.match(text, start)
            if ratio is not None:
                return self._take_ratio(ratio)
            part = grammar.part_of.match(text, start)
            if part is not None and 0 < int(part[1]) < int(part[2]) <= 10 and number.bare:
                return self._take_share(start, part.end(), Decimal(part[1]), Decimal(part[2]))
        apostrophe = start > 0 and text[start - 1] in "’'‘"
        if apostrophe and len(number.text) == 2 and number.unit in grammar.time_units:
            return number.end  # ’16年
        return self._finish(number)

    def _read_numeral(self, start: int) -> int:
        """Read what begins with the Chinese numeral at ``start``; return where to go on."""
        grammar, text = self.grammar, self.working
        skipped = after_fixed_name(grammar, text, start)
        if skipped > start:
            return skipped
        run = grammar.numerals.match(text, start)
        assert run is not None
        after = run.end()
        following = text[after : after + 1]
        if following == SHARE[0]:
            share = grammar.share.match(text, start)
            if share is not None:
                return self._read_share(share)
        if following in VAGUE and following:
            return after + 1
        if text[start - 1 : start] in VAGUE and start and text[start] in MAGNITUDE_SIGNS:
            vague = grammar.numeral_with_unit.match(text, start)
            return vague.end() if vague is not None else after
        if text[start] in DIGITS or text[start] == "○":
            year = grammar.numeral_year.match(text, start)
            if year is not None:
                return year.end()
        few = grammar.neighbours.match(text, start)
        if few is not None and 0 < DIGITS[few[2]] - DIGITS[few[1]] <= _FAR_NEIGHBOURS:
            upper = number_at(grammar, text, start + 1)
            if upper is not None and upper.printed and counts(grammar, text, upper, self.floor, ranged=True):
                return self._take_neighbours(start, few, upper)
        number = number_at(grammar, text, start)
        if number is None:
            return after
        if not self._continues(number) and not counts(grammar, text, number, self.floor):
            return max(after, number.end if number.printed else after)
        return max(self._finish(number), start + 1)

    def _continues(self, number: Number) -> bool:
        """Tell whether a range mark and another number may follow."""
        grammar, text = self.grammar, self.working
        mark = grammar.range_mark.match(text, number.end)
        if mark is None:
            return False
        other = number_at(grammar, text, mark.end())
        return (
            other is not None
            and other.chinese == number.chinese
            and counts(grammar, text, other, self.floor, ranged=True)
        )

    # taking figures

    def _finish(self, number: Number) -> int:
        """Take ``number``, alone or as the beginning of a range, unless it is a name; return where to go on."""
        grammar, text = self.grammar, self.working
        if is_ordinal(grammar, text, number.start):
            other = self._range_after(number)
            return (other or number).end
        other = self._range_after(number)
        if other is not None:
            if is_name(grammar, text, other):
                return other.end
            self._take_range(number, other)
            return self.found[-1].outer_end
        if is_name(grammar, text, number) or not counts(grammar, text, number, self.floor):
            return number.end
        self._take(number)
        return self.found[-1].outer_end

    def _range_after(self, number: Number) -> Number | None:
        """Return the number that ends a range begun by ``number``, None where there is none."""
        grammar, text = self.grammar, self.working
        if number.inside:
            return None
        mark = grammar.range_mark.match(text, number.end)
        if mark is None:
            return None
        other = number_at(grammar, text, mark.end())
        if other is None or other.chinese != number.chinese or other.inside:
            return None
        if not counts(grammar, text, other, self.floor, ranged=True):
            return None
        if is_han(mark.group()[0]) and self._is_change(number.start):
            return None
        low = low_of_range(number, other, grammar.lexicon)
        if low is None or (is_han(mark.group()[0]) and self._is_rise_to(number, low, other)):
            return None
        if other.bare and grammar.range_mark.match(text, other.end):
            return None  # 400-618-1234
        return other

    def _is_change(self, start: int) -> bool:
        """Tell whether the clause before ``start`` opens a change (从10%到15%) rather than a range."""
        text = self.working
        position = start - 1
        floor = max(0, start - _LONGEST_CLAUSE)
        while position >= floor and text[position] not in _CLAUSE_ENDS:
            if text[position] in self.grammar.from_marks:
                return True
            position -= 1
        return False

    def _is_rise_to(self, number: Number, low: Decimal, other: Number) -> bool:
        """Tell whether a rise and what it led to stand side by side: 增加12天至316天, but 提高5元至8元."""
        moved = self.working[max(0, number.start - _LONGEST_CLAUSE) : number.start].endswith(self.grammar.moves)
        return bool(number.printed) and moved and low * _LEAST_STEP <= other.value

    def _sign(self, number: Number, floor: int) -> bool:
        """Tell whether a minus sign stands before a rate (增长-2.3%)."""
        text = self.working
        start = number.start
        if start - 1 < floor or text[start - 1] not in "-－−":
            return False
        if number.chinese or number.form not in (Form.PERCENT, Form.POINT):
            return False
        if start - 2 < floor:
            return floor == 0
        return is_han(text[start - 2]) or text[start - 2] in "（(：:，、,"

    def _take(self, number: Number) -> None:
        start, value = number.start, number.value
        if number.bare:
            number = self._with_unit_before(number)
        if self._sign(number, self.floor):
            start, value = start - 1, -value
        self._add(start, number.end, number.form, value, value, number.unit, number.inside)

    def _with_unit_before(self, number: Number) -> Number:
        """Return a bare number with the unit that stands in brackets before it: 粮食产量（万吨）：17.8."""
        text = self.working
        end = number.start - 1 if text[number.start - 1 : number.start] in COLONS + "：" else number.start
        if end < 1 or text[end - 1] not in ")）":
            return number
        opened = max(text.rfind(mark, max(0, end - LONGEST_NAME), end) for mark in "(（")
        magnitudes = re.match(f"{MAGNITUDE}*", text[opened + 1 : end - 1])
        assert magnitudes is not None
        unit = self.grammar.unit_only.fullmatch(text, opened + 1 + magnitudes.end(), end - 1) if opened >= 0 else None
        if unit is None:
            return number
        name, form = self.grammar.unit(unit.group())
        return number._replace(unit=magnitudes.group() + name, magnitudes=magnitudes.group(), form=form)

    def _take_range(self, first: Number, last: Number) -> None:
        low = low_of_range(first, last, self.grammar.lexicon)
        self._add(first.start, last.end, last.form, low, last.value, last.unit, "", ranged=True)

    def _take_neighbours(self, start: int, few: re.Match[str], upper: Number) -> int:
        """Take 三四十家 as 30 to 40, 三五百户 as 300 to 500."""
        low = decimal_of(Fraction(upper.value) * DIGITS[few[1]] / DIGITS[few[2]])
        self._add(start, upper.end, upper.form, low, upper.value, upper.unit, "", ranged=True)
        return self.found[-1].outer_end

    def _take_worded(self, start: int, end: int) -> None:
        form, value, bound = self.grammar.worded[self.working[start:end]]
        if form is Form.FLAT:
            raw = self.text[start:end]
            self.found.append(Quantity(start, end, start, end, raw, form, value, value, bound, "", ""))
        else:
            self._add(start, end, form, value, value, "", "")

    def _take_ratio(self, match: re.Match[str]) -> int:
        """Take 16:49:35, or step over a time of day (8:30)."""
        parts = tuple(digits_value(part) for part in self.grammar.one_number.findall(match.group()))
        start, end = match.span()
        if len(parts) == 2:
            minutes = re.split(f"[{COLONS}]", match.group())[1]
            if parts[0] <= 24 and len(minutes) == 2 and parts[1] < 60 and sum(parts) != 100:
                return end
        raw = self.text[start:end]
        self.found.append(Quantity(start, end, start, end, raw, Form.RATIO, None, None, Bound.EQ, "", "", "", parts))
        return end

    def _read_share(self, match: re.Match[str]) -> int:
        """Take 百分之五 (and 百分之五至百分之七), 千分之六, 三分之一."""
        whole, part = number_value(match[1]), number_value(match[2])
        start, end = match.span()
        if whole is None or part is None or whole <= 0:
            return end
        grammar, text = self.grammar, self.working
        if is_ordinal(grammar, text, start):
            return end
        mark = grammar.range_mark.match(text, end)
        if mark is not None:
            again = grammar.share.match(text, mark.end())
            bare = None if again is not None else _ANY_NUMBER.match(text, mark.end())
            upper = None
            if again is not None and number_value(again[1]) == whole:
                upper, until = number_value(again[2]), again.end()
            elif bare is not None:
                upper, until = number_value(bare[0]), bare.end()
                if grammar.unit_only.match(text, until):
                    upper = None
            if upper is not None and upper > part:
                return self._take_share(start, until, part, whole, upper)
        return self._take_share(start, end, part, whole)

    def _take_share(self, start: int, end: int, part: Decimal, whole: Decimal, upper: Decimal | None = None) -> int:
        per_mille = whole == 1000
        scale = Fraction(1000 if per_mille else 100) / Fraction(whole)
        low = decimal_of(Fraction(part) * scale)
        high = low if upper is None else decimal_of(Fraction(upper) * scale)
        form, unit = (Form.AMOUNT, "‰") if per_mille else (Form.PERCENT, self.grammar.percent)
        self._add(start, end, form, low, high, unit, "", ranged=upper is not None)
        return self.found[-1].outer_end

    # hedges

    def _add(
        self,
        start: int,
        end: int,
        form: Form,
        low: Decimal | None,
        high: Decimal | None,
        unit: str,
        inside: str,
        ranged: bool = False,
    ) -> None:
        grammar = self.grammar
        floor = self.floor
        nearest = grammar.hedge_before(self.working, start, floor)
        outer_start = start - len(nearest)
        farther = grammar.hedge_before(self.working, outer_start, floor) if nearest else ""
        outer_start -= len(farther)
        following = grammar.hedge_after(self.working, end)
        bound, modifier = _RANGE if ranged else _EXACT, ""
        if nearest or inside or following:
            modifier = "…".join(filter(None, (farther + nearest, inside, following)))
            if not ranged:
                bound = grammar.bound(nearest, inside, following)
            if bound is Bound.GE:
                high = None
            elif bound is Bound.LE:
                low = None
        self.found.append(
            Quantity(
                start,
                end,
                outer_start,
                end + len(following),
                self.text[start:end],
                form,
                low,
                high,
                bound,
                unit,
                grammar.family(unit),
                modifier,
            )
        )


def _paired(text: str) -> str:
    """Return ``text`` with straight quotation marks turned into pairs of the same length."""
    first, *pieces = text.split('"')
    return first + "".join(("”" if index % 2 else "“") + piece for index, piece in enumerate(pieces))


def find_quantities(text: str, lexicon: Lexicon) -> tuple[Quantity, ...]:
    """Return the figures of normalised ``text`` in order; they never overlap, hedges included."""
    return find_in_all((text,), lexicon)[0]


def find_in_all(texts: Sequence[str], lexicon: Lexicon) -> list[tuple[Quantity, ...]]:
    """Return the figures of each of many texts without line ends; most hold none, and one pass over all tells which."""
    grammar = lexicon.once(FigureGrammar)
    found: list[tuple[Quantity, ...]] = [()] * len(texts)
    worded = frozenset(holding(grammar.worded_pattern, texts))
    for number in worded.union(holding(grammar.may_begin, texts)):
        found[number] = _Finder(grammar, texts[number], worded=number in worded).find()
    return found
