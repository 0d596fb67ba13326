"""All names, cue words and phrases of a rule book compiled for one pass over a text each.

The names of all indicators are found by one index, the longest literals of all phrases by another, the cue words of
the lexicon by a third: the cost of reading a sentence does not grow with the number of rules.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from compiler.garbage_collection import no_collection
from compiler.language.finder import Finder, Together
from compiler.language.gapped import Found
from compiler.language.guards import RAISED
from compiler.language.unit_conversion import trie_pattern
from compiler.model import CombinedRule, Exclusion, IndicatorRule, Lexicon, Measure, RuleBook
from compiler.numbers import NUMERALS
from compiler.rules.patterns import expand_pattern

FIGURE_MARK = "\ue000"
"""Stands for one figure in the text that phrases are matched against (a private-use character)."""

_GAP = "…"
_FIGURE = "〔数〕"


class NameEntry(NamedTuple):
    """One claim on a literal name: by which rule, and in which role.

    ``role`` is alias, short (counts only in a list), object (counts only under one of the rule's
    verbs), growth (its figure is a growth by itself) or combined (names several indicators). ``at`` and ``loose``
    are those of :class:`compiler.model.Alias`.
    """

    role: str
    rule: IndicatorRule | None = None
    combined: CombinedRule | None = None
    at: tuple[str, ...] = ()
    loose: bool = False


class CompiledPhrase(NamedTuple):
    """A phrase of a rule as pieces of text with gaps between them; in one of them, ``marked``, stands the figure.

    There are many thousands, and a tuple is made five times as fast as a dataclass.
    """

    rule: IndicatorRule
    measure: Measure | None
    shown: str
    pieces: tuple[str, ...]
    marked: str

    def may_stand_in(self, text: str) -> bool:
        """Tell whether all pieces stand in ``text``, in whatever order: mostly they do not, and that is quick."""
        return self.marked in text and all(map(text.__contains__, self.pieces))

    def figure_of(self, found: Found) -> int:
        """Return where the mark of the figure stands."""
        return next(
            start + piece.index(FIGURE_MARK)
            for start, piece in zip(found.starts, self.pieces, strict=True)
            if FIGURE_MARK in piece
        )


class Exclusions(NamedTuple):
    """What keeps a name from counting: ``always``, or only where its figure is one year's.

    Of what adds up over years (``over_years: sum``) 累计 tells the sum where several years are told of, as
    五年累计改造2.6万套; elsewhere since when is open.
    """

    always: tuple[Exclusion, ...]
    of_one_year: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What :func:`compile_rules` makes of a rule book."""

    rulebook: RuleBook
    lexicon: Lexicon
    names: Finder
    names_with_digits: frozenset[str]
    entries: dict[str, tuple[NameEntry, ...]]
    cues: Finder
    categories: dict[str, frozenset[str]]
    bracketed_cues: re.Pattern[str]
    missed: re.Pattern[str]
    target_cues: re.Pattern[str]
    anchors: Finder
    index: Together  # of names and anchors, in this order
    phrases: Phrases
    telling: re.Pattern[str]  # a word without which a sentence that has no figure tells nothing
    words_targets: re.Pattern[str]
    remarks: re.Pattern[str]
    by_id: dict[str, IndicatorRule]
    quoted_target: re.Pattern[str]
    told_done: re.Pattern[str]
    joins: re.Pattern[str]
    lead_ins: re.Pattern[str]
    circumstances: re.Pattern[str]
    set_aside: re.Pattern[str]
    standards: re.Pattern[str]
    thresholds: re.Pattern[str]
    level_with: re.Pattern[str]
    plan_bases: re.Pattern[str]
    ago_bases: re.Pattern[str]
    ranks: re.Pattern[str]
    rank_scopes: re.Pattern[str]
    rank_between: re.Pattern[str]
    opens_year: re.Pattern[str]
    looks_back: re.Pattern[str]
    dealing: re.Pattern[str]
    sorted_names: list[str] = field(default_factory=list)  # made when first asked for
    verbs: dict[str, frozenset[str]] = field(default_factory=dict)
    exclusions: dict[str, Exclusions] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept from run to run: names and their entries as few values, which are read back quickly."""
        state = {one.name: getattr(self, one.name) for one in fields(self)}
        kinds: dict[object, tuple[int, tuple[NameEntry, ...]]] = {}
        numbers = array("I")
        for entries in self.entries.values():
            # A rule is told from another by which it is: to compare all that it holds would take long.
            kind = tuple((one.role, id(one.rule), id(one.combined), one.at, one.loose) for one in entries)
            numbers.append(kinds.setdefault(kind, (len(kinds), entries))[0])
        state["entries"] = "\n".join(self.entries), numbers.tobytes(), tuple(entries for _, entries in kinds.values())
        state["names"], state["index"], state["sorted_names"] = self.names.packed(), None, []
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        joined, coded, kinds = state["entries"]
        numbers = array("I")
        numbers.frombytes(coded)
        entries = dict(zip(joined.split("\n"), map(kinds.__getitem__, numbers), strict=True)) if joined else {}
        names = Finder.unpacked(entries, state["names"])
        for name, value in {
            **state, "entries": entries, "names": names, "index": Together((names, state["anchors"]))
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    def names_from(self, head: str) -> Iterator[str]:
        """Yield the names that go on from a head."""
        if not self.sorted_names:
            self.sorted_names.extend(sorted(self.entries))
        for at in range(bisect_left(self.sorted_names, head), len(self.sorted_names)):
            name = self.sorted_names[at]
            if not name.startswith(head):
                return
            if name != head:
                yield name

    def verbs_of(self, rule: IndicatorRule) -> frozenset[str]:
        """Return the verbs that govern the objects of a rule, written out."""
        found = self.verbs.get(rule.id)
        if found is None:
            found = self.verbs[rule.id] = frozenset(literal for verb in rule.verbs for literal in expand_pattern(verb))
        return found

    def exclusions_of(self, rule: IndicatorRule) -> Exclusions:
        """Return what keeps names from counting for a rule."""
        found = self.exclusions.get(rule.id)
        if found is None:
            sums = self.lexicon.words("guard.cumulative") if rule.over_years == "sum" else ()
            found = self.exclusions[rule.id] = Exclusions(
                _with_words(rule, lambda word: not word.startswith(sums)),
                _with_words(rule, lambda word: word.startswith(sums)),
            )
        return found


def _with_words(rule: IndicatorRule, wanted: Callable[[str], bool]) -> tuple[Exclusion, ...]:
    """Return the exclusions of a rule with the wanted ones of their words, those without any left out."""
    kept = (replace(one, words=tuple(filter(wanted, one.words))) for one in rule.exclude)
    return tuple(one for one in kept if one.words)


# Word lists that may stand between or around names and figures, by the category that a token gets.
_CUE_LISTS = {
    "direction.up": "up",
    "direction.nouns": "rate_noun",
    "direction.down": "down",
    "direction.better": "better",
    "direction.worse": "worse",
    "glue.verbs": "glue",
    "glue.adverbs": "glue",
    "glue.suffixes": "suffix",
    "glue.modifiers": "modifier",
    "glue.prepositions": "preposition",
    "list.joins": "join",
    "list.respectively": "respectively",
    "list.each": "each",
    "list.among": "among",
    "list.former": "former",
    "list.latter": "latter",
    "tier.stretch": "stretch",
    "tier.base": "base_tier",
    "tier.stretch_open": "stretch_open",
    "status_note": "status",
    "guard.scope_below": "scope_below",
    "guard.scope_body": "scope_body",
    "guard.cumulative": "cumulative",
    "guard.period_short": "period_short",
    "guard.period_long": "period_long",
    "guard.period_reset": "period_reset",
    "guard.present": "present",
    "guard.same_year": "same_year",
    "guard.average": "average",
    "guard.totals": "total",
    "guard.per_head": "per_head",
    "guard.of": "of",
    "guard.comparison": "comparison",
    "guard.gap": "gap",
    "guard.compared_with": "compared_with",
    "guard.rank": "rank",
    "guard.share": "share",
    "guard.old_target": "old_target",
    "guard.achieved_in_plan": "achieved_in_plan",
    "guard.plan_in_review": "plan_in_review",
    "guard.added": "added",
    "part.coming_year": "coming_year",
    "completion.share_of_plan": "share_of_plan",
    "completion.below_target": "below_target",
    "completion.above_target": "above_target",
    "completion.missed": "missed",
    "glue.held": "held",
    "glue.from": "from",
}

_DIGITS = str.maketrans("一二两三四五六七八九", "1223456789")

NOTHING = re.compile(r"(?!)")


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(trie_pattern(words)) if words else NOTHING


def _compile_names(rulebook: RuleBook) -> dict[str, tuple[NameEntry, ...]]:
    entries: dict[str, list[NameEntry]] = defaultdict(list)

    def claim(patterns: tuple[str, ...], entry: NameEntry) -> None:
        for pattern in patterns:
            for literal in expand_pattern(pattern):
                if literal and entry not in entries[literal]:
                    entries[literal].append(entry)

    for rule in rulebook.indicators:
        own_name = () if rule.objects and rule.name in rule.objects else (rule.name,)
        conditions = {alias.name: alias for alias in rule.conditional}
        claim((*own_name, *(name for name in rule.aliases if name not in conditions)), NameEntry("alias", rule))
        for alias in rule.conditional:
            claim((alias.name,), NameEntry("alias", rule, at=alias.at, loose=alias.loose))
        claim(rule.short, NameEntry("short", rule))
        claim(rule.objects, NameEntry("object", rule))
        claim(rule.growth_names, NameEntry("growth", rule))
    for combined in rulebook.combined:
        claim(combined.names, NameEntry("combined", None, combined))
    _uncover_guards(entries, rulebook.lexicon)
    return {literal: tuple(claims) for literal, claims in entries.items()}


def _uncover_guards(entries: dict[str, list[NameEntry]], lexicon: Lexicon) -> None:
    """Drop names that only add a scope or a period to another name (全省生产总值, 累计新增就业).

    Such a name would swallow the word that tells whose figure it is, or of which years.
    """
    openers = {
        word
        for name, words in lexicon.lists.items()
        if name.startswith(("guard.scope_own", "guard.scope_above", "guard.period"))
        or name in ("guard.average", "guard.cumulative")
        for word in words
    }
    own_names = {entry.rule.name for claims in entries.values() for entry in claims if entry.rule is not None}
    begins = tuple(openers)
    for literal in [literal for literal in entries if literal.startswith(begins)]:
        if literal in own_names:
            continue
        for cut in range(1, len(literal)):
            shorter = entries.get(literal[cut:]) if literal[:cut] in openers else None
            if shorter is not None:
                kept = [entry for entry in entries[literal] if entry not in shorter]
                entries[literal] = kept
        if not entries[literal]:
            del entries[literal]


def _compile_cues(rulebook: RuleBook) -> dict[str, frozenset[str]]:
    lexicon = rulebook.lexicon
    categories: dict[str, set[str]] = defaultdict(set)
    for name, category in _CUE_LISTS.items():
        for word in lexicon.words(name):
            categories[word].add(category)
            if name.startswith("guard.period") and "十" not in word:
                categories[word.translate(_DIGITS)].add(category)  # 五年来 is also written 5年来
            if name.startswith("guard.period") and word.startswith("“"):
                categories[re.sub("[“”]", "", word)].add(category)  # 十三五期间
    for name in RAISED:
        for word in lexicon.words(name):
            categories[word].add(name)
    for verb, noun, of in product(*map(lexicon.words, ("completion.plan_verbs", "completion.plan_nouns", "guard.of"))):
        categories[f"{verb}{noun}{of}"].add("share_of_plan")  # 为年度预算的102.6%
    nouns = lexicon.words("direction.nouns")
    for direction in (*lexicon.words("direction.up"), *lexicon.words("direction.down")):
        if direction in nouns:
            continue  # 增速达到7.8% is a growth all the same
        # 增加到, 降至: a direction that leads to a level is not a growth.
        for to in lexicon.words("direction.to"):
            categories[direction + to].add("to_level")
    for rule in rulebook.indicators:
        for verb in rule.verbs:
            for literal in expand_pattern(verb):
                categories[literal].add("verb")
    for name, words in lexicon.lists.items():
        if name.startswith("guard.scope_own") or name == "guard.scope_above":
            for word in words:
                categories[word].add("scope")
    return {word: frozenset(found) for word, found in categories.items() if word and word != "，"}


class Phrases:
    """The phrases of all rules by their anchors.

    There are tens of thousands of them, and a report has a few dozen of their anchors: so of each anchor the literals
    stand as one text, each with the numbers of its rule and of the phrase, and are made into phrases when asked for.
    """

    def __init__(self, rulebook: RuleBook) -> None:
        literals: dict[str, list[str]] = defaultdict(list)
        for number, rule in enumerate(rulebook.indicators):
            for of_rule, phrase in enumerate(rule.phrases):
                for anchor, literal in _anchored(phrase.pattern):
                    literals[anchor].append(f"{number} {of_rule} {literal}")
        self._rules = rulebook.indicators
        self._literals = {anchor: "\n".join(found) for anchor, found in literals.items()}
        self._made: dict[str, tuple[CompiledPhrase, ...]] = {}
        self._beginning: dict[str, tuple[str, ...]] = {}

    def anchors(self) -> Iterable[str]:
        """Return all anchors."""
        return self._literals

    def beginning(self, longest: str) -> tuple[str, ...]:
        """Return the anchors with which an anchor begins, itself among them, the shortest first."""
        found = self._beginning.get(longest)
        if found is None:
            heads = (longest[:last] for last in range(1, len(longest) + 1))
            found = self._beginning[longest] = tuple(head for head in heads if head in self._literals)
        return found

    def of(self, anchor: str) -> tuple[CompiledPhrase, ...]:
        """Return the phrases with this anchor, in the order of the rules."""
        found = self._made.get(anchor)
        if found is None:
            listed = self._literals.get(anchor)
            if listed is None:
                return ()
            found = self._made[anchor] = tuple(map(self._compiled, listed.split("\n")))
        return found

    def _compiled(self, listed: str) -> CompiledPhrase:
        number, of_rule, literal = listed.split(" ", 2)
        rule = self._rules[int(number)]
        phrase = rule.phrases[int(of_rule)]
        pieces = tuple(literal.replace(_FIGURE, FIGURE_MARK).split(_GAP))
        marked = next(piece for piece in pieces if FIGURE_MARK in piece)
        return CompiledPhrase(rule, phrase.measure, phrase.pattern, pieces, marked)


@lru_cache(maxsize=4096)
def _anchored(pattern: str) -> tuple[tuple[str, str], ...]:
    """Return the literals of a phrase, each behind its longest piece.

    Kept, since rules are compiled again after each edit, and an edit changes few of them.
    """
    found = []
    for literal in expand_pattern(pattern):
        anchor = max(literal.replace(_FIGURE, _GAP).split(_GAP), key=len)
        if _FIGURE in literal and anchor:  # else it was refused with a message when the rules were loaded
            found.append((anchor, literal))
    return tuple(found)


def _compile_gapped(words: Sequence[str], gap: str) -> re.Pattern[str]:
    """Return an expression for words in which … stands for a short gap; those that begin alike share their gaps."""
    ends: dict[str, list[str]] = defaultdict(list)
    for word in words:
        *before, last = map(re.escape, word.split(_GAP))
        ends["".join(f"{piece}{gap}" for piece in before)].append(last)
    return re.compile("|".join(f"{before}(?:{'|'.join(last)})" for before, last in ends.items())) if ends else NOTHING


def _lead_ins(lexicon: Lexicon) -> list[str]:
    """Return the words that may stand before the first member of a list: 全市, 实现, 预计."""
    names = [name for name in lexicon.lists if name.startswith("guard.scope_own.")]
    listed = (*names, "glue.verbs", "glue.adverbs", "status_note", "guard.period_reset", "list.among")
    return [word for name in listed for word in lexicon.words(name)]


def _compile_circumstances(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for an adverbial that may hold figures of its own: 在…的背景下."""
    starts, ends = lexicon.words("remark.around"), lexicon.words("remark.around_ends")
    if not starts or not ends:
        return NOTHING
    return re.compile(f"(?:{trie_pattern(list(starts))})[^，；。！？]{{2,28}}?(?:{trie_pattern(list(ends))})")


