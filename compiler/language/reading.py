"""Reads one sentence from left to right and binds its figures to the indicators that they measure.

A run of figures belongs to the names right before it (``A、B和C分别增长x、y和z``), else to the subject of
the run before (``…1100亿元，增长13.5%``), else to a name right after it (``97个省级贫困村``). The table of
constructions decides; this module finds the names, asks the table and does what its row says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from compiler.language.acts import ACTS, bind_after, bind_back, counted_anew, margin
from compiler.language.attaching import attach
from compiler.language.constructions import Act, Situation, State, wider_place
from compiler.language.coordination import Run, Subject, group_before, runs_of
from compiler.language.guards import Guard
from compiler.language.lead_codes import Direction, read_lead
from compiler.language.mentions import read_names, verb_behind
from compiler.language.outcomes import Binding, How, NameHit, Outcomes
from compiler.language.phrases import read_phrases
from compiler.language.ranks import read_ranks
from compiler.language.sentence_reading import SentenceReading
from compiler.language.subjects import (
    behind_reason,
    fitting_subject,
    inherit,
    of_the_two,
    say_again,
    take_over,
    taken_up,
)
from compiler.language.targets_in_words import read_missed, read_open_stretches, read_words
from compiler.language.tokens import TokenisedSentence, TokenKind
from compiler.model import Form, Measure


def read_sentence(
    sentence: TokenisedSentence,
    tell: Callable[[str], None] | None = None,
    before: Sequence[Binding] = (),
    *,
    planned: bool = False,
) -> Outcomes:
    """Return what becomes of the figures of a sentence; ``tell`` is given the name of each construction met.

    ``before`` are the figures that the sentence before it ended with: one that begins with a growth and no name goes
    on with them (产量达到245万吨。总量居全省第二，增长8%). ``planned``: the sentence stands in the plan.
    """
    outcomes = Outcomes()
    hits = read_names(sentence, outcomes)
    reading = SentenceReading(sentence, hits, outcomes, tell=tell, planned=planned)
    phrases = read_phrases(sentence, hits, outcomes)
    runs = runs_of(sentence)
    subject = taken_up(reading, runs[0], before) if before and runs else None
    since = subject.hits[0].token if subject is not None else 0
    around: Subject | None = None  # whose figure stands before a bracket that tells of parts
    for run in runs:
        already = len(outcomes.bindings)
        if around is not None:
            closed = _closes(sentence, since, run[0])
            subject, since, around = (around, closed, None) if closed else (subject, since, around)
        elif subject is not None and _opens_parts(sentence, since, run[0]):
            around = replace(subject)
        subject = _read_claimed(reading, run, subject, phrases) or _read_run(reading, run, since, subject)
        since = run[-1] + 1
        bound: dict[int, list[Binding]] = {}
        for binding in outcomes.bindings[already:]:
            bound.setdefault(binding.figure, []).append(binding)
        reading.trail.extend((token, tuple(bound.get(sentence.tokens[token].figure, ()))) for token in run)
    _yield_loose(reading)
    _mark_yearly(reading)
    outcomes.last = subject.last if subject is not None else ()
    read_words(reading)
    read_open_stretches(reading)
    read_missed(reading)
    read_ranks(reading)
    return outcomes


def _opens_parts(sentence: TokenisedSentence, since: int, first: int) -> bool:
    """Tell whether a bracket opens before a figure of parts (9.13万件（其中发明1.43万件）) or without a name."""
    between = sentence.tokens[since:first]
    if len(between) < 2 or between[0].text != "（":
        return False
    return between[1].has("among") or not any(token.kind is TokenKind.NAME for token in between)


def _closes(sentence: TokenisedSentence, since: int, first: int) -> int:
    """Return the token behind the bracket that closes before a figure, 0 where none does."""
    return next((index + 1 for index in range(since, first) if sentence.tokens[index].text == "）"), 0)


def _read_claimed(
    reading: SentenceReading, run: Run, subject: Subject | None, phrases: dict[int, Binding]
) -> Subject | None:
    """Take the figures of a run that phrases claim; None where there are none."""
    sentence = reading.sentence
    claims = [phrases[sentence.tokens[i].figure] for i in run if sentence.tokens[i].figure in phrases]
    if not claims:
        return None
    levels = all(claim.value.measure is Measure.LEVEL for claim in claims)
    if levels and all(_among_told(reading, claim.name_start, {claim.rule.id}) for claim in claims):
        for claim in claims:
            name = sentence.text[claim.name_start : sentence.quantities[claim.figure].outer_start]
            reading.outcomes.refuse((claim.rule,), Guard.PART, name or claim.rule.name, claim.figure)
        return subject
    reading.outcomes.bindings.extend(claims)
    final = claims[-1]
    moved = final.value.measure is Measure.CHANGE
    if subject is not None and moved and any(_overlaps(sentence, final, hit) for hit in subject.hits):
        return subject  # 贷款余额120亿元，比年初增加9亿元，增长8%: the growth is the balance's
    named = tuple(hit for hit in reading.hits.values() if _overlaps(sentence, final, hit))
    if named and moved and not any(final.rule in hit.rules for hit in named):
        return Subject(named, open=True)  # 各项贷款比年初增加9亿元，增长8%: so it is where no balance is told
    hit = NameHit(run[0], (final.rule,))
    reading.history.append(hit)
    return Subject((hit,), last=(final,))


def _overlaps(sentence: TokenisedSentence, claim: Binding, hit: NameHit) -> bool:
    """Tell whether the name of a phrase's claim holds a name that stands in the sentence."""
    token = sentence.tokens[hit.token]
    return claim.name_start < token.end and token.start < claim.name_end


