"""What the words of a report say of scope, period and role: one fold over the tokens.

A guard keeps a figure that is somebody else's (a county, the nation), of another period (a quarter, five years, 2020)
or of another role (last year's target) out of the facts. The fold carries what is raised across clauses, sentences and
paragraphs alike; each thing raised says how long it lasts. All words come from the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from compiler.language.guards import GUARDS, RAISED, Guard, Lasts
from compiler.language.periods import Period, PeriodKind, years_of
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.language.units import PerLexicon
from compiler.model import Identity, Lexicon, Part
from compiler.strings import any_of


class Role(Enum):
    """Whether the words turn from results to targets or back, against the part that they stand in."""

    NONE = auto()
    ACHIEVED = auto()  # 去年…, in the plan: last year's result
    BASE = auto()  # 在去年…的基础上
    PLANNED = auto()  # 今年将…, in the review: this year's target


class Scope(NamedTuple):
    """Whose figures follow where they are not the report's own; ``named`` once an indicator has been named for them."""

    word: str
    body: bool = False  # an enterprise or the like: it ends with its clause
    named: bool = False
    topic: bool = False  # set apart by a mark: 高新区：…
    figured: bool = False  # a figure has been told of it
    told: bool = False  # … of an indicator
    group: bool = False  # each of several places (12县区均…), or 其中 one: it ends with the semicolon
    firm: bool = False  # one enterprise by its name: its figures go on over commas
    event: bool = False  # a festival or fair: it ends with the semicolon and where the year is taken up
    place: bool = False  # a county or the like by its name, no zone
    crossed: bool = False  # … and a comma has been crossed since
    waits: bool = False  # it opens its sentence and something else is told of it: figures that a verb leads are its own


class Raised(NamedTuple):
    """A guard that is up, with the word that raised it."""

    guard: Guard
    word: str
    lasts: Lasts


class Context(NamedTuple):
    """What holds at a token. The last of ``periods`` decides; ``base_year`` is the year a growth is told against."""

    scope: Scope | None = None
    periods: tuple[Period, ...] = ()
    raised: tuple[Raised, ...] = ()
    base_year: int = 0
    base_lasts: Lasts = Lasts.CLAUSE
    role: Role = Role.NONE
    role_lasts: Lasts = Lasts.SEMICOLON
    status: str = ""
    status_lasts: Lasts = Lasts.SEMICOLON
    targets: bool = False  # the paragraph states targets of the coming year
    span: Period | None = None  # the several years named last in the sentence: what is summed up is theirs
    summed: str = ""  # 累计, 共计: what follows in the clause is a sum
    averaged_over: Period | None = None  # the years of a yearly average where none are open: since a base year told

    @property
    def averaged(self) -> bool:
        """Whether the figure is a yearly average."""
        return self.up(Guard.AVERAGE) is not None

    @property
    def period(self) -> Period | None:
        """The period that holds."""
        return self.periods[-1] if self.periods else None

    def up(self, guard: Guard) -> Raised | None:
        """Return the guard where it is raised."""
        return next((raised for raised in self.raised if raised.guard is guard), None)

    def raising(self, guard: Guard, word: str, lasts: Lasts) -> Context:
        """Return the context with a guard raised anew."""
        others = tuple(raised for raised in self.raised if raised.guard is not guard)
        return self._replace(raised=(*others, Raised(guard, word, lasts)))

    def opening(self, period: Period) -> Context:
        """Return the context in which ``period`` holds; it takes the place of one of the same kind and lifetime."""
        kept = tuple(p for p in self.periods if (p.kind, p.lasts) != (period.kind, period.lasts))
        return self._replace(periods=(*kept, period))

    def of_one_year(self) -> Context:
        """Return the context after a word that returns to the year: spans and parts of a year are over."""
        return self._replace(periods=tuple(p for p in self.periods if p.kind is PeriodKind.YEAR))

    def _ends(self, ended: Sequence[Lasts]) -> bool:
        """Tell whether anything that holds lasts no longer than the given lifetimes."""
        return (
            any(period.lasts in ended for period in self.periods)
            or any(raised.lasts in ended for raised in self.raised)
            or (self.base_year != 0 and self.base_lasts in ended)
            or (self.role is not Role.NONE and self.role_lasts in ended)
            or (bool(self.summed) and Lasts.CLAUSE in ended)
        )

    def past(self, *ended: Lasts) -> Context:
        """Return the context without what lasts no longer than the given lifetimes."""
        if not self._ends(ended):
            return self
        return self._replace(
            periods=tuple(p for p in self.periods if p.lasts not in ended),
            raised=tuple(raised for raised in self.raised if raised.lasts not in ended),
            base_year=0 if self.base_lasts in ended else self.base_year,
            role=Role.NONE if self.role_lasts in ended else self.role,
            summed="" if Lasts.CLAUSE in ended else self.summed,
        )


