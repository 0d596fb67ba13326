"""Reads one sentence from left to right and binds its figures to the indicators that they measure.

A run of figures belongs to the names right before it (``A、B和C分别增长x、y和z``), else to the subject of
the run before (``…1100亿元，增长13.5%``), else to a name right after it (``97个省级贫困村``). The table of
constructions decides; this module finds the names, asks the table and does what its row says.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from compiler.language.constructions import Act, Construction, Situation, State, construction_of, was_planned
from compiler.language.context import done_last_year, gives_reason, own_words
from compiler.language.guards import Guard
from compiler.language.leads import Direction, Lead, read_lead, says_nothing
from compiler.language.lists import (
    Run,
    Share,
    Subject,
    Trail,
    deal,
    dealt_back,
    group_before,
    marks_crossed,
    name_after,
    refer_back,
    runs_of,
)
from compiler.language.mentions import Hits, read_names
from compiler.language.outcomes import Binding, Bounded, How, NameHit, Outcomes, Refused, SelfReport, Unclaimed
from compiler.language.phrases import read_phrases
from compiler.language.tokens import Token, TokenisedSentence, TokenKind
from compiler.language.units import resolve_unit
from compiler.language.values import base_unit, is_rate, value_of, with_bound
from compiler.model import Bound, Form, IndicatorRule, Measure, Quantity
from compiler.numbers import MAGNITUDES


@dataclass(slots=True)
class _Reading:
    """One sentence on its way from tokens to outcomes."""

    sentence: TokenisedSentence
    hits: Hits
    outcomes: Outcomes
    history: list[NameHit] = field(default_factory=list)  # the names that had figures, in order
    trail: Trail = field(default_factory=list)
    pair: Trail = field(default_factory=list)  # the two figures that 前者 and 后者 speak of
    tell: Callable[[str], None] | None = None

    def row(self, state: State, situation: Situation) -> Construction:
        """Return the row of the table that fits, and tell its name to whoever asked."""
        row = construction_of(state, situation)
        if self.tell is not None:
            self.tell(row.name)
        return row


def read_sentence(
    sentence: TokenisedSentence, tell: Callable[[str], None] | None = None, before: Sequence[Binding] = ()
) -> Outcomes:
    """Return what becomes of the figures of a sentence; ``tell`` is given the name of each construction met.

    ``before`` are the figures that the sentence before it ended with: one that begins with a growth and no name goes
    on with them (产量达到245万吨。总量居全省第二，增长8%).
    """
    outcomes = Outcomes()
    hits = read_names(sentence, outcomes)
    reading = _Reading(sentence, hits, outcomes, tell=tell)
    phrases = read_phrases(sentence, hits, outcomes)
    runs = runs_of(sentence)
    subject = _taken_up(reading, runs[0], before) if before and runs else None
    since = subject.hits[0].token if subject is not None else 0
    for run in runs:
        already = len(outcomes.bindings)
        subject = _read_claimed(reading, run, subject, phrases) or _read_run(reading, run, since, subject)
        since = run[-1] + 1
        bound: dict[int, list[Binding]] = {}
        for binding in outcomes.bindings[already:]:
            bound.setdefault(binding.figure, []).append(binding)
        reading.trail.extend((token, tuple(bound.get(sentence.tokens[token].figure, ()))) for token in run)
    _yield_loose(reading)
    _mark_yearly(reading)
    outcomes.last = subject.last if subject is not None else ()
    _read_words(reading)
    _read_open_stretches(reading)
    _read_missed(reading)
    _read_ranks(reading)
    return outcomes


_OVER_A_TERM = 60
"""So many percent can be the growth of five years at 10 % a year; less, told beside a level, is one year's."""


def _mark_yearly(reading: _Reading) -> None:
    """Mark levels told with their growth (旅游收入347亿元，增长26%): among several years both are the last one's."""
    bindings = reading.outcomes.bindings
    for growth in [b for b in bindings if b.how is How.CARRIED and b.value.measure is Measure.GROWTH]:
        size = growth.value.low if growth.value.low is not None else growth.value.high
        if size is None or abs(size) >= _OVER_A_TERM or growth.figure < 0:
            continue
        for index, binding in enumerate(bindings):
            same = binding.rule is growth.rule and binding.name_start == growth.name_start
            level = binding.value.measure is Measure.LEVEL and not (binding.to_level or binding.from_level)
            if binding is growth or (same and level and binding.figure == growth.figure - 1):
                _replace_binding(reading, index, binding._replace(yearly=True))


def _replace_binding(reading: _Reading, index: int, other: Binding) -> None:
    """Put another binding in the place of one, also where the report speaks of its target."""
    outcomes = reading.outcomes
    old, outcomes.bindings[index] = outcomes.bindings[index], other
    outcomes.self_reports[:] = [one._replace(base=other) if one.base is old else one for one in outcomes.self_reports]


def _yield_loose(reading: _Reading) -> None:
    """Refuse the figures of a loose name where a firm one of the same indicator has a figure in the sentence."""
    sentence, outcomes = reading.sentence, reading.outcomes
    loose = {sentence.tokens[position].start for position, hit in reading.hits.items() if hit.loose}
    if not loose:
        return
    firm = {b.rule.id: b for b in outcomes.bindings if b.figure >= 0 and b.name_start not in loose}
    for binding in tuple(outcomes.bindings):
        other = firm.get(binding.rule.id)
        if binding.name_start in loose and other is not None:
            outcomes.bindings.remove(binding)
            name = sentence.text[other.name_start : other.name_end]
            if binding.figure >= 0:
                outcomes.refuse((binding.rule,), Guard.LOOSE, name, binding.figure)


