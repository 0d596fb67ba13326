"""Figures in normalised text: numbers with their units, bounds, ranges, ratios and words for them.

One pass looks for places where a figure may begin (a digit, a Chinese numeral, an opening quotation
mark); at each of them expressions made from the lexicon are matched in place. Everything that only looks
like a figure (years, dates, document numbers, names with digits, idioms) is stepped over there.

The code knows the numerals of the language and its punctuation; all other words are the lexicon's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from compiler.language.units import PerLexicon, resolve_unit, trie_pattern, unit_of
from compiler.model import Bound, Form, Lexicon, Quantity
from compiler.numbers import (
    _ASCII_DIGITS,
    _BARE_MAGNITUDE,
    _DIGITS,
    _PLAIN,
    _POINT,
    _ZEROS,
    MAGNITUDES,
    _digits_value,
    _numeral_value,
    _value,
    decimal_of,
)

_LARGE = "万亿"
_MAGNITUDES = "".join(MAGNITUDES)
_NUMERALS = "".join(_DIGITS) + _MAGNITUDES
_VAGUE = "几数"  # 几十, 数百: numerals without a value
_SHARE = "分之"
_COLONS = ":：∶︰﹕"

# Longer runs than these are no figures; the limits keep the work on any text proportional to its length.
_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])(?:[.．][0-9]{1,15})?|[0-9]{1,15}(?![0-9])(?:[.．][0-9]{1,15})?)(?![0-9])"
)
_NUMERAL = rf"[{_NUMERALS}]{{1,20}}(?:{_POINT}[{''.join(_DIGITS)}]{{1,15}})?"
_EITHER = rf"(?:{_NUMBER}|{_NUMERAL})"
_MAGNITUDE = f"[{_MAGNITUDES}]"
_ANY_NUMBER = re.compile(_EITHER)

_SEPARATORS = frozenset((*_COLONS, "%", "/"))  # what may follow the first number of a ratio or fraction
_QUOTES = {"“": "”", "「": "」", "『": "』", "‘": "’", "《": "》", "〈": "〉"}
_LONGEST_NAME = 20
_LONGEST_TITLE = 80
_LONGEST_RUN = 6  # digits of a number without a unit; longer ones are telephone and account numbers
_FAR_NEIGHBOURS = 2  # how far apart two numerals are that stand for a range: 三四十, 三五百
_LONGEST_CLAUSE = 40  # how far back a word that opens a change (从, 由) is looked for
_CLAUSE_ENDS = "，,。；;！!？?：:\n"


# --- Chinese numerals --------------------------------------------------------------------------


def _size(magnitudes: str) -> int:
    size = 1
    for character in magnitudes:
        size *= MAGNITUDES[character]
    return size


def _divided(value: Decimal, by: int) -> Decimal:
    return decimal_of(Fraction(value) / by)


# --- one number as printed ---------------------------------------------------------------------


class _Number:
    """A number with its unit as matched at one place, before it is known to be a figure."""

    __slots__ = ("chinese", "end", "form", "inside", "magnitudes", "printed", "start", "text", "unit", "value")

    def __init__(
        self,
        start: int,
        end: int,
        text: str,
        value: Decimal,
        magnitudes: str,
        inside: str,
        printed: str,
        unit: str,
        form: Form,
        chinese: bool,
    ) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.value = value
        self.magnitudes = magnitudes
        self.inside = inside
        self.printed = printed
        self.unit = unit
        self.form = form
        self.chinese = chinese

    @property
    def bare(self) -> bool:
        """Whether neither a unit nor a magnitude nor an inner hedge is printed."""
        return not (self.printed or self.magnitudes or self.inside) and self.form is Form.AMOUNT


class _Endings:
    """A set of words looked for backwards from a place, the longest first."""

    __slots__ = ("by_length", "last")

    def __init__(self, words: Iterable[str]) -> None:
        groups: dict[int, set[str]] = {}
        for word in words:
            groups.setdefault(len(word), set()).add(word)
        self.by_length = [(length, frozenset(groups[length])) for length in sorted(groups, reverse=True)]
        self.last = frozenset(word[-1] for group in groups.values() for word in group)

    def at(self, text: str, end: int, floor: int = 0) -> str:
        """Return the longest word that ends at ``end`` without reaching before ``floor``, else nothing."""
        if end <= floor or text[end - 1] not in self.last:
            return ""
        for length, words in self.by_length:
            start = end - length
            if start >= floor and text[start:end] in words:
                return text[start:end]
        return ""


def _unlike(words: Iterable[str], others: Iterable[str]) -> dict[str, set[str]]:
    """Return for each of ``words`` what follows it in those of ``others`` that begin with it."""
    known = set(words)
    found: dict[str, set[str]] = {}
    for other in others:
        for length in range(len(other) - 1, 0, -1):
            if other[:length] in known:
                found.setdefault(other[:length], set()).add(other[length:])
                break
    return found


def _begins(numeral_goes_on: Iterable[str]) -> str:
    """Return an expression for where a figure may begin, or for a name in quotes or a title, which hold none.

    A digit begins one, a Chinese numeral with one of the characters that may follow it in a figure. It looks at
    nothing but the first character wherever that is none of these.
    """
    names = "".join(
        f"|(?<={opening})[^{closing}。；！？\n]{{0,{_LONGEST_TITLE if opening in '《〈' else _LONGEST_NAME}}}{closing}"
        for opening, closing in _QUOTES.items()
    )
    goes_on = re.escape("".join(sorted(numeral_goes_on)))
    return f"[0-9{_NUMERALS}{''.join(_QUOTES)}](?:(?<=[0-9])|(?<=[{_NUMERALS}])(?=[{goes_on}]){names})"


def _han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


class _Grammar:
    """The expressions and word sets of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.units: dict[str, tuple[str, Form]] = {}
        self.families: dict[str, str] = {}
        self.forms = {
            **dict.fromkeys(lexicon.words("number.percent_units"), Form.PERCENT),
            **dict.fromkeys(lexicon.words("number.point_units"), Form.POINT),
            **dict.fromkeys(lexicon.words("number.times_units"), Form.TIMES),
        }
        self.percent = next(iter(lexicon.words("number.percent_units")), "")
        self._compile_numbers()
        self._compile_skips()
        self._compile_words()
        self._compile_hedges()

    # building

    def _compile_numbers(self) -> None:
        lexicon = self.lexicon
        names = {word for unit in lexicon.units.values() for word in unit.words}
        unit = trie_pattern(names, _unlike(names, lexicon.words("number.not_units")))
        per = trie_pattern({*names, *lexicon.words("number.per")})
        slash = rf"(?:[/／·]{_MAGNITUDE}{{0,3}}?{per}){{0,2}}"
        printed = rf"{unit}(?:[（(]{trie_pattern(word for word in names if len(word) < 3)}[)）])?{slash}"
        inside = trie_pattern(lexicon.words("number.inside"))
        dated = trie_pattern(
            word for name in ("year_words", "month_words", "day_words") for word in lexicon.words(f"number.{name}")
        )
        few, many = f"{_MAGNITUDE}{{0,3}}?", f"{_MAGNITUDE}{{0,3}}"
        with_unit = rf"({few})(?:({inside})({few}))?({printed})"
        without_unit = rf"({many})(?:({inside})({many}))?"
        # 3亿5000万元, 1万2千人: whole numbers joined by falling magnitudes.
        chain = rf"((?:[千万亿]{{1,2}}[0-9]{{1,8}}(?![0-9.,]|{dated})){{0,3}})"
        self.digits = re.compile(rf"({_NUMBER}){chain}(?:{with_unit}|{without_unit})")
        # A numeral gives back what a unit begins with: 五万千瓦 is 五万 and 千瓦.
        self.numeral_with_unit = re.compile(rf"({_NUMERAL})(){with_unit}")
        self.numeral_without_unit = re.compile(rf"({_NUMERAL})()()(){without_unit}")
        self.range_mark = re.compile(trie_pattern(lexicon.words("number.range_marks")))
        self.unit_only = re.compile(unit)
        tenths = lexicon.words("number.tenths")
        tenth = trie_pattern(tenths, _unlike(tenths, lexicon.words("number.not_tenths")))
        self.tenths = re.compile(rf"({_NUMBER}|[{_PLAIN}十]){tenth}([{_PLAIN}])?")
        self.tenth_starts = frozenset(word[0] for word in tenths)
        # What may follow a single Chinese numeral that is a figure.
        self.numeral_goes_on = frozenset(
            (
                *(word[0] for word in names),
                *(word[0] for word in lexicon.words("number.inside")),
                *(word[0] for word in lexicon.words("number.range_marks")),
                *(word[0] for word in lexicon.words("number.year_words")),
                *self.tenth_starts,
                *_VAGUE,
                _POINT,
                _SHARE[0],
                *_NUMERALS,
                "○",
            )
        )
        self.share = re.compile(rf"({_EITHER}){_SHARE}({_EITHER})")
        self.part_of = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?![0-9/])")
        self.ratio = re.compile(rf"({_NUMBER})%?(?:[{_COLONS}]{_NUMBER}%?)+(?![0-9])")
        self.one_number = re.compile(_NUMBER)

    def _compile_skips(self) -> None:
        lexicon = self.lexicon
        marks = trie_pattern(lexicon.words("number.range_marks"))
        year = trie_pattern(lexicon.words("number.year_words"))
        month = trie_pattern(lexicon.words("number.month_words"))
        day = trie_pattern(lexicon.words("number.day_words"))
        span = rf"(?:(?:{marks}|、)[0-9]{{1,2}}){{0,4}}"
        # A number that is part of a date, of a sum such as 1+13, of a product, of a code such as 2016-1-12.
        self.not_a_number = re.compile(
            rf"[12][0-9]{{3}}(?:{marks}(?:[12][0-9]{{3}}|[0-9]{{2}}))?{year}"
            rf"|0[0-9]{year}"
            rf"|[0-9]{{1,2}}{span}{month}(?:[0-9]{{1,2}}{span}{day}(?:{marks}[0-9]{{1,2}}{day})?)?"
            rf"|[0-9]{{1,2}}(?:{marks}[0-9]{{1,2}})?{day}"
            r"|[0-9]+[+＋](?:[0-9A-Za-z]+(?:[+＋][0-9A-Za-z]+)*)?"
            r"|[0-9]+(?:[×xX*・·•]+[0-9]+)+"
            r"|[0-9]+([-./])[0-9]+(?:\1[0-9]+)+"
            r"|[0-9]{3,4}-[0-9]{7,}"
        )
        self.numeral_year = re.compile(rf"[{_ZEROS}○O{_PLAIN}]{{2,4}}{year}")
        suffixes = lexicon.words("number.name_suffixes")
        self.suffix = re.compile(trie_pattern(suffixes, _unlike(suffixes, lexicon.words("number.not_name_suffixes"))))
        self.unit_suffix = re.compile(trie_pattern(lexicon.words("number.unit_name_suffixes")))
        self.ordinals = _Endings(lexicon.words("number.ordinal_marks"))
        self.not_ordinals = _Endings(lexicon.words("number.not_ordinal"))
        self.documents = _Endings(lexicon.words("number.document_marks"))
        self.from_marks = frozenset(lexicon.words("number.from_marks"))

    def _compile_words(self) -> None:
        lexicon = self.lexicon
        words: set[str] = {*lexicon.words("number.names_with_digits"), *lexicon.words("number.idioms")}
        for name, listed in lexicon.lists.items():
            if not name.startswith("number."):
                words.update(listed)
        numeral = re.compile(rf"[0-9{_NUMERALS}]")
        to_digit = str.maketrans({character: str(value) for character, value in _DIGITS.items()})
        marks = lexicon.words("number.ordinal_marks")
        by_offset: dict[int, set[str]] = {}
        self.code_names: set[str] = set()
        for word in words:
            first = numeral.search(word)
            if first is None:
                continue
            if word.isdigit():
                self.code_names.add(word)
                continue
            if word[: first.start()] in marks and all(map(numeral.match, word[first.start() :])):
                continue  # 第一: any ordinal is stepped over
            by_offset.setdefault(first.start(), set()).add(word)
            if len(re.findall(rf"[{_NUMERALS}]", word)) == 1 and first.group() in _DIGITS:
                by_offset[first.start()].add(word.translate(to_digit))  # 五年来, 5年来
        self.fixed = [
            (offset, frozenset(word[0] for word in by_offset[offset]), re.compile(trie_pattern(by_offset[offset])))
            for offset in sorted(by_offset, reverse=True)
        ]
        doubling = lexicon.words("number.doubling")
        twice = lexicon.words("number.doubling_twice")
        flat_approx = frozenset(lexicon.words("number.flat_approx"))
        self.worded: dict[str, tuple[Form, Decimal, Bound]] = {
            **{word: (Form.DOUBLING, Decimal(100), Bound.EQ) for word in doubling},
            **{word: (Form.DOUBLING, Decimal(300), Bound.EQ) for word in twice},
            **{
                word: (Form.FLAT, Decimal(0), Bound.APPROX if word in flat_approx else Bound.EQ)
                for word in {*lexicon.words("number.flat"), *flat_approx}
            },
        }
        self.worded_pattern = re.compile(trie_pattern(self.worded))
        self.time_units = frozenset(lexicon.words("number.time_units"))
        self.ordinal_units = frozenset(lexicon.words("number.ordinal_units"))
        self.loose_units = frozenset(lexicon.words("number.loose_units"))
        self.not_counted = re.compile(trie_pattern(lexicon.words("number.not_counted")))
        self.threshold_units = frozenset(lexicon.words("number.threshold_units"))
        self.reaches = _Endings(lexicon.words("number.reaches"))
        self.milestones = re.compile(trie_pattern(lexicon.words("number.milestones")))
        self.begins = re.compile(_begins(self.numeral_goes_on))
        self.numerals = re.compile(f"[{_NUMERALS}]+")
        self.neighbours = re.compile(f"([{_PLAIN}])([{_PLAIN}])[{_MAGNITUDES}]")

    def _compile_hedges(self) -> None:
        before = {hedge.word: hedge.bound for hedge in self.lexicon.hedges if hedge.side == "before"}
        after = {hedge.word: hedge.bound for hedge in self.lexicon.hedges if hedge.side == "after"}
        self.before, self.after = before, after
        self.before_words = _Endings(before)
        self.not_hedges = _Endings(self.lexicon.words("number.not_hedges"))
        self.inside = frozenset(self.lexicon.words("number.inside"))
        self.after_pattern = re.compile(trie_pattern(after))

    # reading

    def unit(self, printed: str) -> tuple[str, Form]:
        """Return the name of a printed unit, without what stands in a bracket, and the form it gives a figure."""
        known = self.units.get(printed)
        if known is None:
            name, family = unit_of(self.lexicon, printed)
            if not family:
                name = unit_of(self.lexicon, re.sub(r"[（(][^（()）]*[)）]$", "", printed))[0]
            known = self.units[printed] = name, self.forms.get(name, Form.AMOUNT)
        return known

    def family(self, unit: str) -> str:
        """Return the family of a unit as figures carry it."""
        known = self.families.get(unit)
        if known is None:
            known = self.families[unit] = resolve_unit(self.lexicon, unit)[0] if unit else ""
        return known

    def find(self, text: str) -> tuple[Quantity, ...]:
        """Return the figures of ``text`` in order."""
        if self.begins.search(text) is None and self.worded_pattern.search(text) is None:
            return ()
        return _Finder(self, text).find()