# --- whose scope words are whose ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which scope words are the report's own, by the level of its place."""

    own: frozenset[str]
    above: frozenset[str]
    suffixes: tuple[str, ...]
    suffixed: re.Pattern[str]
    zones: re.Pattern[str]
    events: re.Pattern[str]
    sites: re.Pattern[str]
    place: str
    not_places: tuple[str, ...]
    counted: re.Pattern[str]
    counters: tuple[str, ...]

    def is_own(self, name: str) -> bool:
        """Tell whether a name that ends like a place is the report's own place."""
        return name in self.place or self.place.endswith(name[-3:]) or name.endswith(self.not_places)


def own_words(place: str, level: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words that a report on ``place`` uses of itself (全市, 我省), by its level."""
    own = lexicon.words(f"guard.scope_own.{level}")
    units = lexicon.words("guard.county_units")
    if level != "县级" or not place.endswith(units):
        return own
    # 全市 in a county's report is the city above it, unless the county is itself a city.
    return tuple(word for word in own if word[-1] == place[-1] or not word.endswith(units))


def scopes_of(identity: Identity, lexicon: Lexicon) -> Scopes:
    """Return the scope words of a report on ``identity``; those of the last places are kept."""
    known = _known_scopes(lexicon)
    key = identity.place_level, identity.place, identity.also
    if key not in known:
        while len(known) >= _KEPT_SCOPES:
            known.pop(next(iter(known)))
        known[key] = _scopes_of(identity, lexicon)
    return known[key]


_KEPT_SCOPES = 16
"""The examples of all rules are read for a handful of places."""


@PerLexicon
def _known_scopes(lexicon: Lexicon) -> dict[tuple[str, str, tuple[str, ...]], Scopes]:
    return {}


def _scopes_of(identity: Identity, lexicon: Lexicon) -> Scopes:
    every = {word for name, words in lexicon.lists.items() if name.startswith("guard.scope_own.") for word in words}
    own = set(own_words(identity.place, identity.place_level, lexicon)) or set(every)
    own |= set(lexicon.words(f"guard.scope_level.{identity.place_level}"))
    names = (identity.place, *identity.also)
    own |= {word for word in lexicon.words("guard.scope_below") if any(name.endswith(word) for name in names)}
    own |= set(identity.also)
    resets = set(lexicon.words("guard.period_reset"))
    above = (every | set(lexicon.words("guard.scope_above"))) - own - resets
    return Scopes(
        own=frozenset(own - resets),
        above=frozenset(above),
        suffixes=lexicon.words("guard.place_suffixes"),
        suffixed=re.compile(f"([\u4e00-\u9fff]{{1,8}}(?:{any_of(lexicon.words('guard.place_suffixes'))}))$"),
        zones=re.compile(f"([\u4e00-\u9fff]{{1,8}}?(?:{any_of(lexicon.words('guard.zone_suffixes'))}))"),
        events=re.compile(any_of(lexicon.words("guard.events"))),
        sites=re.compile(f"([\u4e00-\u9fff]{{2,8}})(?:{any_of(lexicon.words('guard.site_suffixes'))})"),
        place=identity.place,
        not_places=lexicon.words("guard.not_places"),
        counted=re.compile(f"(?:{any_of(lexicon.words('guard.counted_places'))})$"),
        counters=lexicon.words("guard.counters"),
    )


def place_pattern(identity: Identity) -> re.Pattern[str]:
    """Return an expression that finds the names of places below the report's own."""
    names = sorted({name for name in identity.children if len(name) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))) if names else re.compile(r"(?!)")


# --- how words stand in their clause -----------------------------------------------------------

_LONGEST_SUBJECT = 10
"""How many characters of a clause may stand before a scope word that is its subject (国家级经济技术开发区)."""


_LONGEST_PLACE = 6
"""How many characters may stand before the word for a zone that opens a sentence: 综合|保税区."""


_SHORTEST_FIRM = 2
"""How many characters the name of an enterprise has at least before the word that says what it is."""


def _clause_before(tokens: Sequence[Token], index: int) -> int:
    """Return how many characters of other text stand before token ``index`` in its clause."""
    count = 0
    for position in range(index - 1, -1, -1):
        token = tokens[position]
        if token.kind is TokenKind.MARK:
            break
        if not token.has("join", "place_below", "period_reset", "status") and token.kind is not TokenKind.YEAR:
            count += len(token.text)
    return count


_PREDICATES = frozenset(
    {
        "glue",
        "up",
        "down",
        "to_level",
        "period_reset",
        "cumulative",
        "status",
        "each",
        "respectively",
        "added",
        "stretch",
        "base_tier",
    }
)
"""What may follow the subject of a statement."""