_DATED = ("period_reset", "achieved_in_plan", "coming_year", "plan_in_review", "same_year")


def _among_told(reading: SentenceReading, start: int, rules: set[str]) -> bool:
    """Tell whether 其中 has come up since the last figure read, a level of one of the rules.

    What stands between may be parts that no rule knows: 造林18万亩，其中重点工程6万亩，人工造林9万亩.
    """
    sentence = reading.sentence
    if "among" not in sentence.categories:
        return False
    last = reading.outcomes.bindings[-1] if reading.outcomes.bindings else None
    if last is None or last.figure < 0 or last.value.measure is not Measure.LEVEL or last.rule.id not in rules:
        return False
    between = [t for t in sentence.tokens[sentence.token_of(last.figure) + 1 :] if t.end <= start]
    if any(t.text in "；。" or t.kind is TokenKind.YEAR or t.has(*_DATED) for t in between):
        return False
    return any(t.has("among") for t in between)


def _read_run(reading: SentenceReading, run: Run, since: int, subject: Subject | None) -> Subject | None:
    """Read a run of figures; return the subject after it."""
    group, end = group_before(reading.sentence, reading.hits, run[0], since)
    if group:
        return _read_named(reading, run, since, subject, group, end)
    if subject is not None:
        return _read_carried(reading, run, since, subject)
    if reading.sentence.any_has("respectively", since, run[0]):
        lead = read_lead(reading.sentence, since, run[0], False)
        if not (lead.refused or lead.unknown):
            return bind_back(reading, run, lead)
        return bind_after(reading, run)
    return bind_after(reading, run)