class _Finder:
    """The state of one pass over one text."""

    __slots__ = ("found", "grammar", "text", "working")

    def __init__(self, grammar: _Grammar, text: str) -> None:
        self.grammar = grammar
        self.text = text
        self.working = _paired(text) if '"' in text else text
        self.found: list[Quantity] = []

    def find(self) -> tuple[Quantity, ...]:
        grammar, text = self.grammar, self.working
        search = grammar.begins.search
        match = search(text)
        worded = [match.span() for match in grammar.worded_pattern.finditer(text)]
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
                if character in _QUOTES:
                    position = match.end()
                elif character in _ASCII_DIGITS:
                    position = self._read_digits(start)
                else:
                    position = self._read_numeral(start)
            match = search(text, position)
        return tuple(self.found)

    # what is stepped over

    def _after_fixed(self, start: int) -> int:
        """Return the end of a name or idiom around the numeral at ``start``, or 0."""
        text = self.working
        for offset, starts, pattern in self.grammar.fixed:
            if offset > start or text[start - offset] not in starts:
                continue
            match = pattern.match(text, start - offset)
            if match is None:
                continue
            end = match.end()
            last, following = text[end - 1], text[end : end + 1]
            if last.isascii() and last.isalpha() and following.isascii() and following.isalpha():
                continue  # 5GW is not 5G
            if last in _ASCII_DIGITS and following.isdigit() and offset == 0:
                continue
            return end
        return 0

    def _is_ordinal(self, start: int) -> bool:
        grammar, text = self.grammar, self.working
        if grammar.ordinals.at(text, start) and not grammar.not_ordinals.at(text, start):
            return True
        return bool(grammar.documents.at(text, start))

    def _is_enumerator(self, start: int, end: int) -> bool:
        """Tell whether a bare number only counts the items of a list: 1. … （2）…"""
        text = self.working
        before, after = text[start - 1 : start], text[end : end + 1]
        if before in ("（", "(") and after in ("）", ")") and before:
            return True
        if before == "…":
            return True  # the page number in a table of contents
        opens = before in ("", "\n", "。", "；") or before.isspace() or (before == "：" and after in (".", "．"))
        return opens and end - start <= 2 and after != "" and after in ".．、)）"

    def _is_name(self, number: _Number) -> bool:
        """Tell whether the number is part of a name, a code or a year."""
        grammar, text = self.grammar, self.working
        tail = number.start + len(number.text)
        suffix = grammar.suffix.match(text, tail)
        if suffix is not None:
            unit = grammar.unit_only.match(text, tail)
            if unit is None or unit.end() <= suffix.end():
                last, following = suffix.group()[-1], text[suffix.end() : suffix.end() + 1]
                if not (last.isascii() and last.isalpha() and following.isascii() and following.isalpha()):
                    return True
        if (number.magnitudes or number.printed) and grammar.unit_suffix.match(text, number.end):
            return True
        if not number.bare or number.chinese:
            return False
        digits = number.text
        before, after = text[number.start - 1 : number.start], text[number.end : number.end + 1]
        if before and before.isascii() and (before.isalnum() or before in "_-./@#"):
            return True
        if after and after.isascii() and (after.isalnum() or after in "_/@#"):
            return True
        if digits in grammar.code_names or not digits.strip("0.．,"):
            return True
        if digits.isdigit():
            return (
                len(digits) > _LONGEST_RUN
                or (len(digits) > 1 and digits[0] == "0")
                or (len(digits) == 4 and digits[:2] in ("19", "20"))
                or self._is_enumerator(number.start, number.end)
            )
        return False

    # reading numbers

    def _read_digits(self, start: int) -> int:
        """Read what begins with the digit at ``start``; return where to go on."""
        grammar, text = self.grammar, self.working
        skipped = self._after_fixed(start)
        if skipped > start:
            return skipped
        match = grammar.not_a_number.match(text, start)
        if match is not None:
            return match.end()
        number = self._number_at(start)
        if number is None:
            position = start + 1
            while text[position : position + 1] in _ASCII_DIGITS:
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
        skipped = self._after_fixed(start)
        if skipped > start:
            return skipped
        run = grammar.numerals.match(text, start)
        assert run is not None
        after = run.end()
        following = text[after : after + 1]
        if following == _SHARE[0]:
            share = grammar.share.match(text, start)
            if share is not None:
                return self._read_share(share)
        if following in _VAGUE and following:
            return after + 1
        if text[start - 1 : start] in _VAGUE and start and text[start] in _MAGNITUDES:
            vague = grammar.numeral_with_unit.match(text, start)
            return vague.end() if vague is not None else after
        if text[start] in _DIGITS or text[start] == "○":
            year = grammar.numeral_year.match(text, start)
            if year is not None:
                return year.end()
        few = grammar.neighbours.match(text, start)
        if few is not None and 0 < _DIGITS[few[2]] - _DIGITS[few[1]] <= _FAR_NEIGHBOURS:
            upper = self._number_at(start + 1)
            if upper is not None and upper.printed and self._counts(upper, ranged=True):
                return self._take_neighbours(start, few, upper)
        number = self._number_at(start)
        if number is None:
            return after
        if not self._continues(number) and not self._counts(number):
            return max(after, number.end if number.printed else after)
        return max(self._finish(number), start + 1)

    def _continues(self, number: _Number) -> bool:
        """Tell whether a range mark and another number may follow."""
        mark = self.grammar.range_mark.match(self.working, number.end)
        if mark is None:
            return False
        other = self._number_at(mark.end())
        return other is not None and other.chinese == number.chinese and self._counts(other, ranged=True)

    def _number_at(self, start: int) -> _Number | None:
        """Return the number with its unit at ``start``, None where none is well formed."""
        grammar, text = self.grammar, self.working
        character = text[start : start + 1]
        if not character:
            return None
        chinese = character not in _ASCII_DIGITS
        if chinese and character not in _NUMERALS:
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
                return self._tenths(tenth, chinese)
        if match[6] is not None:
            leading, inside, trailing, printed = match[3], match[4], match[5], match[6]
        else:
            (leading, inside, trailing), printed = match.groups()[-3:], ""
        magnitudes = (leading or "") + (trailing or "")
        if chinese:
            value = _numeral_value(printed_number)
            if value is None:
                return None
            own = _trailing_magnitudes(printed_number)
            if own and not (leading and not inside):
                value, magnitudes = _divided(value, _size(own)), own + magnitudes
        elif chain:
            value = _chained(printed_number, chain, leading or "")
            if value is None:
                # Not one number after all (5万3个…): read the first one alone.
                return self._first_of_chain(start, printed_number, chain)
        else:
            value = _digits_value(printed_number)
        unit = magnitudes
        form = Form.AMOUNT
        if printed:
            name, form = grammar.unit(printed)
            unit = magnitudes + name
            if form is not Form.AMOUNT and magnitudes:
                value, unit = value * _size(magnitudes), name
        return _Number(
            start, match.end(), printed_number + chain, value, magnitudes, inside or "", printed, unit, form, chinese
        )

    def _tenths(self, match: re.Match[str], chinese: bool) -> _Number | None:
        """Return 三成 as 30 percent, 两成五 as 25."""
        value = _value(match[1])
        if value is None:
            return None
        value = value * 10 + (_DIGITS[match[2]] if match[2] else 0)
        printed = match[0][len(match[1]) :]
        percent = self.grammar.percent
        return _Number(match.start(), match.end(), match[1], value, "", "", printed, percent, Form.PERCENT, chinese)

    def _first_of_chain(self, start: int, printed_number: str, chain: str) -> _Number:
        magnitudes = re.match(f"{_MAGNITUDE}+", chain)
        own = magnitudes.group() if magnitudes is not None else ""
        end = start + len(printed_number) + len(own)
        value = _digits_value(printed_number)
        return _Number(start, end, printed_number, value, own, "", "", own, Form.AMOUNT, False)

    def _counts(self, number: _Number, ranged: bool = False) -> bool:
        """Tell whether a Chinese number is a figure rather than part of a name or an idiom."""
        if not number.chinese:
            return True
        grammar, text = self.grammar, self.working
        numeral = number.text
        if number.form is not Form.AMOUNT:
            return True
        unit = number.unit[len(number.magnitudes) :] if number.unit.startswith(number.magnitudes) else number.unit
        words = {number.printed, unit}
        if words & grammar.time_units:
            return False
        if words & grammar.ordinal_units and not number.inside:
            return False
        if _BARE_MAGNITUDE.fullmatch(numeral):
            return self._bare_magnitude_counts(number, unit)
        following = text[number.end : number.end + 1]
        if len(numeral) == 1 and not number.magnitudes:
            if numeral in "一二零〇" or not number.printed:
                return False
            if following and (following in _NUMERALS or following in _ASCII_DIGITS):
                return False  # 五个一, 两个100%
            if grammar.not_counted.match(text, number.end):
                return False
            return numeral == "十" or number.inside != "" or not words & grammar.loose_units
        if number.printed or number.inside or ranged:
            return True
        # 一万五千贫困人口: a whole number by itself; 十九大 and 二十条 are names.
        return any(character in numeral for character in "百千万亿") and following != _POINT

    def _bare_magnitude_counts(self, number: _Number, unit: str) -> bool:
        """近百场 and 突破千亿元 are figures; 亿元以上项目 and 千万美元企业 are thresholds in a name."""
        grammar, text = self.grammar, self.working
        if number.inside:
            return True
        if not number.printed and number.text[-1] not in _LARGE:
            return False
        floor = self.found[-1].outer_end if self.found else 0
        if self._hedge_before(number.start, floor):
            if number.printed and unit not in grammar.threshold_units:
                return True
        elif not number.printed or not grammar.reaches.at(text, number.start):
            return False
        following = text[number.end : number.end + 1]
        return not _han(following) or grammar.milestones.match(text, number.end) is not None

    # taking figures

    def _finish(self, number: _Number) -> int:
        """Take ``number``, alone or as the beginning of a range, unless it is a name; return where to go on."""
        if self._is_ordinal(number.start):
            other = self._range_after(number)
            return (other or number).end
        other = self._range_after(number)
        if other is not None:
            if self._is_name(other):
                return other.end
            self._take_range(number, other)
            return self.found[-1].outer_end
        if self._is_name(number) or not self._counts(number):
            return number.end
        self._take(number)
        return self.found[-1].outer_end

    def _range_after(self, number: _Number) -> _Number | None:
        """Return the number that ends a range begun by ``number``, None where there is none."""
        grammar, text = self.grammar, self.working
        if number.inside:
            return None
        mark = grammar.range_mark.match(text, number.end)
        if mark is None:
            return None
        other = self._number_at(mark.end())
        if other is None or other.chinese != number.chinese or other.inside:
            return None
        if not self._counts(other, ranged=True):
            return None
        if _han(mark.group()[0]) and self._is_change(number.start):
            return None
        if _low_of_range(number, other, grammar.lexicon) is None:
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

    def _sign(self, number: _Number, floor: int) -> bool:
        """Tell whether a minus sign stands before a rate (增长-2.3%)."""
        text = self.working
        start = number.start
        if number.chinese or number.form not in (Form.PERCENT, Form.POINT) or start - 1 < floor:
            return False
        if text[start - 1] not in "-－−":
            return False
        if start - 2 < floor:
            return floor == 0
        return _han(text[start - 2]) or text[start - 2] in "（(：:，、,"

    def _take(self, number: _Number) -> None:
        floor = self.found[-1].outer_end if self.found else 0
        start, value = number.start, number.value
        if number.bare:
            self._take_unit_before(number)
        if self._sign(number, floor):
            start, value = start - 1, -value
        self._add(start, number.end, number.form, value, value, number.unit, number.inside)

    def _take_unit_before(self, number: _Number) -> None:
        """Give a bare number the unit that stands in brackets before it: 粮食产量（万吨）：17.8."""
        text = self.working
        end = number.start - 1 if text[number.start - 1 : number.start] in _COLONS + "：" else number.start
        if end < 1 or text[end - 1] not in ")）":
            return
        opened = max(text.rfind(mark, max(0, end - _LONGEST_NAME), end) for mark in "(（")
        magnitudes = re.match(f"{_MAGNITUDE}*", text[opened + 1 : end - 1])
        assert magnitudes is not None
        unit = self.grammar.unit_only.fullmatch(text, opened + 1 + magnitudes.end(), end - 1) if opened >= 0 else None
        if unit is not None:
            name, number.form = self.grammar.unit(unit.group())
            number.unit, number.magnitudes = magnitudes.group() + name, magnitudes.group()

    def _take_range(self, first: _Number, last: _Number) -> None:
        low = _low_of_range(first, last, self.grammar.lexicon)
        self._add(first.start, last.end, last.form, low, last.value, last.unit, "", ranged=True)

    def _take_neighbours(self, start: int, few: re.Match[str], upper: _Number) -> int:
        """Take 三四十家 as 30 to 40, 三五百户 as 300 to 500."""
        low = decimal_of(Fraction(upper.value) * _DIGITS[few[1]] / _DIGITS[few[2]])
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
        parts = tuple(_digits_value(part) for part in self.grammar.one_number.findall(match.group()))
        start, end = match.span()
        if len(parts) == 2:
            minutes = re.split(f"[{_COLONS}]", match.group())[1]
            if parts[0] <= 24 and len(minutes) == 2 and parts[1] < 60 and sum(parts) != 100:
                return end
        raw = self.text[start:end]
        self.found.append(Quantity(start, end, start, end, raw, Form.RATIO, None, None, Bound.EQ, "", "", "", parts))
        return end

    def _read_share(self, match: re.Match[str]) -> int:
        """Take 百分之五 (and 百分之五至百分之七), 千分之六, 三分之一."""
        whole, part = _value(match[1]), _value(match[2])
        start, end = match.span()
        if whole is None or part is None or whole <= 0:
            return end
        if self._is_ordinal(start):
            return end
        grammar, text = self.grammar, self.working
        mark = grammar.range_mark.match(text, end)
        if mark is not None:
            again = grammar.share.match(text, mark.end())
            bare = None if again is not None else _ANY_NUMBER.match(text, mark.end())
            upper = None
            if again is not None and _value(again[1]) == whole:
                upper, until = _value(again[2]), again.end()
            elif bare is not None:
                upper, until = _value(bare[0]), bare.end()
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

    def _hedge_before(self, start: int, floor: int) -> str:
        grammar, text = self.grammar, self.working
        word = grammar.before_words.at(text, start, floor)
        if not word:
            return ""
        other = grammar.not_hedges.at(text, start)
        return "" if other and other.endswith(word) and len(other) > len(word) else word

    def _hedge_after(self, end: int) -> str:
        grammar, text = self.grammar, self.working
        match = grammar.after_pattern.match(text, end)
        if match is None:
            return ""
        if match.group() in grammar.inside and _han(text[match.end() : match.end() + 1]):
            return ""  # 3家多元化…, 100亿元余额
        return match.group()

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
        floor = self.found[-1].outer_end if self.found else 0
        nearest = self._hedge_before(start, floor)
        outer_start = start - len(nearest)
        farther = self._hedge_before(outer_start, floor) if nearest else ""
        outer_start -= len(farther)
        following = self._hedge_after(end)
        bound = Bound.RANGE if ranged else Bound.EQ
        if not ranged:
            for words, word in ((grammar.before, nearest), (grammar.after, inside), (grammar.after, following)):
                bound = words.get(word, bound) if word else bound
        if bound is Bound.GE:
            high = None
        elif bound is Bound.LE:
            low = None
        modifier = "…".join(part for part in (farther + nearest, inside, following) if part)
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