def _taken_up(reading: _Reading, run: Run, before: Sequence[Binding]) -> Subject | None:
    """Return the subject of the sentence before where this one goes on with its growth and names nothing itself.

    What a plan gives as its reason may stand before last year's growth (定这个目标，是因为去年只增长4.6%).
    """
    sentence = reading.sentence
    first = run[0]
    turned = next((i for i in range(first - 1, -1, -1) if _of_last_year(sentence, i)), 0)
    moved = sentence.quantity(first).form in (Form.PERCENT, Form.TIMES)
    if not (moved or (turned and sentence.quantity(first).form is Form.AMOUNT)) or len(before) != len(run):
        return None
    opening = sentence.tokens[turned:first]
    plain = (TokenKind.CUE, TokenKind.MARK, TokenKind.YEAR, TokenKind.REMARK)
    opening = [token for token in opening if not (token.kind is TokenKind.TEXT and says_nothing(token.text))]
    if not all(token.kind in plain and not token.has("among", "scope_below", "place_below") for token in opening):
        return None
    if any(position in reading.hits for position in range(first)):
        return None
    turned += turned > 0 and not sentence.tokens[turned].has("achieved_in_plan")
    lead = read_lead(sentence, turned, first, False)
    if lead.unknown or lead.refused or not (lead.moves if moved else lead.glue and not lead.direction):
        return None  # 这个数字低于去年实际完成的3.1万人
    hits = tuple(NameHit(turned, (binding.rule,)) for binding in before)
    return Subject(hits, respectively=len(run) > 1, last=tuple(binding._replace(figure=-1) for binding in before))


def _of_last_year(sentence: TokenisedSentence, token: int) -> bool:
    """Tell whether a token speaks of last year: 去年, 低于去年 before what was done then."""
    known = sentence.tokens[token].has("achieved_in_plan")
    return known or done_last_year(sentence, token) or gives_reason(sentence, token)


# --- runs of figures ---------------------------------------------------------------------------


def _read_claimed(reading: _Reading, run: Run, subject: Subject | None, phrases: dict[int, Binding]) -> Subject | None:
    """Take the figures of a run that phrases claim; None where there are none."""
    sentence = reading.sentence
    claims = [phrases[sentence.tokens[i].figure] for i in run if sentence.tokens[i].figure in phrases]
    if not claims:
        return None
    reading.outcomes.bindings.extend(claims)
    final = claims[-1]
    inside = subject is not None and any(
        final.name_start <= sentence.tokens[hit.token].start < final.name_end for hit in subject.hits
    )
    if subject is not None and final.value.measure is Measure.CHANGE and inside:
        return subject  # 贷款余额120亿元，比年初增加9亿元，增长8%: the growth is the balance's
    hit = NameHit(run[0], (final.rule,))
    reading.history.append(hit)
    return Subject((hit,), last=(final,))


def _read_run(reading: _Reading, run: Run, since: int, subject: Subject | None) -> Subject | None:
    """Read a run of figures; return the subject after it."""
    group, end = group_before(reading.sentence, reading.hits, run[0], since)
    if group:
        return _read_named(reading, run, since, subject, group, end)
    if subject is not None:
        return _read_carried(reading, run, since, subject)
    if any(token.has("respectively") for token in reading.sentence.tokens[since : run[0]]):
        lead = read_lead(reading.sentence, since, run[0], False)
        if not (lead.refused or lead.unknown):
            return _read_back(reading, run, lead)
        return _bind_after(reading, run)
    return _bind_after(reading, run)


def _read_named(
    reading: _Reading, run: Run, since: int, subject: Subject | None, group: Sequence[NameHit], end: int
) -> Subject | None:
    """Read a run behind names of its own."""
    sentence = reading.sentence
    first = run[0]
    lead = read_lead(sentence, end + 1, first, True)
    adds = sentence.tokens[first - 1]
    if adds.has("added") and any(adds.text in sentence.language.verbs_of(r) for h in group for r in h.rules):
        lead.direction = Direction.NONE  # 高新技术企业、专精特新企业分别净增12家、5家
        lead.refused = None if lead.refused is Guard.ADDED else lead.refused
    candidate = Subject(tuple(group), lead.holds("R"), lead.holds("E"))
    between = sentence.tokens[since : group[0].token]
    if all(token.has("join") or token.text == "，" for token in between):
        _inherit(reading, lead, subject, run, group[-1].rules[0])
    among = any(token.has("among") for token in between)
    known = {b.rule.id for b in subject.last} if subject is not None else set()
    dated = any(token.kind is TokenKind.YEAR or token.has("period_reset", "achieved_in_plan") for token in between)
    part_of_last = among and not dated and any(rule.id in known for hit in group for rule in hit.rules)
    situation = Situation(sentence, candidate, lead, sentence.quantity(first), part_of_last)
    row = reading.row(State.NAMED, situation)
    if row.act is Act.ATTACH:
        bound = _attach(reading, candidate, run, lead, How.NAME_BEFORE, row)
        refused = reading.outcomes.refused
        if bound:
            candidate.last = tuple(bound)
            return candidate
        after = _bind_after(reading, run)
        unmeasured = any(r.figure == sentence.tokens[first].figure and r.guard is Guard.MEASURE for r in refused)
        if after is None and (unmeasured or _crosses_marks(sentence, first)):
            candidate.open = True  # 迈上千亿台阶，达到1023亿元; 能耗降至1.96吨标准煤/万元、下降5.1%
            return candidate
        return after
    if row.act is Act.MARGIN:
        return _margin(reading, run, candidate, end, lead, row)
    after = _bind_after(reading, run)
    if after is not None:
        return after
    guard = row.guard or lead.refused
    word = sentence.tokens[group[0].token].text if part_of_last else lead.word
    _refuse(reading, candidate, guard, word, sentence.tokens[first].figure, row)
    candidate.open = row.guard is Guard.FROM or lead.opening.startswith(
        sentence.language.lexicon.words("glue.circumstances")
    )
    return candidate  # without a figure yet: 用电量8月起回升，12月增长20.5%，全年增长8.4%