def _is_subject(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the scope word at ``index`` is what the clause speaks of."""
    tokens = sentence.tokens
    told = index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.NAME
    if index > 0 and tokens[index - 1].has("preposition") and told and tokens[index].has("place_below"):
        return True  # 支持江都区地区生产总值突破1500亿元
    if index > 0 and tokens[index - 1].has("preposition", "comparison", "share", "rank"):
        return False
    position = index + 1
    while position < len(tokens) and tokens[position].kind is TokenKind.REMARK:
        position += 1
    if position >= len(tokens):
        return False
    following = tokens[position]
    if following.kind is TokenKind.MARK:
        # 高新区：… and 松山新区，… open a statement on it when they begin the clause.
        starts = index == 0 or tokens[index - 1].kind is TokenKind.MARK
        return starts and following.text in "：，"
    compares = following.has("compared_with") and not following.has("period_reset")  # 新区去年完成… tells of the zone
    if following.has("rank") or compares or _clause_before(tokens, index) > _LONGEST_SUBJECT:
        return False
    lexicon = sentence.language.lexicon
    if following.kind is TokenKind.TEXT and following.text.endswith(lexicon.words("guard.noun_endings")):
        return True  # 开发区销售收入增长41%
    county = tokens[index].has("scope_below") and following.kind is TokenKind.TEXT
    if county and not following.text.startswith(lexicon.words("guard.no_predicate")):
        # 大通、湟中两县解决…: counties that open a clause are what it speaks of, whatever the verb.
        return tokens[index].text.endswith(lexicon.words("guard.county_units"))
    if following.kind is TokenKind.NAME and all(entry.role == "object" for entry in following.entries):
        # 乡镇|街道履职清单全面建立: a thing that a rule may know, of which nothing is told
        following = tokens[position + 1] if position + 1 < len(tokens) else following
        if following.kind is TokenKind.FIGURE:
            return True
    return following.kind in (TokenKind.NAME, TokenKind.YEAR) or not following.categories.isdisjoint(_PREDICATES)


def _before_mark(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.MARK


def _opens_clause(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether nothing but a year or a status word stands before the token in its clause."""
    before = tokens[index - 1] if index else None
    return before is None or before.kind in (TokenKind.MARK, TokenKind.YEAR) or before.has("period_reset", "status")


def _starts_clause(tokens: Sequence[Token], index: int) -> bool:
    return index == 0 or tokens[index - 1].kind in (TokenKind.MARK, TokenKind.REMARK)


def _is_member(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the token ends a member of a list that a name opens: 高新技术企业、瞪羚企业分别新增…"""
    position = index - 1
    while position > 0 and tokens[position].kind is TokenKind.TEXT:
        position -= 1
    return 0 < position < index - 1 and tokens[position].has("join") and tokens[position - 1].kind is TokenKind.NAME


def _whole_place(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> str:
    """Return the text at ``index``, with the head of a place's name that holds a word: 永|和|镇, 江|都|区."""
    text = tokens[index].text
    whole = text in lexicon.words("guard.place_suffixes")
    if index < 2 or not whole or not tokens[index - 1].has("join", "each"):
        return text
    head = tokens[index - 2]
    return f"{head.text}{tokens[index - 1].text}{text}" if head.kind is TokenKind.TEXT else text


def _led_by_verb(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a clause begins at ``index`` with a verb that leads to figures, a time before it aside."""
    while index < len(tokens) and (tokens[index].kind is TokenKind.YEAR or tokens[index].has("period_reset")):
        index += 1
    return index < len(tokens) and tokens[index].has("glue", "verb", "added", "cumulative", "to_level")


def _lists_old(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the year at ``index`` stands in a list of old figures: 由2015年的87元、2018年的73元降至66元."""
    if index < 2 or not tokens[index - 1].has("join") or tokens[index - 2].kind is not TokenKind.FIGURE:
        return False
    for token in reversed(tokens[: index - 2]):
        if token.kind is TokenKind.MARK:
            return False
        if token.has("from"):
            return True
    return False


def _counted_place(sentence: TokenisedSentence, index: int, scopes: Scopes) -> str:
    """Return the counted places that the name at ``index`` belongs to: 74个重点城市细颗粒物浓度."""
    between = ""
    for position in range(index - 1, max(-1, index - 5), -1):
        token = sentence.tokens[position]
        if token.kind is TokenKind.FIGURE:
            found = scopes.counted.search(between)
            return token.text + between if found and token.text.endswith(scopes.counters) else ""
        if token.kind is TokenKind.MARK or token.has("glue", "up", "down", "join"):
            return ""
        between = token.text + between
    return ""


# --- the fold ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Fold:
    """Goes over the tokens of one part of a report and keeps what holds."""

    identity: Identity
    scopes: Scopes
    part: Part
    lexicon: Lexicon
    opens: bool = False  # the sentence is the first of its paragraph
    opening: Context = field(default_factory=Context)

    @property
    def planned(self) -> bool:
        """Whether the part tells what is to come."""
        return self.part in (Part.PLAN, Part.PLAN_SPAN)

    @property
    def own_year(self) -> int:
        """The year that figures of the part are about."""
        return self.identity.report_year if self.planned else self.identity.report_year - 1

    def walk(self, sentence: TokenisedSentence, opening: Context) -> list[Context]:
        """Return the context before each token, starting from ``opening``, and after the last one."""
        self.opening = opening
        context = opening
        contexts = []
        for index, token in enumerate(sentence.tokens):
            contexts.append(context)
            step = _STEPS.get(token.kind)
            if step is not None:
                context = step(self, context, sentence, index)
        contexts.append(context)
        return contexts

    def name(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A name: from here on the scope that stands goes on after the comma."""
        if index and sentence.tokens[index - 1].text in self.lexicon.words("guard.every_year"):
            context = context.raising(Guard.AVERAGE, sentence.tokens[index - 1].text, Lasts.CLAUSE)
        if context.scope is not None:
            return context._replace(scope=context.scope._replace(named=True, told=True))
        counted = _counted_place(sentence, index, self.scopes)
        if counted:
            return context._replace(scope=Scope(counted, body=True, named=True))
        port = self._port(sentence, index)
        return context._replace(scope=Scope(port, named=True)) if port else context

    def _port(self, sentence: TokenisedSentence, index: int) -> str:
        """Return the port of another name whose figure the name at ``index`` tells: 湾头|港货物吞吐量."""
        before = sentence.tokens[index - 1] if index else None
        if before is None or before.kind is not TokenKind.TEXT:
            return ""
        words = self.lexicon.words
        head = next((word for word in words("guard.port_words") if sentence.tokens[index].text.startswith(word)), "")
        if not head or before.text.endswith(words("glue.name_openers")) or before.text[-2:] in self.identity.place:
            return ""
        return before.text + head

    def mark(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A comma or semicolon: what lasts no longer is over."""
        text = sentence.tokens[index].text
        if text not in "，；":
            return context
        if context.scope is not None and not self._scope_goes_on(context.scope, sentence, index):
            context = context._replace(scope=None)
        if context.scope is not None and context.scope.waits:
            context = context._replace(scope=context.scope._replace(crossed=True))
        if context.status_lasts is Lasts.CLAUSE:
            context = context._replace(status="", status_lasts=Lasts.SEMICOLON)
        if text == "，":
            return self._after_holiday(context.past(Lasts.CLAUSE), sentence, index)
        context = context.past(Lasts.CLAUSE, Lasts.SEMICOLON)
        return context._replace(status="") if context.status_lasts is Lasts.SEMICOLON else context

    def _after_holiday(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """End a holiday behind the comma at token ``index`` where a name follows that is never told of holidays."""
        period, words = context.period, self.lexicon.words
        if period is None or period.kind is not PeriodKind.PART or period.word not in words("guard.holidays"):
            return context
        following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
        if following is None or following.kind is not TokenKind.NAME:
            return context
        if any(word in following.text for word in words("guard.holiday_names")):
            return context
        return context._replace(periods=context.periods[:-1])  # 元旦小长假旅游收入6亿元，零售总额增长9%

    @staticmethod
    def _scope_goes_on(scope: Scope, sentence: TokenisedSentence, index: int) -> bool:
        """Tell whether the scope holds behind the comma or semicolon at token ``index``.

        It does where the next clause has no subject of its own (，增长8%；实现税收18亿元); a scope of which figures
        have been told, or that was set apart, goes on over commas, but a new name behind a semicolon ends it.
        """
        following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
        verbs = sentence.language.lexicon.words("glue.verbs")
        named = following is not None and following.kind is TokenKind.NAME
        verbal = following is not None and named and following.text.startswith(verbs)
        named = named and not verbal
        if scope.waits and not scope.figured:
            adds = following is not None and following.text.startswith(sentence.language.lexicon.words("guard.added"))
            if scope.crossed or sentence.tokens[index].text == "；":
                return False
            return scope.place or verbal or adds or _led_by_verb(sentence.tokens, index + 1)
        if scope.event and not scope.figured:
            deeds = sentence.language.lexicon.words("guard.event_deeds")
            if following is None or not following.text.startswith(deeds):
                return False  # 马拉松人气高涨，社会消费品零售总额增长2%: what follows is no deed of the event
        if scope.event and sentence.tokens[index].text == "；":
            return False
        told = following.text if following is not None and named else ""
        if scope.event and told and not any(w in told for w in sentence.language.lexicon.words("guard.holiday_names")):
            return False  # 马拉松、演唱会人气高涨，社会消费品零售总额增长2%: no festival is told of that
        if scope.firm and scope.figured and sentence.tokens[index].text == "，":
            return True
        if scope.body:
            predicate = following is not None and following.has("glue", "up", "down", "to_level")
            return scope.figured and (predicate or verbal)
        if sentence.tokens[index].text == "；":
            return scope.named and not (named and (scope.group or not ((scope.figured and scope.told) or scope.topic)))
        return scope.named and (scope.topic or scope.figured or not named)

    def figure(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A figure: the base year of 由2006年的5亿元 was its alone."""
        if context.scope is not None and not context.scope.figured:
            context = context._replace(scope=context.scope._replace(named=True, figured=True))
        return context.past(Lasts.FIGURE) if context.periods else context

    def text(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """Unknown text: it may name another place."""
        token = sentence.tokens[index]
        starts = _starts_clause(sentence.tokens, index)
        behind = index > 0 and sentence.tokens[index - 1].has("rank", "place_below")
        if starts or behind:
            event = self._event(sentence, index)
            if event:
                return context._replace(scope=Scope(event, named=True, topic=True, event=True))
            site = self._site(sentence, index)
            if site:
                return context._replace(scope=Scope(site))
        place = None
        if token.text.endswith(self.scopes.suffixes):
            place = self.scopes.suffixed.search(_whole_place(sentence.tokens, index, self.lexicon))
        if place is None and token.text.endswith(self.lexicon.words("guard.noun_endings")):
            place = self.scopes.zones.match(token.text)  # 物流园销售收入增长31%
            if place is not None and starts:
                return context._replace(scope=Scope(place.group(1)))
            place = None
        if place is None or self.scopes.is_own(place.group(1)):
            return context
        of_figure = index > 0 and sentence.tokens[index - 1].kind is TokenKind.FIGURE
        if of_figure or not _is_subject(sentence, index):
            return context
        if self._opens_with(sentence, index):
            return context._replace(scope=self._waiting(place.group(1), token))
        apart = _before_mark(sentence.tokens, index)
        return context._replace(scope=Scope(place.group(1), named=apart, topic=apart))

    def _site(self, sentence: TokenisedSentence, index: int) -> str:
        """Return the site (a scenic spot, a village, a port) that the text at ``index`` tells figures of, or ''."""
        tokens = sentence.tokens
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        below = index > 0 and tokens[index - 1].has("place_below")  # 庐山|风景区接待游客…
        if not _starts_clause(tokens, index - below) or following is None:
            return ""
        found = self.scopes.sites.fullmatch(f"{tokens[index - 1].text if below else ''}{tokens[index].text}")
        if found is None or not (following.kind is TokenKind.NAME or following.has("period_reset", "stretch")):
            return ""
        own = tokens[index].text.endswith(self.lexicon.words("guard.not_sites")) or found[1][-2:] in self.identity.place
        return "" if own else tokens[index].text

    def _event(self, sentence: TokenisedSentence, index: int) -> str:
        """Return the festival or fair that the text at ``index`` makes the subject of its clause, '' where none."""
        tokens = sentence.tokens
        numbered = index > 0 and tokens[index - 1].has("rank") and _starts_clause(tokens, index - 1)  # 第三届…节
        if not (numbered or _starts_clause(tokens, index)):
            return ""
        text = sentence.tokens[index].text
        found = self.scopes.events.search(text)
        if found is None or any(verb in text[: found.start()] for verb in self.lexicon.words("guard.event_verbs")):
            return ""
        if sentence.text.startswith("、", tokens[index].start + found.end()):
            return ""  # 马拉松、演唱会人气高涨: one of several things, of which no figure is told
        return text[: found.end()]

    def year(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A year: the base of a growth, a deadline, the beginning of a span, or the year of what follows."""
        tokens, words = sentence.tokens, self.lexicon.words
        token = tokens[index]
        before = sentence.text[: token.start]
        after = sentence.text[token.end :]
        if before.endswith(words("period.base_before")) or after.startswith(words("period.base_after")):
            # 同2010年相比，…: what the next clauses tell is told against it.
            topic = after.startswith(words("period.base_topic"))  # 与2010年比，…; 同2010年相比，…
            context = self._since(context, token)
            return context._replace(base_year=token.year, base_lasts=Lasts.SEMICOLON if topic else Lasts.CLAUSE)
        since = next((word for word in words("period.since") if after.startswith(word)), "")
        if since:
            best = after[len(since) :].startswith(words("period.superlatives"))
            if best or token.year >= self.own_year:
                return context  # 1994年以来最高 compares; it is no period
            span = Period(PeriodKind.SPAN, token.text + since, Lasts.SENTENCE, token.year + 1, self.own_year)
            return context.opening(span)
        of_old = before.endswith(words("glue.from")) or _lists_old(tokens, index)
        if of_old and token.year != self.own_year:
            # 由2010年的52亿元增加到105亿元: the year is the old figure's alone, the growth is told against it.
            context = self._since(context, token)._replace(base_year=token.year, base_lasts=Lasts.SEMICOLON)
            return context.opening(Period(PeriodKind.YEAR, token.text, Lasts.FIGURE, token.year, token.year))
        ahead = token.year == self.identity.report_year and not self.planned
        if ahead and (self._turns_ahead(context, sentence, index) or after.startswith(words("part.ahead_verbs"))):
            return context._replace(role=Role.PLANNED, role_lasts=Lasts.PARAGRAPH, periods=())
        if token.year == self.own_year:
            raised = tuple(r for r in context.raised if r.guard is not Guard.AVERAGE)
            context = context._replace(raised=raised)  # 年均增长12%、2016年达到1932亿元
        until = before.endswith(words("period.until"))
        if token.year == self.own_year:
            context = context.of_one_year()
        lasts = Lasts.SEMICOLON if until else Lasts.SENTENCE
        if token.since:
            return context.opening(Period(PeriodKind.SPAN, token.text, lasts, token.since, token.year))
        return context.opening(Period(PeriodKind.YEAR, token.text, lasts, token.year, token.year))

    def _since(self, context: Context, token: Token) -> Context:
        """Let a yearly average be over the years since ``token``: 是2006年的2倍，年均增长15%."""
        if not 1 < token.year < self.own_year - 1:
            return context
        since = Period(PeriodKind.SPAN, token.text, Lasts.SENTENCE, token.year + 1, self.own_year)
        return context._replace(averaged_over=since)

    def remark(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A remark between name and figure: it may tell the status of what follows (按可比价格计算, 剔除…因素)."""
        if self.planned and gives_reason(sentence, index):
            return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.CLAUSE)
        text = sentence.tokens[index].text
        if text not in self.lexicon.words("status_note") and not self.sets_aside(text):
            return context
        return _with_status(context, sentence, index)

    def sets_aside(self, text: str) -> bool:
        """Tell whether a remark names what the figures behind it are told without."""
        words = self.lexicon.words
        return text.startswith(words("remark.aside")) and text.endswith(words("remark.aside_ends"))

    def cue(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        """A word of the lexicon: it may raise a guard, open or close a period, turn the role."""
        token = sentence.tokens[index]
        if context.scope is not None and token.text in self.lexicon.words("guard.each_of"):
            context = context._replace(scope=context.scope._replace(group=True))
        if self.planned and done_last_year(sentence, index):
            return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.CLAUSE)
        if token.categories.isdisjoint(_GUARDING):
            return context
        context = self._scope(context, sentence, index)
        if token.has("plan_base"):
            # 比“十二五”末: the years are the base of a growth, nothing else.
            _, base = years_of(token.text, self.identity.report_year, False)
            topic = _before_mark(sentence.tokens, index)  # 较“十二五”末，…
            topic = topic or sentence.text.startswith(self.lexicon.words("period.base_topic"), token.end)
            context = context._replace(base_year=base, base_lasts=Lasts.SEMICOLON if topic else Lasts.CLAUSE)
        else:
            of_base = index > 0 and sentence.tokens[index - 1].has("from")
            context = self._period(context, token, of_base, topic=self._sets_apart(sentence, index))
        for name in sorted(token.categories.intersection(RAISED)):
            guard = RAISED[name]
            context = context.raising(guard, token.text, GUARDS[guard].lasts)
        if token.has("status"):
            context = _with_status(context, sentence, index)
        return self._role(context, sentence, index)

    def _scope(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        tokens = sentence.tokens
        token = tokens[index]
        if token.text in self.scopes.own:
            if index and tokens[index - 1].has("share", "comparison", "rank"):
                return context
            return context._replace(scope=None)
        if token.has("scope_below", "place_below", "scope_body") and _is_subject(sentence, index):
            apart = _before_mark(tokens, index)
            group = index > 0 and tokens[index - 1].has("among")
            body = token.has("scope_body")
            if body and _is_member(tokens, index):
                return context
            if self._opens_with(sentence, index):
                return context._replace(scope=self._waiting(token.text, token))
            firm = token.text in self.lexicon.words("guard.firms") and self._is_firm(tokens, index)
            return context._replace(scope=Scope(token.text, body, named=apart, topic=apart, firm=firm, group=group))
        if self._opens_with(sentence, index):
            return context._replace(scope=self._waiting(token.text, token))
        grade = token.has("modifier") and token.text in self.lexicon.words("guard.scope_above")
        if grade and index + 1 < len(tokens) and tokens[index + 1].kind is TokenKind.NAME:
            return context  # 国家高新技术企业: of which grade, not of which place
        if token.text in self.scopes.above and _opens_clause(tokens, index) and _is_subject(sentence, index):
            return context._replace(scope=Scope(token.text, body=True))
        return context

    def _opens_with(self, sentence: TokenisedSentence, index: int) -> bool:
        """Tell whether a place or zone opens its sentence, and its clause says of it what is no figure.

        综合保税区封关运营，全年实现进出口总额…: what a verb tells behind the comma is the zone's.
        """
        tokens, token = sentence.tokens, sentence.tokens[index]
        zone = token.has("place_below") or token.text in self.lexicon.words("guard.lone_zones")
        if not (zone or token.kind is TokenKind.TEXT) or token.start > _LONGEST_PLACE or index + 1 >= len(tokens):
            return False
        ahead = tokens[:index]  # 江|都|区: a word of the lexicon within a name
        if any(before.kind is not TokenKind.TEXT and not before.has("each", "join") for before in ahead):
            return False
        quoted = "“" in sentence.text[: token.start]  # “江都—成都”航线首次开通
        if quoted or any(before.text == "、" for before in ahead) or not sentence.text[token.end].isalpha():
            return False
        if tokens[index + 1].text.startswith((*self.lexicon.words("guard.no_predicate"), "、")):
            return False
        for following in tokens[index + 1 :]:
            if following.kind is TokenKind.MARK:
                return following.text == "，"
            if following.kind is TokenKind.FIGURE:
                return False
        return False

    def _waiting(self, word: str, token: Token) -> Scope:
        """Return the scope of a place or zone that opens its sentence."""
        place = token.has("place_below") or word.endswith(self.lexicon.words("guard.county_units"))
        return Scope(word, named=True, waits=True, place=place and not token.has("scope_below"))

    def _is_firm(self, tokens: Sequence[Token], index: int) -> bool:
        """Tell whether the word at token ``index`` ends the name of one enterprise that opens its clause."""
        before = tokens[index - 1] if index else None
        if before is None or before.kind is not TokenKind.TEXT or not _starts_clause(tokens, index - 1):
            return False
        return len(before.text) >= _SHORTEST_FIRM and not before.text.endswith(self.lexicon.words("guard.not_firms"))

    def _sets_apart(self, sentence: TokenisedSentence, index: int) -> bool:
        """Tell whether the word at ``index`` is set apart by a comma, a few words aside: 用三年左右时间，…."""
        end = sentence.tokens[index].end
        return any(
            sentence.text.startswith(f"{tail}，", end) for tail in ("", *self.lexicon.words("period.span_tails"))
        )

    def _period(self, context: Context, token: Token, of_base: bool, topic: bool = False) -> Context:
        """Open or close periods; ``of_base``: they are those of 由“十三五”末的4.3万亿元, the old figure's alone.

        ``topic``: the word is set apart by a mark, so that a span to come holds for what follows (用三年时间，…).
        """
        if token.has("period_reset"):
            context = context.of_one_year()
            if context.scope is not None and context.scope.event:
                context = context._replace(scope=None)
        if token.has("period_long"):
            first, last = years_of(token.text, self.identity.report_year, self.planned)
            if of_base:
                return context.opening(Period(PeriodKind.SPAN, token.text, Lasts.FIGURE, first, last))
            period = Period(PeriodKind.SPAN, token.text, Lasts.SENTENCE, first, last)
            summed = token.text if token.text.endswith(self.lexicon.words("guard.cumulative")) else context.summed
            context = context.opening(period)._replace(span=period, summed=summed)
        elif token.has("period_short") or (token.has("present") and self.planned):
            # 目前 in a plan tells how things stand, neither last year's result nor this year's target.
            context = context.opening(Period(PeriodKind.PART, token.text, Lasts.SEMICOLON))
        if token.has("span"):
            first, last = years_of(token.text, self.identity.report_year, self.planned)
            lasts = Lasts.SEMICOLON if topic and self.planned else Lasts.CLAUSE
            period = Period(PeriodKind.SPAN, token.text, lasts, first, last)
            context = context.opening(period)._replace(span=period)
        if token.has("cumulative"):
            context = context._replace(summed=token.text)
            if context.span is not None and (context.period is None or context.period.kind is PeriodKind.YEAR):
                context = context.opening(context.span._replace(lasts=Lasts.CLAUSE))
        return context

    def _led_to(self, sentence: TokenisedSentence, index: int) -> bool:
        """Tell whether nothing stands before the token in its sentence but words that lead to a time: 特别是去年."""
        ahead = sentence.text[: sentence.tokens[index].start]
        return len(ahead) <= _LONGEST_SUBJECT and ahead in self.lexicon.words("part.turn_leads")

    def _role(self, context: Context, sentence: TokenisedSentence, index: int) -> Context:
        tokens = sentence.tokens
        token = tokens[index]
        if context.role is Role.ACHIEVED and token.has("stretch", "base_tier") and _starts_clause(tokens, index):
            return context._replace(role=Role.NONE)  # 去年用电量下降12.7%，力争增长5%
        if token.has("achieved_in_plan") and (_starts_clause(tokens, index) or self._led_to(sentence, index)):
            opens = self.opens and index == 0
            return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.PARAGRAPH if opens else Lasts.SEMICOLON)
        if token.has("achieved_in_plan") and sentence.text[: token.start].endswith(self.lexicon.words("period.within")):
            return context._replace(role=Role.BASE, role_lasts=Lasts.SEMICOLON)
        position = index + 1
        while position < len(tokens) and (
            tokens[position].kind is TokenKind.REMARK
            or (tokens[position].has("glue") and not tokens[position].has("up", "down"))
        ):
            position += 1
        following = tokens[position] if position < len(tokens) else None
        if token.has("achieved_in_plan") and self.planned and following is not None and following.has("up", "down"):
            return context._replace(role=Role.ACHIEVED, role_lasts=Lasts.SEMICOLON)  # 是因为去年增长4.6%
        if token.has("coming_year", "plan_in_review"):
            if self.planned:
                return context._replace(role=Role.NONE, periods=())
            if token.has("plan_in_review"):
                return context._replace(role=Role.PLANNED, role_lasts=Lasts.SEMICOLON)
            if self._turns_ahead(context, sentence, index):
                return context._replace(role=Role.PLANNED, role_lasts=Lasts.PARAGRAPH, periods=())
        return context

    def _turns_ahead(self, context: Context, sentence: TokenisedSentence, index: int) -> bool:
        """Tell whether a paragraph that looked back on last year turns with a sentence to the coming one.

        去年固定资产投资增长2%。今年增长6%.
        """
        after = sentence.text[sentence.tokens[index].end :]
        looked_back = context.role is Role.ACHIEVED and context.role_lasts is Lasts.PARAGRAPH
        return looked_back and index == 0 and not after.startswith(self.lexicon.words("part.not_a_year_after"))


_GUARDING = frozenset(
    {
        *RAISED,
        *("plan_base", "present"),
        *("scope", "scope_below", "place_below", "scope_body", "period_reset", "period_long", "period_short", "span"),
        *("cumulative", "status", "achieved_in_plan", "coming_year", "plan_in_review", "stretch", "base_tier"),
    }
)
"""Cue words of these categories change the context; all others leave it as it is."""

_STEPS: dict[TokenKind, Callable[[Fold, Context, TokenisedSentence, int], Context]] = {
    TokenKind.NAME: Fold.name,
    TokenKind.MARK: Fold.mark,
    TokenKind.FIGURE: Fold.figure,
    TokenKind.TEXT: Fold.text,
    TokenKind.YEAR: Fold.year,
    TokenKind.CUE: Fold.cue,
    TokenKind.REMARK: Fold.remark,
}


def done_last_year(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the token at ``index`` leads to what was done last year: 低于去年实际完成的3.1万人."""
    tokens = sentence.tokens
    if not tokens[index].text.endswith(sentence.language.lexicon.words("guard.achieved_in_plan")):
        return False
    position = index + 1
    while position < len(tokens) and tokens[position].has("glue", "of") and not tokens[position].has("up", "down"):
        position += 1
    told = position > index + 1 and position < len(tokens) and tokens[position].kind is TokenKind.FIGURE
    return told and any(token.has("verb") for token in tokens[index + 1 : position])


def gives_reason(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether the remark at ``index`` looks back on last year for a figure without a name.

    这样安排，是考虑去年集中退税后仅增长0.8%: what is told is last year's, of what the sentence before named.
    """
    tokens = sentence.tokens
    words = sentence.language.lexicon.words("guard.achieved_in_plan")
    if tokens[index].kind is not TokenKind.REMARK or not any(word in tokens[index].text for word in words):
        return False
    ahead = [token.kind for token in tokens if token.kind in (TokenKind.NAME, TokenKind.FIGURE, TokenKind.REMARK)]
    return ahead[:2] == [TokenKind.REMARK, TokenKind.FIGURE]


def _with_status(context: Context, sentence: TokenisedSentence, index: int) -> Context:
    """Note the status that a word tells, the first of a clause or with the one right before it: 按可比口径初步预计.

    At the head of a sentence it holds for the whole list: 预计…，…；….
    """
    text = sentence.tokens[index].text
    before = sentence.tokens[index - 1] if index else None
    if context.status and before is not None and before.end == sentence.tokens[index].start:
        joined = context.status.endswith(before.text) and before.text != text
        return context._replace(status=context.status + text) if joined else context
    if context.status:
        return context
    # At the head of a sentence it holds for the whole list: 预计…，…；…; elsewhere 同口径 holds for its clause alone.
    estimate = text.startswith(sentence.language.lexicon.words("guard.estimates"))
    lasts = Lasts.SENTENCE if index == 0 else Lasts.SEMICOLON if estimate else Lasts.CLAUSE
    return context._replace(status=text, status_lasts=lasts)