def _trailing_magnitudes(numeral: str) -> str:
    """Return the 万, 亿 or 万亿 that ends a Chinese number and is printed as part of its unit."""
    return numeral[len(numeral.rstrip(_LARGE)) :]


def _chained(first: str, chain: str, last: str) -> Decimal | None:
    """Return the value of 3亿5000(万) in the last magnitude, None where the magnitudes do not fall."""
    if not first.isdigit() or (not last and len(chain) - len(chain.rstrip("0123456789")) < 3):
        return None  # 5万3个乡镇 is two numbers
    pieces = re.findall(rf"({_MAGNITUDE}+)([0-9]+)", chain)
    numbers = [first, *(number for _, number in pieces)]
    sizes = [*(_size(magnitude) for magnitude, _ in pieces), _size(last)]
    total = 0
    for index, (number, size) in enumerate(zip(numbers, sizes, strict=True)):
        if index and int(number) * size >= sizes[index - 1]:
            return None
        total += int(number) * size
    return _divided(Decimal(total), sizes[-1])


def _low_of_range(first: _Number, last: _Number, lexicon: Lexicon) -> Decimal | None:
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


def _paired(text: str) -> str:
    """Return ``text`` with straight quotation marks turned into pairs of the same length."""
    first, *pieces = text.split('"')
    return first + "".join(("”" if index % 2 else "“") + piece for index, piece in enumerate(pieces))


_grammars = PerLexicon(_Grammar)


def find_quantities(text: str, lexicon: Lexicon) -> tuple[Quantity, ...]:
    """Return the figures of normalised ``text`` in order; they never overlap, hedges included."""
    return _grammars(lexicon).find(text)