def _crosses_marks(sentence: TokenisedSentence, figure: int) -> bool:
    """Tell whether a figure is a round mark that was crossed, or tells how many: 千亿台阶, 2个千亿元台阶."""
    if not any(character.isdigit() for character in sentence.tokens[figure].text):
        return True
    clause = re.split("[，；。、]", sentence.text[sentence.quantity(figure).outer_end :], maxsplit=1)[0]
    return clause.endswith(sentence.language.lexicon.words("number.not_counted"))


def _read_carried(reading: _Reading, run: Run, since: int, subject: Subject) -> Subject | None:
    """Read a run without names of its own, behind a subject."""
    sentence = reading.sentence
    lead = read_lead(sentence, since, run[0], False)
    quantity = sentence.quantity(run[0])
    subject = _of_the_two(reading, subject, lead)
    _say_again(sentence, subject, lead, range(since, run[0]))
    if subject.last:
        _take_over(subject, lead, quantity)
        subject = _fitting_subject(reading, subject, run, lead)
    counted = _counted_anew(reading, run, subject, lead)
    if counted is not None:
        return counted
    situation = Situation(sentence, subject, lead, quantity)
    if not subject.last:
        row = reading.row(State.WAITING, situation)
        if row.act is Act.ATTACH:
            bound = _attach(reading, subject, run, lead, How.CARRIED, row)
            if bound:
                subject.last = tuple(bound)
                return subject
    else:
        row = reading.row(State.CARRIED, situation)
        carried = _ACTS[row.act](reading, run, subject, lead, row)
        if carried is not None:
            return carried
    after = _bind_after(reading, run)
    if after is not None:
        return after
    _leave_to_none(reading, run, subject, row)
    # A figure about something else ends the subject; one that only compares (是2006年的1.7倍) does not.
    return subject if lead.unknown == 0 and not lead.refused else None


def _of_the_two(reading: _Reading, subject: Subject, lead: Lead) -> Subject:
    """Return the subject of the figure that 前者 or 后者 takes up, else the one at hand."""
    if not lead.holds("12"):
        return subject
    if lead.holds("1") or not reading.pair:
        reading.pair = reading.trail[-2:]
    if len(reading.pair) < 2 or not all(bound for _, bound in reading.pair):
        return subject
    bound = reading.pair[0 if lead.holds("1") else 1][1]
    return Subject((NameHit(bound[0].origin, (bound[0].rule,)),), last=bound[:1])


def _say_again(sentence: TokenisedSentence, subject: Subject, lead: Lead, tokens: range) -> None:
    """Let a lead say again what the names are about: 存款余额突破1500亿元，年末余额1542亿元; 新增就业…，实际新增….

    The end of the names, or the verb within them, opens no other subject.
    """
    names = [sentence.text[last.name_start : last.name_end] for last in subject.last]
    names = names or [sentence.tokens[hit.token].text for hit in subject.hits]
    if lead.unknown and lead.refused in (None, Guard.NEW_SUBJECT):
        spoken = [
            t for t in map(sentence.tokens.__getitem__, tokens) if t.kind is TokenKind.TEXT or t.categories == _VERB
        ]
        last = spoken[-1] if spoken else None
        again = sentence.text[last.start : sentence.tokens[tokens[-1]].end] if last is not None else ""
        known = last is not None and lead.unknown == len(last.text)
        if known and subject.last and lead.codes.startswith(",g") and was_planned(sentence, subject.last[-1]):
            lead.refused, lead.word, lead.unknown, lead.glue = None, "", 0, True  # 原定新建18万亩，实际建成21万亩
        elif known and all(name.endswith(again) or (len(again) > 1 and again in name) for name in names):
            lead.refused, lead.word, lead.unknown, lead.glue = None, "", 0, True
    elif lead.refused is Guard.ADDED and not lead.unknown and all(lead.word in name for name in names):
        lead.refused, lead.word, lead.glue = None, "", True


def _leave_to_none(reading: _Reading, run: Run, subject: Subject, row: Construction) -> None:
    """Record that a construction kept the figures of a run from the subject that was spoken of."""
    rule = subject.hits[0].rules[0]
    figures = [reading.sentence.tokens[token].figure for token in run]
    reading.outcomes.unclaimed.extend(Unclaimed(figure, rule, row.name) for figure in figures)


_SHORTEST_STOCK = 4
"""The end of a name that is shorter may be that of many things: 企业."""


def _counted_anew(reading: _Reading, run: Run, subject: Subject, lead: Lead) -> Subject | None:
    """Bind what is new of a stock to the indicator that counts it: 高新技术企业达到236家，新增42家.

    It is the one that has the added word with the stock's name as its own name, or as verb and object.
    """
    sentence = reading.sentence
    adds = sentence.tokens[run[0] - 1]
    if not adds.has("added") or len(run) > 1 or len(subject.hits) > 1 or not subject.last or lead.unknown:
        return None
    if subject.last[-1].value.measure is not Measure.LEVEL or lead.refused not in (None, Guard.ADDED):
        return None
    name, entries = sentence.tokens[subject.hits[0].token].text, sentence.language.entries
    if adds.text in name:
        return None
    heads = (name[:cut] for cut in range(len(name), 1, -1))
    ends = (name[start:] for start in range(1, len(name) - _SHORTEST_STOCK + 1))  # 累计建成|高标准农田
    for stock in (*heads, *ends):
        alias = [e.rule for e in entries.get(adds.text + stock, ()) if e.role == "alias"]
        thing = [e.rule for e in entries.get(stock, ()) if e.role == "object" and e.rule is not None]
        rules = [*alias, *(rule for rule in thing if adds.text in sentence.language.verbs_of(rule))]
        rule = next((rule for rule in rules if rule is not None and rule is not subject.hits[0].rules[0]), None)
        if rule is not None:
            hit = NameHit(subject.hits[0].token, (rule,))
            anew = Subject((hit,))
            bound = _attach(reading, anew, run, Lead(), How.CARRIED, _ANEW)
            return subject if bound else None  # what grew behind it is the stock
    return None


