"""What the rows of the table of constructions do with a run of figures."""

from __future__ import annotations

from dataclasses import replace

from compiler.language.attaching import attach
from compiler.language.constructions import Act, Construction, State
from compiler.language.coordination import Run, Share, Subject, dealt_back, name_after, refer_back
from compiler.language.guards import Guard
from compiler.language.lead_codes import Lead, read_lead
from compiler.language.outcomes import How, NameHit, Refused, SelfReport
from compiler.language.ranks import comparison_before
from compiler.language.scopes import own_words
from compiler.language.sentence_reading import SentenceReading
from compiler.language.subjects import theme_hits, whole_of
from compiler.language.targets_in_words import bound_in_words
from compiler.language.tokens import TokenKind
from compiler.model import Form, Measure


def _share_of_plan(
    reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction
) -> Subject | None:
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


def _against_target(
    reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction
) -> Subject | None:
    quantity = reading.sentence.quantity(run[0])
    figure = reading.sentence.tokens[run[0]].figure
    difference = quantity.low if quantity.low is not None else quantity.high
    if difference is not None:
        better = lead.compares.startswith(reading.sentence.language.lexicon.words("completion.better_than_target"))
        for base in subject.last:
            # 能耗下降5.1%，超年度目标1.6个百分点: the target was a fall of 3.5 percent.
            signed = -difference if lead.below or (better and base.rule.direction == "down") else difference
            reading.outcomes.self_reports.append(
                SelfReport(base.rule, None, signed, None, base.quote_start, quantity.outer_end, figure, base)
            )
    return subject


def _refuse_carried(
    reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction
) -> Subject | None:
    figure = reading.sentence.tokens[run[0]].figure
    word = reading.sentence.quantity(run[0]).raw
    if row.guard is Guard.COMPARISON:
        ahead = reversed(reading.sentence.tokens[: run[0]])
        word = lead.word or next((token.text for token in ahead if token.has("scope")), word)  # 与全省6.1%的增速持平
        printed = comparison_before(reading.sentence, run[0])
        if any(place in printed for place in reading.sentence.language.lexicon.words("guard.compared_with")):
            reading.outcomes.comparisons.update({base.figure: printed for base in subject.last if base.figure >= 0})
    for base in subject.last:
        reading.outcomes.refused.append(Refused(base.rule, row.guard or Guard.NEW_SUBJECT, word, figure, row.name))
    return subject