def _compile_set_aside(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for what a growth is told without: 剔除减税降费因素, 扣除留抵退税影响后."""
    starts, ends = lexicon.words("remark.aside"), lexicon.words("remark.aside_ends")
    if not starts or not ends:
        return NOTHING
    return re.compile(f"(?:{trie_pattern(list(starts))})[^，。；！？（）0-9]{{2,20}}?(?:{trie_pattern(list(ends))})")


def _compile_ranks(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for a rank as printed: 居全省第2位, 位列全国百强县第37位, 居全省前列."""
    starts, ends = list(lexicon.words("rank.starts")), list(lexicon.words("rank.ends"))
    if not starts or not ends:
        return NOTHING
    one = f"第[0-9{''.join(NUMERALS)}]+"
    numbered = f"{one}(?:、{one})*(?:{trie_pattern(list(lexicon.words('rank.counters')))})?"
    to = trie_pattern(list(lexicon.words("direction.to")))
    # 由全省第10位跃升至第1位: the rank is told to its end.
    moved = f"(?:[^，。；：、（0-9]{{0,4}}?{to}[^，。；：、（0-9]{{0,6}}{numbered})?"
    return re.compile(f"(?:{trie_pattern(starts)})[^，。；：、（]{{0,12}}?(?:{numbered}{moved}|{trie_pattern(ends)})")


def _compile_rank_between(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for what may stand between a figure and its rank: ，增速 in 增长5%，增速居全省第2位.

    A comparison of the same figure (高于全省0.5个百分点) may stand there as well.
    """
    words = trie_pattern(list(lexicon.words("rank.between")))
    compared = trie_pattern(list(lexicon.words("guard.comparison")))
    return re.compile(
        f"(?:[，、,]|{words}|连续[0-9{''.join(NUMERALS)}]{{1,2}}年|{compared}[^，。；、,]{{1,12}}百分点)*"
    )


def _compile_level_with(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for what stands before 持平 where it names another place: 与全省平均水平."""
    joins, places = list(lexicon.words("list.joins")), list(lexicon.words("words_target.level_with"))
    if not joins or not places:
        return NOTHING
    return re.compile(f"(?:{trie_pattern(joins)})(?:{trie_pattern(places)})+$")


def _compile_bases(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return expressions for years that a growth is told against: a plan's (比“十二五”末), counted ones (比五年前)."""
    before = trie_pattern(list(lexicon.words("period.base_before")))
    ends, ago = (trie_pattern(list(lexicon.words(f"period.{name}"))) for name in ("plan_ends", "ago"))
    plan = re.compile(f'(?:{before})[“"]?[一二三四五六七八九十]{{1,2}}五[”"]?(?:{ends})?')
    return plan, re.compile(f"(?:{before})(?:[二两三四五六七八九十]{{1,3}}|[0-9]{{1,2}}){ago}")


def _compile_opens_year(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for a sentence that turns from several years to a single one with its first words."""
    said = (
        f"[^，。；]{{0,14}}{trie_pattern(list(lexicon.words('part.last_of_term')))}，"  # 任期的最后一年，也就是2016年
    )
    year = (
        f"(?:{said})?[^，。；]{{0,6}}(?:19|20)[0-9]{{2}}年" + f"(?!{trie_pattern(list(lexicon.words('period.since')))})"
    )
    return re.compile(f"{year}|{trie_pattern(list(lexicon.words('guard.period_reset')))}")


def _compile_looks_back(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for a sentence that turns to last year as its topic: 特别是去年，…"""
    leads = trie_pattern(list(lexicon.words("part.turn_leads")))
    years = trie_pattern(list(lexicon.words("guard.achieved_in_plan")))
    return re.compile(f"(?:{leads})*(?:{years})，")


def _compile_telling(lexicon: Lexicon) -> re.Pattern[str]:
    """Return an expression for what may open a target in words, say that one was missed, or announce targets."""
    pieces = (max(start.split(_GAP), key=len) for start in lexicon.words("words_target.starts"))
    return _pattern([*pieces, *lexicon.words("completion.missed"), *lexicon.words("part.target_cues")])


def _compile_words_targets(lexicon: Lexicon) -> re.Pattern[str]:
    alternatives = []
    for start in lexicon.words("words_target.starts"):
        pieces = [re.escape(piece) for piece in start.split(_GAP)]
        alternatives.append("[^，；。！？、：]{1,20}?".join(pieces))
    # What follows the opening words belongs to the target up to the end of the clause.
    return _guarded(lexicon.words("words_target.starts"), alternatives, "[^，；。！？：（）”]*")


def _guarded(starts: Sequence[str], alternatives: Sequence[str], tail: str = "") -> re.Pattern[str]:
    """Return the alternatives, each with its start, as one expression that tries none where no start begins.

    The first character stands before them as a set, by which ``re`` passes over a text; each then asks for its own.
    """
    if not alternatives:
        return NOTHING
    rests: dict[str, list[str]] = defaultdict(list)
    for start, whole in zip(starts, alternatives, strict=True):
        first = re.escape(start[0])
        rests[first].append(whole.removeprefix(first))
    branches = (f"(?<={first})(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile(f"[{''.join(sorted(rests))}](?:{'|'.join(branches)}){tail}")


def compile_rules(rulebook: RuleBook) -> Language:
    """Compile all names, cues and phrases of ``rulebook``."""
    with no_collection():
        return _compile(rulebook)


def _compile(rulebook: RuleBook) -> Language:
    lexicon = rulebook.lexicon
    entries = _compile_names(rulebook)
    categories = _compile_cues(rulebook)
    phrases = Phrases(rulebook)
    names, anchors = Finder(entries), Finder(phrases.anchors())
    plan_bases, ago_bases = _compile_bases(lexicon)
    remarks = [
        f"{re.escape(start)}[^，；。！？（）]{{0,14}}?(?:{trie_pattern(list(lexicon.words('remark.ends')))})+"
        for start in lexicon.words("remark.starts")
    ]
    return Language(
        rulebook=rulebook,
        lexicon=lexicon,
        names=names,
        names_with_digits=frozenset(filter(re.compile(r"\d").search, entries)),
        entries=entries,
        cues=Finder(categories),
        categories=categories,
        target_cues=_pattern(list(lexicon.words("part.target_cues"))),
        missed=_pattern(list(lexicon.words("completion.missed"))),
        bracketed_cues=_pattern([word for word in categories if "（" in word]),
        anchors=anchors,
        index=Together((names, anchors)),
        phrases=phrases,
        telling=_compile_telling(lexicon),
        words_targets=_compile_words_targets(lexicon),
        remarks=_guarded(lexicon.words("remark.starts"), remarks),
        quoted_target=_compile_gapped(lexicon.words("guard.quoted_target"), "[^，。；、（）]{0,8}"),
        told_done=_compile_gapped(lexicon.words("guard.told_done"), "[^，。；、（）]{0,8}"),
        joins=_pattern(list(lexicon.words("list.joins"))),
        lead_ins=re.compile(f"(?:{trie_pattern(_lead_ins(lexicon))}|[^，；。]{{0,6}}年)+"),
        circumstances=_compile_circumstances(lexicon),
        set_aside=_compile_set_aside(lexicon),
        standards=_pattern(list(lexicon.words("guard.standard"))),
        ranks=_compile_ranks(lexicon),
        rank_scopes=re.compile(f"(?:{trie_pattern(list(lexicon.words('rank.scopes')))})?$"),
        rank_between=_compile_rank_between(lexicon),
        plan_bases=plan_bases,
        ago_bases=ago_bases,
        level_with=_compile_level_with(lexicon),
        thresholds=re.compile(f"(?:的[^，。；、：]{{0,6}}?)?{trie_pattern(list(lexicon.words('guard.threshold_of')))}"),
        dealing=_pattern(list(lexicon.words("list.respectively"))),
        opens_year=_compile_opens_year(lexicon),
        looks_back=_compile_looks_back(lexicon),
        by_id={rule.id: rule for rule in rulebook.indicators},
    )