def _take_over(subject: Subject, lead: Lead, quantity: Quantity) -> None:
    """Let a lead take over what the figure before said: the direction before a stretch, 由甲 before 增加到乙."""
    previous = subject.last[-1]
    striven = lead.stretch and not lead.direction and quantity.form is Form.PERCENT
    if striven and previous.value.measure is Measure.GROWTH:
        lead.direction = Direction.DOWN if previous.value.falls else Direction.UP
    if previous.from_level and lead.codes.startswith("j") and not lead.to_level:
        lead.codes = f"f{lead.codes}"  # 由五年前的418户、上年的546户增加到601户
    elif previous.from_level and previous.value.measure is Measure.GROWTH and lead.to_level and not lead.direction:
        # 增速由9%回落到8%: a growth led to a growth.
        lead.direction, lead.to_level = (Direction.DOWN if previous.value.falls else Direction.UP), False
    elif lead.glue and not lead.direction and previous.from_level:
        lead.to_level = True  # 由18:49:33演进为15:55:30


def _inherit(reading: _Reading, lead: Lead, subject: Subject | None, run: Run, rule: IndicatorRule) -> None:
    """Let 增长 reach over a list whose later items leave it out: 甲增长7%、乙9%."""
    if lead.direction or lead.to_level or lead.unknown or lead.glue or subject is None or not subject.last:
        return
    previous = subject.last[-1]
    growth = previous.value.measure is Measure.GROWTH and Measure.GROWTH in rule.measures
    percent = reading.sentence.quantity(run[0]).form is Form.PERCENT
    if percent and growth and previous.figure >= 0 and not is_rate(rule, reading.sentence.language.lexicon):
        lead.direction = Direction.DOWN if previous.value.falls else Direction.UP


# --- what the rows of the table do -------------------------------------------------------------


def _refuse(
    reading: _Reading, subject: Subject, guard: Guard | None, word: str, figure: int, row: Construction
) -> None:
    assert guard is not None
    for hit in subject.hits:
        for rule in hit.rules:
            reading.outcomes.refused.append(Refused(rule, guard, word, figure, row.name))


