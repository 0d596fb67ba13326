"""Of what a run of figures without names of its own goes on to speak."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.language.attaching import fits
from compiler.language.clauses import done_last_year, gives_reason
from compiler.language.constructions import was_planned
from compiler.language.coordination import Run, Subject
from compiler.language.guards import Guard
from compiler.language.lead_codes import UNKNOWN, Direction, Lead, read_lead, says_nothing
from compiler.language.outcomes import Binding, NameHit
from compiler.language.sentence_reading import SentenceReading
from compiler.language.tokens import TokenisedSentence, TokenKind
from compiler.language.values import is_rate
from compiler.model import Form, IndicatorRule, Measure, Quantity

_VERB = frozenset({"verb"})


def taken_up(reading: SentenceReading, run: Run, before: Sequence[Binding]) -> Subject | None:
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


def behind_reason(sentence: TokenisedSentence, since: int, first: int) -> int:
    """Return where the lead of a figure begins that is last year's and told as a reason, else ``since``.

    增长6%，这是考虑到去年增长18.2%: what stands before 去年 says why, and nothing of the figure.
    """
    reasons = sentence.language.lexicon.words("guard.reasons")
    for index in range(since, first):
        if not sentence.tokens[index].has("achieved_in_plan"):
            continue
        ahead = sentence.text[sentence.tokens[since].start : sentence.tokens[index].start]
        return index if any(word in ahead for word in reasons) else since
    return since


def of_the_two(reading: SentenceReading, subject: Subject, lead: Lead) -> Subject:
    """Return the subject of the figure that 前者 or 后者 takes up, else the one at hand."""
    if not lead.holds("12"):
        return subject
    if lead.holds("1") or not reading.pair:
        reading.pair = reading.trail[-2:]
    if len(reading.pair) < 2 or not all(bound for _, bound in reading.pair):
        return subject
    former = lead.codes.rfind("1") > lead.codes.rfind("2")  # 前者列全省第6位，后者下降3.2%: the nearer word counts
    bound = reading.pair[0 if former else 1][1]
    return Subject((NameHit(bound[0].origin, (bound[0].rule,)),), last=bound[:1])


def say_again(sentence: TokenisedSentence, subject: Subject, lead: Lead, tokens: range) -> None:
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
        ends = sentence.language.lexicon.words("glue.amount_ends")
        amount = again[:-1] if again.endswith(ends) else again  # 固定资产投资增长8%，完成投资额159亿元
        known = last is not None and lead.unknown == len(last.text)
        if known and subject.last and lead.codes.startswith(",g") and was_planned(sentence, subject.last[-1]):
            lead.refused, lead.word, lead.unknown, lead.glue = None, "", 0, True  # 原定新建18万亩，实际建成21万亩
        elif known and (
            _does_this_year(sentence, subject, tokens) or _within_all(names, again) or _within_all(names, amount)
        ):
            lead.refused, lead.word, lead.unknown, lead.glue = None, "", 0, True
            lead.codes = lead.codes.rstrip(UNKNOWN)
    elif lead.refused is Guard.ADDED and not lead.unknown and all(lead.word in name for name in names):
        lead.refused, lead.word, lead.glue = None, "", True


def _within_all(names: Sequence[str], again: str) -> bool:
    """Tell whether a word ends each of the names, or a longer one stands in each."""
    return all(name.endswith(again) or (len(again) > 1 and again in name) for name in names)


def _does_this_year(sentence: TokenisedSentence, subject: Subject, tokens: range) -> bool:
    """Tell whether a lead names the coming year and ends with what is done in it: …2000公里，今年建成1100公里."""
    verb = sentence.tokens[tokens[-1]].text
    rules = [rule for hit in subject.hits for rule in hit.rules]
    named = any(sentence.tokens[index].has("coming_year") for index in tokens)
    acts = sentence.language.lexicon.words("measured.acts")
    return named and (verb in acts or all(verb in sentence.language.verbs_of(rule) for rule in rules))


def take_over(subject: Subject, lead: Lead, quantity: Quantity) -> None:
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


def inherit(reading: SentenceReading, lead: Lead, subject: Subject | None, run: Run, rule: IndicatorRule) -> None:
    """Let 增长 reach over a list whose later items leave it out: 甲增长7%、乙9%."""
    if lead.direction or lead.to_level or lead.unknown or lead.glue or subject is None or not subject.last:
        return
    previous = subject.last[-1]
    growth = previous.value.measure is Measure.GROWTH and Measure.GROWTH in rule.measures
    percent = reading.sentence.quantity(run[0]).form is Form.PERCENT
    if percent and growth and previous.figure >= 0 and not is_rate(rule, reading.sentence.language.lexicon):
        lead.direction = Direction.DOWN if previous.value.falls else Direction.UP


def fitting_subject(reading: SentenceReading, subject: Subject, run: Run, lead: Lead) -> Subject:
    """Return an earlier subject of the same theme where a moved figure's unit fits only that one.

    优良天数320天，占比87.7%，较上年多12天: twelve days are no change of a share.
    """
    if not lead.direction or lead.to_level or lead.refused or lead.unknown or len(run) > 1 or lead.dealt:
        return subject
    if any(fits(reading, rule, hit.growth, run[0], lead) for hit in subject.hits for rule in hit.rules):
        return subject
    theme = subject.hits[0].rules[0].theme
    for hit in reversed(reading.history):
        rule = hit.rules[0]
        if rule.theme == theme and len(hit.rules) == 1 and fits(reading, rule, hit.growth, run[0], lead):
            last = tuple(b for b in reading.outcomes.bindings if b.rule.id == rule.id)
            return Subject((hit,), last=last[-1:] or subject.last)
    return subject


def theme_hits(reading: SentenceReading, subject: Subject) -> tuple[NameHit, ...]:
    """Return the last names with figures that are of one theme: 甲12元，乙5元，均增长8%."""
    theme = subject.hits[0].rules[0].theme
    chosen: list[NameHit] = []
    for hit in reversed(reading.history):
        if hit.rules[0].theme != theme:
            break
        chosen.insert(0, hit)
    return tuple(chosen) or subject.hits


def whole_of(sentence: TokenisedSentence, hit: NameHit, last: Sequence[Binding]) -> IndicatorRule | None:
    """Return the indicator of all there are of what a name tells the new ones of, None where there is none.

    Of what a phrase claimed (规上工业企业增加21家) the name stands within the phrase.
    """
    language = sentence.language
    token = sentence.tokens[hit.token]
    names = (sentence.tokens[index] for index in sentence.names)
    within = (other for other in names if any(b.name_start <= other.start < b.name_end for b in last))
    name = next(within, token).text if token.kind is TokenKind.FIGURE else token.text
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