def _read_named(
    reading: SentenceReading, run: Run, since: int, subject: Subject | None, group: Sequence[NameHit], end: int
) -> Subject | None:
    """Read a run behind names of its own."""
    sentence = reading.sentence
    first = run[0]
    taken_up = 0 < verb_behind(sentence, end, group[-1].rules[0]) == first - 1
    lead = read_lead(sentence, first - 1 if taken_up else end + 1, first, True)
    adds = sentence.tokens[first - 1]
    if adds.has("added") and any(adds.text in sentence.language.verbs_of(r) for h in group for r in h.rules):
        lead.direction = Direction.NONE  # 高新技术企业、专精特新企业分别净增12家、5家
        lead.refused = None if lead.refused is Guard.ADDED else lead.refused
    candidate = Subject(tuple(group), lead.holds("R"), lead.holds("E"))
    between = sentence.tokens[since : group[0].token]
    if all(token.has("join") or token.text == "，" for token in between):
        inherit(reading, lead, subject, run, group[-1].rules[0])
    part_of_last = subject is not None and sentence.any_has("among", since, group[0].token)
    if part_of_last and subject is not None:
        known = {b.rule.id for b in subject.last}
        resets = ("period_reset", "achieved_in_plan", "same_year")
        dated = any(token.kind is TokenKind.YEAR or token.has(*resets) for token in between)
        part_of_last = not dated and any(rule.id in known for hit in group for rule in hit.rules)
    if sentence.quantity(first).form is Form.AMOUNT and not lead.moves:
        ids = {rule.id for hit in group for rule in hit.rules}
        part_of_last |= _among_told(reading, sentence.tokens[group[0].token].start, ids)
    situation = Situation(sentence, candidate, lead, sentence.quantity(first), part_of_last, reading.planned)
    row = reading.row(State.NAMED, situation)
    if row.act is Act.ATTACH:
        bound = attach(reading, candidate, run, lead, How.NAME_BEFORE, row)
        refused = reading.outcomes.refused
        if bound:
            candidate.last = tuple(bound)
            return candidate
        after = bind_after(reading, run)
        unmeasured = any(r.figure == sentence.tokens[first].figure and r.guard is Guard.MEASURE for r in refused)
        rates = tuple(hit._replace(growth=hit.growth or lead.holds("r")) for hit in group)
        moved = sentence.quantity(first).form is Form.POINT and len(run) == 1
        if after is None and moved and all(hit.growth for hit in rates):
            # 增速提高1.2个百分点，达到8.1%: the name waits for its growth.
            return Subject(rates, candidate.respectively, candidate.each, open=True)
        if after is None and (unmeasured or _crosses_marks(sentence, first)):
            candidate.open = True  # 迈上千亿台阶，达到1023亿元; 能耗降至1.96吨标准煤/万元、下降5.1%
            return candidate
        return after
    if row.act is Act.MARGIN:
        return margin(reading, run, candidate, end, lead, row)
    after = bind_after(reading, run)
    if after is not None:
        return after
    guard = row.guard or lead.refused
    word = sentence.tokens[group[0].token].text if part_of_last else lead.word or wider_place(situation)
    if not word and row.guard is Guard.OLD_TARGET:
        word = sentence.aimed_at(sentence.tokens[first].figure)
    if not word and row.guard is Guard.SCOPE:  # 与邻近的通州（1.3万亿元）
        word = next((t.text for t in reversed(sentence.tokens[end:first]) if t.kind is TokenKind.TEXT), "")
    reading.refuse(candidate, guard, word, sentence.tokens[first].figure, row)
    if row.guard is Guard.SCOPE and lead.holds("r"):
        candidate.hits = tuple(hit._replace(growth=True) for hit in group)  # 投资增速全省12%，我市14%
    candidate.open = row.guard in (Guard.FROM, Guard.SHARE_OF_PLAN, Guard.SCOPE) or lead.opening.startswith(
        sentence.language.lexicon.words("glue.circumstances")
    )
    return candidate  # without a figure yet: 用电量8月起回升，12月增长20.5%，全年增长8.4%


def _crosses_marks(sentence: TokenisedSentence, figure: int) -> bool:
    """Tell whether a figure is a round mark that was crossed, or tells how many: 千亿台阶, 2个千亿元台阶."""
    if not any(character.isdigit() for character in sentence.tokens[figure].text):
        return True
    clause = re.split("[，；。、]", sentence.text[sentence.quantity(figure).outer_end :], maxsplit=1)[0]
    return clause.endswith(sentence.language.lexicon.words("number.not_counted"))


def _read_carried(reading: SentenceReading, run: Run, since: int, subject: Subject) -> Subject | None:
    """Read a run without names of its own, behind a subject."""
    sentence = reading.sentence
    start = behind_reason(sentence, since, run[0]) if reading.planned else since
    lead = read_lead(sentence, start, run[0], False)
    lead.as_reason = start > since
    quantity = sentence.quantity(run[0])
    subject = of_the_two(reading, subject, lead)
    say_again(sentence, subject, lead, range(since, run[0]))
    if subject.last:
        take_over(subject, lead, quantity)
        subject = fitting_subject(reading, subject, run, lead)
    counted = counted_anew(reading, run, subject, lead)
    if counted is not None:
        return counted
    situation = Situation(sentence, subject, lead, quantity, planned=reading.planned)
    if not subject.last:
        row = reading.row(State.WAITING, situation)
        if row.act is Act.ATTACH:
            bound = attach(reading, subject, run, lead, How.CARRIED, row)
            if bound:
                subject.last = tuple(bound)
                return subject
    else:
        row = reading.row(State.CARRIED, situation)
        carried = ACTS[row.act](reading, run, subject, lead, row)
        if carried is not None:
            return carried
    after = bind_after(reading, run)
    if after is not None:
        return after
    reading.leave(run, subject, row)
    # A figure about something else ends the subject; one that only compares (是2006年的1.7倍) does not.
    return subject if lead.unknown == 0 and not lead.refused else None


# --- when all runs are read --------------------------------------------------------------------

_OVER_A_TERM = 60
"""So many percent can be the growth of five years at 10 % a year; less, told beside a level, is one year's."""


def _mark_yearly(reading: SentenceReading) -> None:
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
                reading.exchange(index, binding._replace(yearly=True))


def _yield_loose(reading: SentenceReading) -> None:
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
