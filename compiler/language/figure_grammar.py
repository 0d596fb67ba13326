"""The grammar of figures: expressions and word sets made from one lexicon.

The code knows the numerals of the language and its punctuation; all other words are the lexicon's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from compiler.language.unit_conversion import resolve_unit, trie_pattern, unit_of
from compiler.model import Bound, Form, Lexicon
from compiler.numbers import DIGITS, MAGNITUDES, PLAIN_DIGITS, POINT, ZEROS
from compiler.strings import is_han

LARGE = "万亿"
MAGNITUDE_SIGNS = "".join(MAGNITUDES)
NUMERAL_SIGNS = "".join(DIGITS) + MAGNITUDE_SIGNS
VAGUE = "几数"  # 几十, 数百: numerals without a value
SHARE = "分之"
COLONS = ":：∶︰﹕"
QUOTES = {"“": "”", "「": "」", "『": "』", "‘": "’", "《": "》", "〈": "〉"}

# Longer runs than these are no figures; the limits keep the work on any text proportional to its length.
NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?![0-9])(?:[.．][0-9]{1,15})?|[0-9]{1,15}(?![0-9])(?:[.．][0-9]{1,15})?)(?![0-9])"
)
_NUMERAL = rf"[{NUMERAL_SIGNS}]{{1,20}}(?:{POINT}[{''.join(DIGITS)}]{{1,15}})?"
EITHER_NUMBER = rf"(?:{NUMBER}|{_NUMERAL})"
MAGNITUDE = f"[{MAGNITUDE_SIGNS}]"
LONGEST_NAME = 20
"""How many characters a name in quotes may have that is stepped over, and a bracket that holds a unit."""

_LONGEST_TITLE = 80


class Endings:
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


def _begins(numeral_goes_on: Iterable[str], quotes: Mapping[str, str]) -> str:
    """Return an expression for where a figure may begin, or for a name in ``quotes`` or a title, which hold none.

    A digit begins one, a Chinese numeral with one of the characters that may follow it in a figure. It looks at
    nothing but the first character wherever that is none of these.
    """
    names = "".join(
        f"|(?<={opening})[^{closing}。；！？\n]{{0,{_LONGEST_TITLE if opening in '《〈' else LONGEST_NAME}}}{closing}"
        for opening, closing in quotes.items()
    )
    goes_on = re.escape("".join(sorted(numeral_goes_on)))
    return f"[0-9{NUMERAL_SIGNS}{''.join(quotes)}](?:(?<=[0-9])|(?<=[{NUMERAL_SIGNS}])(?=[{goes_on}]){names})"


class FigureGrammar:
    """The expressions and word sets of figures, compiled from one lexicon."""

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

    def _compile_numbers(self) -> None:
        lexicon = self.lexicon
        names = {word for unit in lexicon.units.values() for word in unit.words}
        unit = trie_pattern(names, _unlike(names, lexicon.words("number.not_units")))
        per = trie_pattern({*names, *lexicon.words("number.per")})
        slash = rf"(?:[/／·]{MAGNITUDE}{{0,3}}?{per}){{0,2}}"
        printed = rf"{unit}(?:[（(]{trie_pattern(word for word in names if len(word) < 3)}[)）])?{slash}"
        inside = trie_pattern(lexicon.words("number.inside"))
        dated = trie_pattern(
            word for name in ("year_words", "month_words", "day_words") for word in lexicon.words(f"number.{name}")
        )
        few, many = f"{MAGNITUDE}{{0,3}}?", f"{MAGNITUDE}{{0,3}}"
        with_unit = rf"({few})(?:({inside})({few}))?({printed})"
        without_unit = rf"({many})(?:({inside})({many}))?"
        # 3亿5000万元, 1万2千人: whole numbers joined by falling magnitudes.
        chain = rf"((?:[千万亿]{{1,2}}[0-9]{{1,8}}(?![0-9.,]|{dated})){{0,3}})"
        self.digits = re.compile(rf"({NUMBER}){chain}(?:{with_unit}|{without_unit})")
        # A numeral gives back what a unit begins with: 五万千瓦 is 五万 and 千瓦.
        self.numeral_with_unit = re.compile(rf"({_NUMERAL})(){with_unit}")
        self.numeral_without_unit = re.compile(rf"({_NUMERAL})()()(){without_unit}")
        self.range_mark = re.compile(trie_pattern(lexicon.words("number.range_marks")))
        self.unit_only = re.compile(unit)
        tenths = lexicon.words("number.tenths")
        tenth = trie_pattern(tenths, _unlike(tenths, lexicon.words("number.not_tenths")))
        self.tenths = re.compile(rf"({NUMBER}|[{PLAIN_DIGITS}十]){tenth}([{PLAIN_DIGITS}])?")
        self.tenth_starts = frozenset(word[0] for word in tenths)
        # What may follow a single Chinese numeral that is a figure.
        self.numeral_goes_on = frozenset(
            (
                *(word[0] for word in names),
                *(word[0] for word in lexicon.words("number.inside")),
                *(word[0] for word in lexicon.words("number.range_marks")),
                *(word[0] for word in lexicon.words("number.year_words")),
                *self.tenth_starts,
                *VAGUE,
                POINT,
                SHARE[0],
                *NUMERAL_SIGNS,
                "○",
            )
        )
        self.share = re.compile(rf"({EITHER_NUMBER}){SHARE}({EITHER_NUMBER})")
        self.part_of = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?![0-9/])")
        self.ratio = re.compile(rf"({NUMBER})%?(?:[{COLONS}]{NUMBER}%?)+(?![0-9])")
        self.one_number = re.compile(NUMBER)

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
            rf"|[0-9]{{1,2}}{trie_pattern(lexicon.words('period.ago'))}"
            r"|[0-9]+[+＋](?:[0-9A-Za-z]+(?:[+＋][0-9A-Za-z]+)*)?"
            r"|[0-9]+(?:\.[0-9]+)?(?:[×xX*・·•]+[0-9]+(?:\.[0-9]+)?)+"
            r"|[0-9]+([-./])[0-9]+(?:\1[0-9]+)+"
            r"|[0-9]{3,4}-[0-9]{7,}"
        )
        self.numeral_year = re.compile(rf"[{ZEROS}○O{PLAIN_DIGITS}]{{2,4}}{year}")
        suffixes = lexicon.words("number.name_suffixes")
        self.suffix = re.compile(trie_pattern(suffixes, _unlike(suffixes, lexicon.words("number.not_name_suffixes"))))
        self.unit_suffix = re.compile(trie_pattern(lexicon.words("number.unit_name_suffixes")))
        self.ordinals = Endings(lexicon.words("number.ordinal_marks"))
        self.not_ordinals = Endings(lexicon.words("number.not_ordinal"))
        self.documents = Endings(lexicon.words("number.document_marks"))
        self.order_signs = self.ordinals.last | self.documents.last
        self.from_marks = frozenset(lexicon.words("number.from_marks"))
        self.moves = (*lexicon.words("direction.up"), *lexicon.words("direction.down"))

    def _compile_words(self) -> None:
        lexicon = self.lexicon
        words: set[str] = {*lexicon.words("number.names_with_digits"), *lexicon.words("number.idioms")}
        for name, listed in lexicon.lists.items():
            if not name.startswith("number."):
                words.update(listed)
        numeral = re.compile(rf"[0-9{NUMERAL_SIGNS}]")
        to_digit = str.maketrans({character: str(value) for character, value in DIGITS.items()})
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
            if len(re.findall(rf"[{NUMERAL_SIGNS}]", word)) == 1 and first.group() in DIGITS:
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
        self.reaches = Endings(lexicon.words("number.reaches"))
        self.milestones = re.compile(trie_pattern(lexicon.words("number.milestones")))
        self.begins = re.compile(_begins(self.numeral_goes_on, QUOTES))
        self.may_begin = re.compile(_begins(self.numeral_goes_on, {}))  # what holds none of these holds no figure
        self.numerals = re.compile(f"[{NUMERAL_SIGNS}]+")
        self.neighbours = re.compile(f"([{PLAIN_DIGITS}])([{PLAIN_DIGITS}])[{MAGNITUDE_SIGNS}]")

    def _compile_hedges(self) -> None:
        before = {hedge.word: hedge.bound for hedge in self.lexicon.hedges if hedge.side == "before"}
        after = {hedge.word: hedge.bound for hedge in self.lexicon.hedges if hedge.side == "after"}
        self.before, self.after = before, after
        self.before_words = Endings(before)
        self.not_hedges = Endings(self.lexicon.words("number.not_hedges"))
        self.inside = frozenset(self.lexicon.words("number.inside"))
        self.after_pattern = re.compile(trie_pattern(after))

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

    def bound(self, before: str, inside: str, after: str) -> Bound:
        """Return the bound that hedges give a figure, the last of them that there is."""
        return self.after.get(after) or self.after.get(inside) or self.before.get(before) or Bound.EQ

    def hedge_before(self, text: str, start: int, floor: int) -> str:
        """Return the hedge that ends at ``start`` without reaching before ``floor``, else nothing."""
        word = self.before_words.at(text, start, floor)
        if not word:
            return ""
        other = self.not_hedges.at(text, start)
        return "" if other and other.endswith(word) and len(other) > len(word) else word

    def hedge_after(self, text: str, end: int) -> str:
        """Return the hedge that begins at ``end``, else nothing."""
        match = self.after_pattern.match(text, end)
        if match is None:
            return ""
        if match.group() in self.inside and is_han(text[match.end() : match.end() + 1]):
            return ""  # 3家多元化…, 100亿元余额
        return match.group()
