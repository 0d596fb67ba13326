"""Figures become bindings: dealt to the names of a subject, given unit, bound and direction, and quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compiler.language.constructions import Construction
from compiler.language.coordination import Run, Share, Subject, deal, marks_crossed
from compiler.language.guards import Guard
from compiler.language.lead_codes import Direction, Lead
from compiler.language.outcomes import Binding, Bounded, How, Refused
from compiler.language.sentence_reading import SentenceReading
from compiler.language.targets_in_words import WORDS_VALUE
from compiler.language.tokens import TokenisedSentence, TokenKind
from compiler.language.unit_conversion import resolve_unit
from compiler.language.values import base_unit, value_of, with_bound
from compiler.model import Bound, Form, IndicatorRule, Quantity
from compiler.numbers import MAGNITUDES


def attach(
    reading: SentenceReading,
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
            sentence, reading.hits, subject, run, lambda rule, growth, f: fits(reading, rule, growth, f, lead)
        )
    if not shares:
        for figure in run:
            reading.refuse(subject, Guard.COUNT, str(len(run)), sentence.tokens[figure].figure, row)
        return []
    bound: list[Binding] = []
    level_with = _level_with(sentence, run, lead)
    for share in shares:
        if level_with:
            bound.append(_in_words(sentence, subject, lead, row, share, level_with))
            continue
        quantity = _in_persons(sentence, share, _in_run(sentence, share.figure, run, subject))
        quantity = _by_the_month(sentence, share, quantity, run)
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


def fits(reading: SentenceReading, rule: IndicatorRule, growth: bool, token: int, lead: Lead) -> bool:
    quantity = reading.sentence.quantity(token)
    value = value_of(rule, quantity, lead, reading.sentence.language.lexicon, growth=growth)
    return not isinstance(value, Guard)


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
        value=WORDS_VALUE,
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
    if not quantity.unit or quantity.family or not all(sign in MAGNITUDES for sign in quantity.unit):
        return False
    following = sentence.tokens[figure + 1] if figure + 1 < len(sentence.tokens) else None
    ends = following is None or following.kind is TokenKind.MARK or following.has("join", "up", "down")
    behind = sentence.text[quantity.outer_end : quantity.outer_end + _MILESTONE]
    return ends or any(word in behind for word in sentence.language.lexicon.words("number.milestones"))


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
    points = quantity.form is Form.AMOUNT and last.form is Form.POINT
    if points and last.raw.lstrip(_DIGITS).startswith(quantity.unit):  # 0.8个、1.1个百分点
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


_DIGITS = "0123456789."

_RHYTHMS_APART = 3
"""Sums of one list that differ by more are not told by the same month: 每月680元、5600元."""


def _by_the_month(sentence: TokenisedSentence, share: Share, quantity: Quantity, run: Run) -> Quantity:
    """Return a sum told as one a month where the rule takes such besides its own: 农村低保标准提高到每人每月710元.

    In a list the word before the first sum holds for those like it: 城乡低保标准分别提高到每月780元和560元.
    """
    if not share.rule.other_units:
        return quantity
    monthly = share.rule.unit + next(iter(sentence.language.lexicon.words("number.a_month")), "")
    if quantity.unit != share.rule.unit or monthly not in share.rule.other_units:
        return quantity
    rhythms = sentence.language.lexicon.words("list.rhythms")
    months = sentence.language.lexicon.words("number.month_words")
    first = sentence.quantity(run[0])
    alike = first.low is not None and quantity.low is not None and quantity.low <= first.low * _RHYTHMS_APART
    position = share.figure - 1
    while position > share.name and (alike or not sentence.tokens[position].has("join")):
        if sentence.tokens[position].text in rhythms:
            break
        position -= 1
    word = sentence.tokens[position].text
    if not (word.endswith(months) or word.startswith(months)) or position <= share.name:
        return quantity
    return quantity._replace(unit=monthly, family=resolve_unit(sentence.language.lexicon, monthly)[0])


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