def _share_of_plan(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Note what a report says of its plan; a list (分别为100%、168%、111%) is dealt out to the figures before it."""
    sentence = reading.sentence
    bases = [(run[0], base) for base in subject.last] if len(run) == 1 else dealt_back(sentence, reading.trail, run)
    end = sentence.quantity(run[-1]).outer_end  # of a list the quotation is whole
    for token, base in bases:
        quantity = sentence.quantity(token)
        percent, figure = quantity.low or quantity.high, sentence.tokens[token].figure
        reading.outcomes.self_reports.append(
            SelfReport(base.rule, percent, None, None, base.quote_start, end, figure, base)
        )
    return subject


def _against_target(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    quantity = reading.sentence.quantity(run[0])
    figure = reading.sentence.tokens[run[0]].figure
    difference = quantity.low if quantity.low is not None else quantity.high
    if difference is not None:
        signed = -difference if lead.below else difference
        for base in subject.last:
            reading.outcomes.self_reports.append(
                SelfReport(base.rule, None, signed, None, base.quote_start, quantity.outer_end, figure, base)
            )
    return subject


def _refuse_carried(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    figure = reading.sentence.tokens[run[0]].figure
    word = lead.word if row.guard is Guard.COMPARISON else reading.sentence.quantity(run[0]).raw
    if row.guard is Guard.COMPARISON:
        printed = _comparison(reading.sentence, run[0])
        if any(place in printed for place in reading.sentence.language.lexicon.words("guard.compared_with")):
            reading.outcomes.comparisons.update({base.figure: printed for base in subject.last if base.figure >= 0})
    for base in subject.last:
        reading.outcomes.refused.append(Refused(base.rule, row.guard or Guard.NEW_SUBJECT, word, figure, row.name))
    return subject


def _quote(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Refuse a quoted target; the subject goes on, and a percentage may follow that is told of the target."""
    _refuse(reading, subject, Guard.OLD_TARGET, lead.word or lead.verb, reading.sentence.tokens[run[0]].figure, row)
    return replace(subject, quoted=True)


def _margin(reading: _Reading, run: Run, candidate: Subject, end: int, lead: Lead, row: Construction) -> Subject:
    """Bind a target in words that names a margin: 快于全省1个百分点以上."""
    sentence = reading.sentence
    quantity = sentence.quantity(run[0])
    opens = next(token for token in sentence.tokens[end + 1 :] if token.has("comparison"))
    for hit in candidate.hits:
        for rule in (hit.whole,) if hit.whole is not None and not lead.dealt else hit.rules:
            name = sentence.tokens[hit.token]
            reading.outcomes.bindings.append(
                Binding(
                    rule=rule,
                    value=_WORDS_VALUE,
                    figure=-1,
                    name_start=name.start,
                    name_end=name.end,
                    quote_start=sentence.tokens[candidate.hits[0].token].start,
                    quote_end=quantity.outer_end,
                    stretch=lead.stretch,
                    words=sentence.text[opens.start : quantity.outer_end],
                    how=How.WORDS,
                    construction=row.name,
                    origin=hit.token,
                )
            )
    _refuse(reading, candidate, Guard.COMPARISON, opens.text, sentence.tokens[run[0]].figure, row)
    # 增速高于全国0.8个百分点，达到5.8%: the name waits for its growth.
    hits = tuple(hit._replace(growth=hit.growth or lead.holds("r")) for hit in candidate.hits)
    return replace(candidate, hits=hits, open=True)


def _comparison(sentence: TokenisedSentence, figure: int) -> str:
    """Return the comparison that ends with a figure, as printed: 高于全省平均2.3个百分点, 比全省低1.2个百分点."""
    start = figure
    for position in range(figure - 1, -1, -1):
        token = sentence.tokens[position]
        if token.kind in (TokenKind.MARK, TokenKind.FIGURE, TokenKind.NAME) or token.has("join"):
            break
        if token.has("comparison") or token.text in sentence.language.lexicon.words("period.base_before"):
            start = position
    return sentence.text[sentence.tokens[start].start : sentence.quantity(figure).outer_end]


def _read_ranks(reading: _Reading) -> None:
    """Give each rank that is told (居全省第2位) to the figure before it, else to the one behind.

    What stands between figure and rank may say by what it ranks (增速居全省第2位), no more: in 增长5%，增量居全国第一
    the rank is that of something else.
    """
    sentence, outcomes = reading.sentence, reading.outcomes
    language = sentence.language
    ranks = [match.span() for match in language.ranks.finditer(sentence.text)]
    if not ranks:
        return
    figured = [binding for binding in outcomes.bindings if binding.figure >= 0]
    by_end = sorted(figured, key=lambda b: b.quote_end)
    by_start = sorted(figured, key=lambda b: sentence.quantities[b.figure].outer_start)
    ends = [binding.quote_end for binding in by_end]
    starts = [sentence.quantities[binding.figure].outer_start for binding in by_start]
    for start, end in ranks:
        start = language.rank_scopes.search(sentence.text, max(0, start - 8), start).start()  # type: ignore[union-attr]
        before, behind = bisect_right(ends, start), bisect_left(starts, end)
        near = by_end[bisect_left(ends, ends[before - 1])] if before else None  # of several the one read first
        if near is not None and language.rank_between.fullmatch(sentence.text, near.quote_end, start):
            outcomes.ranks.setdefault(near.figure, sentence.text[start:end])
            continue
        first = by_start[behind] if behind < len(by_start) else None
        if first is not None and first.name_end <= start:
            outcomes.ranks.setdefault(first.figure, sentence.text[start:end])


def _total(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Bind a total to the indicator of all there are, where one has such a name: 新增高企62家、总数突破300家."""
    wholes = [_whole_of(reading.sentence, hit) for hit in subject.hits]
    hits = tuple(
        NameHit(hit.token, (rule,)) for hit, rule in zip(subject.hits, wholes, strict=True) if rule is not None
    )
    if len(hits) < len(subject.hits):
        return None
    whole = Subject(hits, respectively=lead.holds("R"))
    whole.last = tuple(_attach(reading, whole, run, lead, How.CARRIED, row))
    return whole if whole.last else None


def _whole_of(sentence: TokenisedSentence, hit: NameHit) -> IndicatorRule | None:
    """Return the indicator of all there are of what a name tells the new ones of, None where there is none."""
    language = sentence.language
    name = sentence.tokens[hit.token].text
    added = language.lexicon.words("guard.added")
    bare = {
        name[len(word) :] if name.startswith(word) else name[: -len(word)] if name.endswith(word) else name
        for word in added
    }
    for thing in sorted(bare, key=len):
        for word in (*language.lexicon.words("guard.totals"), *language.lexicon.words("direction.to")):
            for entry in language.entries.get(thing + word, ()):
                if entry.role == "alias" and entry.rule is not None:
                    return entry.rule
    return None


def _leave(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    _leave_to_none(reading, run, subject, row)
    return subject


def _end(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    return None


def _carry(reading: _Reading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Bind a run to the subject of the run before it."""
    hits = subject.hits
    shares = refer_back(reading.sentence, reading.trail, run) if lead.holds("R") or len(run) > 1 else []
    if (lead.holds("E") or (lead.holds("R") and len(run) == 1)) and len(hits) == 1:
        hits = _theme_hits(reading, subject)
    respectively = subject.respectively or lead.holds("R")
    again = Subject(hits, respectively, subject.each or lead.holds("E"), subject.last)
    bound = _attach(reading, again, run, lead, How.CARRIED, row, shares=shares)
    if not bound:
        return subject if lead.unknown == 0 else None
    if row.one_of_several:
        told = [binding for binding in subject.last if binding.value.measure is Measure.LEVEL]
        for index, binding in enumerate(reading.outcomes.bindings):
            if binding in told:
                _replace_binding(reading, index, binding._replace(of_several=True))
    again.last = tuple(bound)
    return again


_ACTS = {
    Act.ATTACH: _carry,
    Act.REFUSE: _refuse_carried,
    Act.LEAVE: _leave,
    Act.END: _end,
    Act.TOTAL: _total,
    Act.QUOTE: _quote,
    Act.SHARE_OF_PLAN: _share_of_plan,
    Act.AGAINST_TARGET: _against_target,
}


def _fits(reading: _Reading, rule: IndicatorRule, growth: bool, token: int, lead: Lead) -> bool:
    quantity = reading.sentence.quantity(token)
    value = value_of(rule, quantity, lead, reading.sentence.language.lexicon, growth=growth)
    return not isinstance(value, Guard)


def _fitting_subject(reading: _Reading, subject: Subject, run: Run, lead: Lead) -> Subject:
    """Return an earlier subject of the same theme where a moved figure's unit fits only that one.

    优良天数320天，占比87.7%，较上年多12天: twelve days are no change of a share.
    """
    if not lead.direction or lead.to_level or lead.refused or lead.unknown or len(run) > 1 or lead.dealt:
        return subject
    if any(_fits(reading, rule, hit.growth, run[0], lead) for hit in subject.hits for rule in hit.rules):
        return subject
    theme = subject.hits[0].rules[0].theme
    for hit in reversed(reading.history):
        rule = hit.rules[0]
        if rule.theme == theme and len(hit.rules) == 1 and _fits(reading, rule, hit.growth, run[0], lead):
            last = tuple(b for b in reading.outcomes.bindings if b.rule.id == rule.id)
            return Subject((hit,), last=last[-1:] or subject.last)
    return subject


def _theme_hits(reading: _Reading, subject: Subject) -> tuple[NameHit, ...]:
    """Return the last names with figures that are of one theme: 甲12元，乙5元，均增长8%."""
    theme = subject.hits[0].rules[0].theme
    chosen: list[NameHit] = []
    for hit in reversed(reading.history):
        if hit.rules[0].theme != theme:
            break
        chosen.insert(0, hit)
    return tuple(chosen) or subject.hits


_BACK = Construction("分别承前", State.CARRIED, Act.ATTACH, "")
_ANEW = Construction("承前，新增的部分", State.CARRIED, Act.ATTACH, "")
_AFTER = Construction("数在名前", State.NAMED, Act.ATTACH, "新增30家高新技术企业。")


def _read_back(reading: _Reading, run: Run, lead: Lead) -> Subject | None:
    """Bind a list of growths to the figures before it where the last of them is nobody's."""
    shares = refer_back(reading.sentence, reading.trail, run)
    if not shares:
        return None
    subject = Subject(tuple(NameHit(share.name, (share.rule,)) for share in shares), respectively=True)
    bound = _attach(reading, subject, run, lead, How.CARRIED, _BACK, shares=shares)
    subject.last = tuple(bound)
    return subject if bound else None


def _bind_after(reading: _Reading, run: Run) -> Subject | None:
    """Bind a figure to the name that follows it: 新增30家高新技术企业, 30万亩玉米调减."""
    sentence = reading.sentence
    last = run[-1]
    quantity = sentence.quantity(last)
    families = sentence.language.lexicon.words("number.before_noun_families")
    if quantity.form is not Form.AMOUNT or len(run) > 1 or (quantity.family and quantity.family not in families):
        return None
    hit = name_after(sentence, reading.hits, last)
    if hit is None or len(hit.rules) != 1:
        return None
    if not quantity.family and hit.token != last + 1:
        return None  # without a unit only the noun right behind tells what is counted
    following = sentence.tokens[hit.token + 1 : hit.token + 2]
    if following and following[0].kind is TokenKind.FIGURE:
        return None  # the name has a figure of its own
    subject = Subject((hit,))
    before = read_lead(sentence, max(0, last - 1), last, False)
    lead = Lead(stretch=before.stretch)
    bound = _attach(reading, subject, run, lead, How.NAME_AFTER, _AFTER, bare=not quantity.family)
    subject.last = tuple(bound)
    return subject if bound else None


# --- figures to bindings -----------------------------------------------------------------------


def _attach(
    reading: _Reading,
    subject: Subject,
    run: Run,
    lead: Lead,
    how: How,
    row: Construction,
    *,
    bare: bool = False,
    shares: Sequence[Share] = (),
) -> list[Binding]:
    """Bind a run to a subject and return the bindings; record what is refused."""
    sentence, outcomes = reading.sentence, reading.outcomes
    if not shares:
        shares = deal(
            sentence, reading.hits, subject, run, lambda rule, growth, f: _fits(reading, rule, growth, f, lead)
        )
    if not shares:
        for figure in run:
            _refuse(reading, subject, Guard.COUNT, str(len(run)), sentence.tokens[figure].figure, row)
        return []
    bound: list[Binding] = []
    level_with = _level_with(sentence, run, lead)
    for share in shares:
        if level_with:
            bound.append(_in_words(sentence, subject, lead, row, share, level_with))
            continue
        quantity = _in_persons(sentence, share, _in_run(sentence, share.figure, run, subject))
        quantity = _by_the_month(sentence, share, quantity)
        own = _own_lead(sentence, share.figure, run, lead, quantity)
        alone = bare or _only_magnitude(sentence, share.figure, quantity)
        value = value_of(share.rule, quantity, own, sentence.language.lexicon, growth=share.growth, bare=alone)
        if isinstance(value, Guard):
            word = own.word or quantity.raw
            outcomes.refused.append(Refused(share.rule, value, word, sentence.tokens[share.figure].figure, row.name))
            continue
        bound.append(_binding(sentence, subject, run, lead, how, row, share, quantity, value))
    outcomes.bindings.extend(bound)
    if bound:
        reading.history.extend(hit for hit in subject.hits if hit not in reading.history)
    return bound


def _level_with(sentence: TokenisedSentence, run: Run, lead: Lead) -> str:
    """Return the words of a target that names whom it keeps level with: 与全省持平; '' where it is the year before."""
    quantity = sentence.quantity(run[0])
    if quantity.form is not Form.FLAT or len(run) > 1:
        return ""
    match = sentence.language.level_with.search(sentence.text, 0, quantity.start)
    return sentence.text[match.start() : quantity.end] if match is not None else ""


def _in_words(
    sentence: TokenisedSentence, subject: Subject, lead: Lead, row: Construction, share: Share, words: str
) -> Binding:
    name = sentence.tokens[share.name]
    end = sentence.quantity(share.figure).outer_end
    return Binding(
        rule=share.rule,
        value=_WORDS_VALUE,
        figure=sentence.tokens[share.figure].figure,
        name_start=name.start,
        name_end=name.end,
        quote_start=min(name.start, sentence.tokens[subject.hits[0].token].start),
        quote_end=end,
        words=words,
        stretch=lead.stretch,
        how=How.WORDS,
        construction=row.name,
        origin=share.name,
    )


def _binding(
    sentence: TokenisedSentence,
    subject: Subject,
    run: Run,
    lead: Lead,
    how: How,
    row: Construction,
    share: Share,
    quantity: Quantity,
    value: Bounded,
) -> Binding:
    name = sentence.tokens[share.name]
    start = name.start if len(subject.hits) == 1 else min(sentence.tokens[hit.token].start for hit in subject.hits)
    return Binding(
        rule=share.rule,
        value=value,
        figure=sentence.tokens[share.figure].figure,
        name_start=name.start,
        name_end=name.end,
        quote_start=min(start, quantity.outer_start),
        quote_end=max(name.end, quantity.outer_end),
        stretch=lead.stretch,
        status=lead.status,
        held=lead.held,
        how=how,
        construction=row.name,
        from_level=lead.holds("f"),
        own_scope=lead.holds("o"),
        to_level=lead.to_level and bool(subject.last) and subject.last[-1].from_level,
        reaches=lead.to_level,
        verb=lead.verb or _verb_of(sentence, share.name, quantity),
        origin=min(share.name, share.figure),
    )


_MILESTONE = 4
"""How far behind a figure without a unit its milestone stands: 6亿大关, 3000亿新台阶."""


def _only_magnitude(sentence: TokenisedSentence, figure: int, quantity: Quantity) -> bool:
    """Tell whether a figure has a magnitude and no unit, and nothing that it counts: 地区生产总值达到2080亿，…"""
    following = sentence.tokens[figure + 1] if figure + 1 < len(sentence.tokens) else None
    ends = following is None or following.kind is TokenKind.MARK or following.has("join", "up", "down")
    behind = sentence.text[quantity.outer_end : quantity.outer_end + _MILESTONE]
    ends = ends or any(word in behind for word in sentence.language.lexicon.words("number.milestones"))
    return ends and bool(quantity.unit) and not quantity.family and all(sign in MAGNITUDES for sign in quantity.unit)


def _verb_of(sentence: TokenisedSentence, name: int, quantity: Quantity) -> str:
    """Return the verb of a figure that has none in its lead: 突破500亿元 within it, 完成 before its name."""
    before = sentence.tokens[name - 1] if name else None
    ahead = before.text if before is not None and before.has("glue", "cumulative") else ""
    return ahead or quantity.modifier


def _in_run(sentence: TokenisedSentence, figure: int, run: Run, subject: Subject) -> Quantity:
    """Return a figure of a run with what the run shares: a hedge at its end or head, a unit at its end."""
    quantity = sentence.quantity(figure)
    if len(run) == 1:
        return quantity
    first, last = sentence.quantity(run[0]), sentence.quantity(run[-1])
    hedged = (Bound.APPROX, Bound.GE, Bound.LE)
    if quantity.bound is Bound.EQ and last.bound in hedged and last.outer_end > last.end:
        quantity = with_bound(quantity, last)
    elif (
        quantity.bound is Bound.EQ
        and (subject.respectively or len(subject.hits) > 1 or marks_crossed(sentence, run))
        and first.bound in hedged
        and first.outer_start < first.start
    ):
        quantity = with_bound(quantity, first)
    if not quantity.unit and quantity.form is Form.AMOUNT and last.unit:
        # 46和78微克/立方米: the unit stands once, at the end of the list.
        quantity = quantity._replace(unit=last.unit, family=last.family, form=last.form)
    return quantity


def _in_persons(sentence: TokenisedSentence, share: Share, quantity: Quantity) -> Quantity:
    """Return a count of posts as one of persons where the name says so: 新增城镇就业岗位6.3万个."""
    lexicon = sentence.language.lexicon
    posts = sentence.tokens[share.name].text.endswith(lexicon.words("number.person_nouns"))
    if not posts or quantity.family not in lexicon.words("number.counting_families"):
        return quantity
    into, family = base_unit(share.rule.unit), resolve_unit(lexicon, share.rule.unit)[0]
    magnitude = "".join(sign for sign in quantity.unit if sign in MAGNITUDES)
    return quantity._replace(unit=magnitude + into, family=family)


def _by_the_month(sentence: TokenisedSentence, share: Share, quantity: Quantity) -> Quantity:
    """Return a sum told as one a month where the rule takes such besides its own: 农村低保标准提高到每人每月710元."""
    monthly = share.rule.unit + next(iter(sentence.language.lexicon.words("number.a_month")), "")
    if quantity.unit != share.rule.unit or monthly not in share.rule.other_units:
        return quantity
    rhythms = sentence.language.lexicon.words("list.rhythms")
    months = sentence.language.lexicon.words("number.month_words")
    position = share.figure - 1
    while position > share.name and not sentence.tokens[position].has("join"):
        if sentence.tokens[position].text in rhythms:
            break
        position -= 1
    if not sentence.tokens[position].text.endswith(months) or position <= share.name:
        return quantity
    return quantity._replace(unit=monthly, family=resolve_unit(sentence.language.lexicon, monthly)[0])


_VERB = frozenset({"verb"})


def _own_lead(sentence: TokenisedSentence, figure: int, run: Run, lead: Lead, quantity: Quantity) -> Lead:
    """Return the lead of one figure of a run: its own direction where it has one, before it or as a noun behind."""
    if figure != run[0]:
        before = sentence.tokens[figure - 1]
        if before.has("up", "down"):
            lead = replace(lead, direction=Direction.UP if before.has("up") else Direction.DOWN, to_level=False)
    if not lead.direction and quantity.form in (Form.PERCENT, Form.TIMES):
        after = _direction_after(sentence, quantity)
        lead = replace(lead, direction=after) if after else lead
    return lead


def _direction_after(sentence: TokenisedSentence, quantity: Quantity) -> Direction:
    """Return the direction that follows a figure as a noun: 9%的增长, 8%的增速."""
    after = sentence.text[quantity.outer_end : quantity.outer_end + 6]
    lexicon = sentence.language.lexicon
    of = next((word for word in lexicon.words("guard.of") if after.startswith(word)), "")
    if of:
        if after[len(of) :].startswith(lexicon.words("direction.up")):
            return Direction.UP
        if after[len(of) :].startswith(lexicon.words("direction.down")):
            return Direction.DOWN
    return Direction.NONE


# --- targets without a figure ------------------------------------------------------------------

_WORDS_VALUE = Bounded(Measure.GROWTH, None, None, Bound.NONE, "")
_LONGEST_TO_WORDS = (4, 12)
"""Unknown characters between a name and a target in words: alone, and at the end of a list."""


def _is_target(sentence: TokenisedSentence, name: int, words: Token) -> bool:
    """Tell whether words behind a name state a target for it, not a purpose, a cause or a condition."""
    lexicon = sentence.language.lexicon
    start = max(sentence.text.rfind(mark, 0, sentence.tokens[name].start) for mark in "，；。：") + 1
    opening = sentence.text[start : sentence.tokens[name].start]
    if opening.startswith(lexicon.words("words_target.not_after")) or opening.endswith(lexicon.words("guard.of")):
        return False
    told = sentence.text[sentence.tokens[name].end : words.start]
    if any(word in told for word in lexicon.words("words_target.told")):
        return False  # 收入增幅连续三年跑赢城镇居民
    weak = words.text.startswith(lexicon.words("words_target.weak"))
    if weak and start and not sentence.quantities:
        return False  # 强化源头治理，实现PM2.5持续下降: a wish among measures, no target among targets
    if weak and any(word in opening for word in lexicon.words("words_target.purposes")):
        return False
    if sentence.text[: words.start].endswith(lexicon.words("guard.counters")):
        return False  # 实现“三个高于”
    _, of, noun = words.text.partition(lexicon.words("guard.of")[0])
    if of and noun and not noun.endswith(lexicon.words("words_target.measures")):
        return False  # 高于全省均值的县区
    if words.text in lexicon.words("guard.comparison"):
        return False  # 继续保持“两高于”: higher than what is not said
    if words.text.endswith(lexicon.words("words_target.not_before")):
        return False  # 实现居民收入增长和劳动报酬提高同步推进: what is to be done, not how much
    own = own_words(sentence.place, sentence.level, lexicon)
    return not any(word in words.text for word in own)


def _read_words(reading: _Reading) -> None:
    """Bind targets in words (与经济增长同步) to the names right before them."""
    sentence = reading.sentence
    if not sentence.language.words_targets.search(sentence.text):
        return
    since = 0
    for index, token in enumerate(sentence.tokens):
        if token.kind is TokenKind.FIGURE:
            since = index + 1
        if token.kind is not TokenKind.WORDS:
            continue
        group, last = group_before(sentence, reading.hits, index, since)
        since = index + 1
        if not group:
            continue
        lead = read_lead(sentence, last + 1, index, True)
        if not _is_target(sentence, group[0].token, token):
            continue
        if lead.refused or lead.holds(",;") or lead.unknown > _LONGEST_TO_WORDS[lead.holds("j")]:
            continue
        for hit in group:
            for rule in (hit.whole,) if hit.whole is not None and not lead.dealt else hit.rules:
                if Measure.GROWTH not in rule.measures and not rule.rise_is_level:
                    continue
                name = sentence.tokens[hit.token]
                reading.outcomes.bindings.append(
                    Binding(
                        rule=rule,
                        value=_WORDS_VALUE,
                        figure=-1,
                        name_start=name.start,
                        name_end=name.end,
                        quote_start=sentence.tokens[group[0].token].start,
                        quote_end=token.end + sentence.text.startswith("”", token.end),  # 实现“双提升”
                        stretch=lead.stretch,
                        words=token.text,
                        how=How.WORDS,
                        origin=hit.token,
                    )
                )


def _read_open_stretches(reading: _Reading) -> None:
    """Bind a stretch without a number (努力争取更好结果) to the indicator right before it."""
    sentence, bindings = reading.sentence, reading.outcomes.bindings
    if not sentence.language.open_stretches.search(sentence.text):
        return
    for index, token in enumerate(sentence.tokens):
        if not token.has("stretch_open") or not _ends_clause(sentence, index):
            continue
        before = [
            b for b in bindings if b.figure >= 0 and b.quote_end <= token.start and b.value.measure is Measure.GROWTH
        ]
        if not before:
            continue
        last = max(before, key=lambda b: b.quote_end)
        if any(mark in sentence.text[last.quote_end : token.start] for mark in "；。"):
            continue
        bindings.append(
            last._replace(
                value=_WORDS_VALUE,
                figure=-1,
                quote_end=token.end,
                stretch=token.text,
                words=token.text,
                how=How.WORDS,
                origin=index,
            )
        )


def _ends_clause(sentence: TokenisedSentence, index: int) -> bool:
    """Tell whether nothing follows the token in its clause: 力争更快实现绿色转型 is no stretch of a figure."""
    following = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
    return following is None or following.kind is TokenKind.MARK


def _read_missed(reading: _Reading) -> None:
    """Record the indicators that the sentence says fell short of their targets."""
    sentence = reading.sentence
    if not sentence.language.missed.search(sentence.text):
        return
    for index, token in enumerate(sentence.tokens):
        if not token.has("missed"):
            continue
        for position in range(index - 1, -1, -1):
            before = sentence.tokens[position]
            if before.kind is TokenKind.MARK and before.text in "；。":
                break
            hit = reading.hits.get(position)
            for rule in hit.rules if hit is not None else ():
                reading.outcomes.self_reports.append(SelfReport(rule, None, None, False, before.start, token.end))