def _quote(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Refuse a quoted target; the subject goes on, and a percentage may follow that is told of the target."""
    figure = reading.sentence.tokens[run[0]].figure
    reading.refuse(subject, Guard.OLD_TARGET, lead.word or lead.verb or reading.sentence.after(figure), figure, row)
    return replace(subject, quoted=True)


def margin(reading: SentenceReading, run: Run, candidate: Subject, end: int, lead: Lead, row: Construction) -> Subject:
    """Bind a target in words that names a margin: 快于全省1个百分点以上."""
    sentence = reading.sentence
    quantity = sentence.quantity(run[0])
    opens = next(token for token in sentence.tokens[end + 1 :] if token.has("comparison"))
    own = own_words(sentence.place, sentence.level, sentence.language.lexicon)
    if any(word in sentence.text[opens.end : quantity.start] for word in own):
        reading.refuse(candidate, Guard.COMPARISON, opens.text, sentence.tokens[run[0]].figure, row)
        return candidate  # 园区增速高于全市5个百分点: the place is not compared with itself
    quote = sentence.tokens[candidate.hits[0].token].start, quantity.outer_end
    words = sentence.text[opens.start : quantity.outer_end]
    for hit in candidate.hits:
        for rule in (hit.whole,) if hit.whole is not None and not lead.dealt else hit.rules:
            reading.outcomes.bindings.append(bound_in_words(sentence, hit, rule, lead, quote, words, row.name))
    reading.refuse(candidate, Guard.COMPARISON, opens.text, sentence.tokens[run[0]].figure, row)
    # 增速高于全国0.8个百分点，达到5.8%: the name waits for its growth.
    hits = tuple(hit._replace(growth=hit.growth or lead.holds("r")) for hit in candidate.hits)
    return replace(candidate, hits=hits, open=True)


def _total(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Bind a total to the indicator of all there are, where one has such a name: 新增高企62家、总数突破300家."""
    if len(run) > 1:
        return _totals(reading, run, subject, lead, row)
    wholes = [whole_of(reading.sentence, hit, subject.last) for hit in subject.hits]
    hits = tuple(
        NameHit(hit.token, (rule,)) for hit, rule in zip(subject.hits, wholes, strict=True) if rule is not None
    )
    if len(hits) < len(subject.hits):
        return None
    whole = Subject(hits, respectively=lead.holds("R"))
    whole.last = tuple(attach(reading, whole, run, lead, How.CARRIED, row))
    return whole if whole.last else None


def _totals(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Deal totals out to the figures before them: 新增高企62家、科小40家，总数分别达到300家和220家."""
    added = reading.sentence.language.lexicon.words("guard.added")
    shares = []
    for token, base in dealt_back(reading.sentence, reading.trail, run):
        whole = whole_of(reading.sentence, NameHit(base.origin, (base.rule,)), (base,))
        if whole is None and base.rule.name.startswith(added):
            figure, word = reading.sentence.tokens[token].figure, lead.word or lead.verb
            reading.outcomes.refused.append(Refused(base.rule, Guard.ADDED, word, figure, row.name))
            continue
        shares.append(Share(whole or base.rule, False, token, base.origin))
    if not shares:
        return None
    wholes = Subject(tuple(NameHit(share.name, (share.rule,)) for share in shares), respectively=True)
    wholes.last = tuple(attach(reading, wholes, run, lead, How.CARRIED, row, shares=shares))
    return wholes if wholes.last else None


def _leave(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    reading.leave(run, subject, row)
    return subject


def _end(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    return None


def _carry(reading: SentenceReading, run: Run, subject: Subject, lead: Lead, row: Construction) -> Subject | None:
    """Bind a run to the subject of the run before it."""
    hits = subject.hits
    shares = refer_back(reading.sentence, reading.trail, run) if lead.holds("R") or len(run) > 1 else []
    if (lead.holds("E") or (lead.holds("R") and len(run) == 1)) and len(hits) == 1:
        hits = theme_hits(reading, subject)
    respectively = subject.respectively or lead.holds("R")
    again = Subject(hits, respectively, subject.each or lead.holds("E"), subject.last)
    bound = attach(reading, again, run, lead, How.CARRIED, row, shares=shares)
    if not bound:
        return subject if lead.unknown == 0 else None
    if row.one_of_several:
        told = [binding for binding in subject.last if binding.value.measure is Measure.LEVEL]
        for index, binding in enumerate(reading.outcomes.bindings):
            if binding in told:
                reading.exchange(index, binding._replace(of_several=True))
    again.last = tuple(bound)
    return again


ACTS = {
    Act.ATTACH: _carry,
    Act.REFUSE: _refuse_carried,
    Act.LEAVE: _leave,
    Act.END: _end,
    Act.TOTAL: _total,
    Act.QUOTE: _quote,
    Act.SHARE_OF_PLAN: _share_of_plan,
    Act.AGAINST_TARGET: _against_target,
}


# --- besides the table --------------------------------------------------------------------------

_BACK = Construction("分别承前", State.CARRIED, Act.ATTACH, "")
_ANEW = Construction("承前，新增的部分", State.CARRIED, Act.ATTACH, "")
_AFTER = Construction("数在名前", State.NAMED, Act.ATTACH, "新增30家高新技术企业。")


def bind_back(reading: SentenceReading, run: Run, lead: Lead) -> Subject | None:
    """Bind a list of growths to the figures before it where the last of them is nobody's."""
    shares = refer_back(reading.sentence, reading.trail, run)
    if not shares:
        return None
    subject = Subject(tuple(NameHit(share.name, (share.rule,)) for share in shares), respectively=True)
    bound = attach(reading, subject, run, lead, How.CARRIED, _BACK, shares=shares)
    subject.last = tuple(bound)
    return subject if bound else None


def bind_after(reading: SentenceReading, run: Run) -> Subject | None:
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
    bound = attach(reading, subject, run, lead, How.NAME_AFTER, _AFTER, bare=not quantity.family)
    subject.last = tuple(bound)
    return subject if bound else None


_SHORTEST_STOCK = 4
"""The end of a name that is shorter may be that of many things: 企业."""


def counted_anew(reading: SentenceReading, run: Run, subject: Subject, lead: Lead) -> Subject | None:
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
            bound = attach(reading, anew, run, Lead(), How.CARRIED, _ANEW)
            return subject if bound else None  # what grew behind it is the stock
    return None
