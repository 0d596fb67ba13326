"""Binds the figures of one sentence to the indicators that they measure.

A sentence is read from left to right as runs of figures. A run belongs to the list of names right
before it (``A、B和C分别增长x、y和z``), else to the subject of the run before (``…1100亿元，增长13.5%``),
else to a name right after it (``97个省级贫困村``). What stands between must be words that leave the
meaning alone (``glue`` in the lexicon); a word that changes it is a guard and refuses the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compiler.language.dealing import Dealer, Subject
from compiler.language.leads import LONGEST_UNKNOWN, OLD_TARGET, Gap
from compiler.language.outcomes import Binding, Bounded, NameHit, Refused, SelfReport, SentenceBindings
from compiler.language.tokens import Token, TokenKind
from compiler.language.vocabulary import Matcher
from compiler.model import Bound, Form, IndicatorRule, Measure, Quantity


class _Binder(Dealer):
    """The reading of one sentence from left to right; :func:`bind` drives it."""

    def read_words(self) -> None:
        """Bind targets in words (与经济增长同步) to the names right before them."""
        for index, token in enumerate(self.tokens):
            if token.kind is not TokenKind.WORDS:
                continue
            since = next(
                (i + 1 for i in range(index - 1, -1, -1) if self.tokens[i].kind in (TokenKind.FIGURE, TokenKind.WORDS)),
                0,
            )
            group, last = self.group_before(index, since)
            if not group:
                continue
            gap = self.read_gap(last + 1, index, True)
            if gap.refused or gap.comma or gap.semicolon or gap.unknown > (12 if gap.join else 4):
                continue
            for hit in group:
                rules = (hit.whole,) if hit.whole is not None and not (gap.each or gap.respectively) else hit.rules
                for rule in rules:
                    name = self.tokens[hit.token]
                    first = self.tokens[group[0].token]
                    self.found.bindings.append(
                        Binding(
                            rule=rule,
                            value=Bounded(Measure.GROWTH, None, None, Bound.NONE, ""),
                            figure=-1,
                            name_start=name.start,
                            name_end=name.end,
                            quote_start=first.start,
                            quote_end=token.end,
                            stretch=gap.stretch,
                            words=token.text,
                            how="words",
                            origin=hit.token,
                        )
                    )

    def read_open_stretch(self) -> None:
        """Bind a stretch without a number (努力争取更好结果) to the indicator right before it."""
        for index, token in enumerate(self.tokens):
            if not token.has("stretch_open"):
                continue
            before = [
                b
                for b in self.found.bindings
                if b.figure >= 0 and b.quote_end <= token.start and b.value.measure is Measure.GROWTH
            ]
            if not before:
                continue
            last = max(before, key=lambda b: b.quote_end)
            if any(mark in self.text[last.quote_end : token.start] for mark in "；。"):
                continue
            self.found.bindings.append(
                replace(
                    last,
                    value=Bounded(Measure.GROWTH, None, None, Bound.NONE, ""),
                    figure=-1,
                    quote_end=token.end,
                    stretch=token.text,
                    words=token.text,
                    how="words",
                    origin=index,
                )
            )

    # the whole sentence

    def read(self) -> SentenceBindings:
        """Read the sentence."""
        self.read_names()
        phrases = self.read_phrases()
        subject: Subject | None = None
        since = 0
        for run in self.runs():
            before = len(self.found.bindings)
            subject, since = self._read_next(run, since, subject, phrases)
            bound = self.found.bindings[before:]
            self.trail.extend(
                (figure, tuple(b for b in bound if b.figure == self.tokens[figure].figure)) for figure in run
            )
        self.read_words()
        if self.matcher.open_stretches.search(self.text):
            self.read_open_stretch()
        if self.matcher.missed.search(self.text):
            self.read_missed()
        return self.found

    def _read_next(
        self, run: list[int], since: int, subject: Subject | None, phrases: dict[int, Binding]
    ) -> tuple[Subject | None, int]:
        """Read one run of figures; return the subject after it and where the next gap begins."""
        claims = [phrases[self.tokens[i].figure] for i in run if self.tokens[i].figure in phrases]
        if not claims:
            return self._read_run(run, since, subject), run[-1] + 1
        self.found.bindings.extend(claims)
        self.claimed.update(claim.figure for claim in claims)
        final = claims[-1]
        inside = subject is not None and any(
            final.name_start <= self.tokens[hit.token].start < final.name_end for hit in subject.hits
        )
        if final.value.measure is Measure.CHANGE and inside:
            return subject, run[-1] + 1  # 贷款余额120亿元，比年初增加9亿元，增长8%: the growth is the balance's
        hit = NameHit(run[0], (final.rule,))
        self.history.append(hit)
        return Subject((hit,), last=(final,)), run[-1] + 1

    def _read_run(self, run: list[int], since: int, subject: Subject | None) -> Subject | None:
        first = run[0]
        group, end = self.group_before(first, since)
        if group:
            gap = self.read_gap(end + 1, first, True)
            candidate = Subject(tuple(group), gap.respectively, gap.each)
            if all(token.has("join") or token.text == "，" for token in self.tokens[since : group[0].token]):
                self._inherit(gap, subject, run, group[-1].rules[0])
            if gap.join and not (gap.respectively or gap.each) and self.tokens[first - 1].has("join"):
                gap.refused = gap.refused or "join"
            if gap.comma and not (gap.direction or gap.to_level or gap.glue):
                gap.refused = gap.refused or "comma"
            if gap.semicolon:
                gap.refused = gap.refused or "semicolon"
            if self._is_part(group, since, subject):
                gap.refused, gap.word = "part", self.tokens[group[0].token].text
            if not gap.refused and not gap.share_of_plan:
                bound = self.attach(candidate, run, gap, "name before")
                if bound:
                    self.found.bindings.extend(bound)
                    candidate.last = tuple(bound)
                    return candidate
                after = self._bind_after(run)
                if after is None and not any(character.isdigit() for character in self.tokens[first].text):
                    candidate.open = True  # 迈上千亿台阶，达到1023亿元
                    return candidate
                return after
            after = self._bind_after(run)
            if after is not None:
                return after
            for hit in group:
                for rule in hit.rules:
                    self.found.refused.append(
                        Refused(rule, gap.refused or "share_of_plan", gap.word, self.tokens[first].figure)
                    )
            candidate.open = gap.opening.startswith(self.matcher.lexicon.words("glue.circumstances"))
            return candidate  # without a figure yet: 用电量8月起回升，12月增长20.5%，全年增长8.4%
        if subject is None and not any(token.has("respectively") for token in self.tokens[since:first]):
            return self._bind_after(run)
        gap = self.read_gap(since, first, False)
        if subject is None and not (gap.refused or gap.unknown):
            return self._refer_back(run, gap)
        if subject is not None and subject.last:
            carried = self._carry(run, gap, subject)
            if carried is not None:
                return carried
        elif subject is not None and self._takes_up(subject, gap):
            bound = self.attach(subject, run, gap, "subject carried over")
            if bound:
                self.found.bindings.extend(bound)
                subject.last = tuple(bound)
                return subject
        after = self._bind_after(run)
        if after is not None:
            return after
        # A figure about something else ends the subject; one that only compares (是2006年的1.7倍) does not.
        return subject if gap.unknown == 0 and not gap.refused else None

    def _is_part(self, group: Sequence[NameHit], since: int, subject: Subject | None) -> bool:
        """Tell whether 其中 opens a part of the indicator that was just given (外资14亿，其中外商直接投资11亿)."""
        among = any(token.has("among") for token in self.tokens[since : group[0].token])
        known = {b.rule.id for b in subject.last} if subject is not None else set()
        return among and any(rule.id in known for hit in group for rule in hit.rules)

    @staticmethod
    def _takes_up(subject: Subject, gap: Gap) -> bool:
        """Tell whether a figure takes up a name that has none yet: 用电量逐月回升，全年增长8.4%."""
        if gap.refused or gap.unknown:
            return False
        return (gap.reset and bool(gap.direction)) or (subject.open and gap.glue and gap.comma)

    def _inherit(self, gap: Gap, subject: Subject | None, run: list[int], rule: IndicatorRule) -> None:
        """Let 增长 reach over a list whose later items leave it out: 甲增长7%、乙9%."""
        if gap.direction or gap.to_level or gap.unknown or gap.glue or subject is None or not subject.last:
            return
        quantity = self.quantities[self.tokens[run[0]].figure]
        previous = subject.last[-1]
        growth = previous.value.measure is Measure.GROWTH and Measure.GROWTH in rule.measures
        if quantity.form is Form.PERCENT and growth and previous.figure >= 0 and not self._is_rate(rule):
            low = previous.value.low if previous.value.low is not None else previous.value.high
            gap.direction = "down" if low is not None and low < 0 else "up"

    def _carry(self, run: list[int], gap: Gap, subject: Subject) -> Subject | None:
        """Bind a run to the subject of the run before it, where nothing new has been named."""
        figure = self.tokens[run[0]].figure
        quantity = self.quantities[figure]
        if gap.share_of_plan and quantity.form is Form.PERCENT:
            for base in subject.last:
                self.found.self_reports.append(
                    SelfReport(
                        base.rule,
                        quantity.low or quantity.high,
                        None,
                        None,
                        base.quote_start,
                        quantity.outer_end,
                        figure,
                        base,
                    )
                )
            self.claimed.add(figure)
            return subject
        if gap.against_target in ("below", "above"):
            difference = quantity.low if quantity.low is not None else quantity.high
            if difference is not None:
                signed = -difference if gap.against_target == "below" else difference
                for base in subject.last:
                    self.found.self_reports.append(
                        SelfReport(base.rule, None, signed, None, base.quote_start, quantity.outer_end, figure, base)
                    )
                self.claimed.add(figure)
            return subject
        if gap.against_target:
            for base in subject.last:
                self.found.refused.append(Refused(base.rule, "comparison", gap.word, figure))
            return subject
        if gap.refused == "share":
            return subject
        if gap.per_head and not all(gap.per_head in self.tokens[hit.token].text for hit in subject.hits):
            return None  # 地区生产总值812亿元，人均6.4万元
        added = self.matcher.lexicon.words("guard.added")
        if gap.total and all(self.tokens[hit.token].text.startswith(added) for hit in subject.hits):
            return None  # 新增市场主体15万户，总量突破90万户: the stock is another indicator
        if gap.refused or gap.unknown > (LONGEST_UNKNOWN if gap.stretch else 0):
            return None
        if self._is_second_growth(subject, quantity, gap):
            for base in subject.last:
                self.found.refused.append(Refused(base.rule, "second_growth", quantity.raw, figure))
            return subject
        if gap.stretch and not gap.direction and quantity.form is Form.PERCENT:
            previous = subject.last[-1].value
            if previous.measure is Measure.GROWTH:
                low = previous.low if previous.low is not None else previous.high
                gap.direction = "down" if low is not None and low < 0 else "up"
        if gap.glue and not gap.direction and subject.last[-1].from_level:
            gap.to_level = True  # 由18:49:33演进为15:55:30
        this_year = gap.among and gap.reset  # 五年累计792亿元，其中去年110亿元
        if not (gap.direction or gap.to_level or gap.stretch or gap.respectively or gap.each or gap.scope or this_year):
            level_after_growth = gap.glue and all(
                b.value.measure is not Measure.LEVEL or b.value.bound in (Bound.GE, Bound.APPROX) for b in subject.last
            )
            flat = quantity.form in (Form.FLAT, Form.DOUBLING)
            if not (level_after_growth or flat):
                return None
        subject = self._fitting_subject(subject, run, gap)
        if gap.direction and quantity.form is Form.AMOUNT and not gap.to_level:
            changes = all(Measure.CHANGE in hit.rules[0].measures for hit in subject.hits)
            if not changes:
                for base in subject.last:
                    self.found.refused.append(Refused(base.rule, "change", quantity.raw, figure))
                return subject
        hits = subject.hits
        dealt = self._referred_back(run) if gap.respectively or len(run) > 1 else None
        if gap.each and len(hits) == 1:
            hits = self._theme_hits(subject)
        again = Subject(hits, subject.respectively or gap.respectively, subject.each or gap.each, subject.last)
        bound = self.attach(again, run, gap, "subject carried over", dealt=dealt)
        if not bound:
            return subject if not self._names_new_thing(gap) else None
        self.found.bindings.extend(bound)
        again.last = tuple(bound)
        return again

    def _fitting_subject(self, subject: Subject, run: list[int], gap: Gap) -> Subject:
        """Return an earlier subject of the same theme where a moved figure's unit fits only that one.

        优良天数320天，占比87.7%，较上年多12天: twelve days are no change of a share.
        """
        if not gap.direction or gap.to_level or len(run) > 1 or gap.respectively or gap.each:
            return subject
        if any(self._fits(rule, hit.growth, run[0], gap) for hit in subject.hits for rule in hit.rules):
            return subject
        theme = subject.hits[0].rules[0].theme
        for hit in reversed(self.history):
            rule = hit.rules[0]
            if rule.theme == theme and len(hit.rules) == 1 and self._fits(rule, hit.growth, run[0], gap):
                last = tuple(b for b in self.found.bindings if b.rule.id == rule.id)
                return Subject((hit,), last=last[-1:] or subject.last)
        return subject

    def _is_second_growth(self, subject: Subject, quantity: Quantity, gap: Gap) -> bool:
        """Tell whether the subject has its growth already: what follows is on another basis (扣除…因素后增长4.1%)."""
        if quantity.form is not Form.PERCENT or gap.to_level or gap.stretch or gap.reset or gap.scope or gap.among:
            return False
        if gap.respectively or gap.each:
            return False
        last = subject.last[-1]
        quoted = last.figure >= 0 and OLD_TARGET.match(self.text[self.quantities[last.figure].outer_end :])
        return last.value.measure is Measure.GROWTH and bool(gap.direction) and not quoted

    def _referred_back(self, run: list[int]) -> list[tuple[IndicatorRule, bool, int, int]] | None:
        """Deal a list of figures out to the figures right before it, place by place.

        甲12亿元、乙5亿元，分别增长8%和6%: the second list belongs to 甲 and 乙. A figure that no rule claimed keeps
        its place; None where the figures before are fewer or of another kind.
        """
        wanted = len(run)
        rates = (Form.PERCENT, Form.POINT, Form.TIMES)
        last = self.trail[-wanted:]
        if len(last) < wanted or wanted < 2:
            return None
        forms = [self.quantities[self.tokens[figure].figure].form in rates for figure, _ in last]
        run_is_rate = self.quantities[self.tokens[run[0]].figure].form in rates
        if run_is_rate and any(
            is_rate and any(b.value.measure is not Measure.LEVEL for b in bound)
            for is_rate, (_, bound) in zip(forms, last, strict=True)
        ):
            return None
        dealt = [
            (binding.rule, False, figure, binding.origin)
            for figure, (_, bound) in zip(run, last, strict=True)
            for binding in bound[:1]
        ]
        return dealt or None

    def _refer_back(self, run: list[int], gap: Gap) -> Subject | None:
        """Bind a list of growths to the figures before it where the last of them is nobody's."""
        dealt = self._referred_back(run)
        if not dealt:
            return None
        subject = Subject(tuple(NameHit(name, (rule,)) for rule, _, _, name in dealt), respectively=True)
        bound = self.attach(subject, run, gap, "subject carried over", dealt=dealt)
        self.found.bindings.extend(bound)
        subject.last = tuple(bound)
        return subject if bound else None

    def _theme_hits(self, subject: Subject) -> tuple[NameHit, ...]:
        """Return the last names with figures that are of one theme: 甲12元，乙5元，均增长8%."""
        theme = subject.hits[0].rules[0].theme
        chosen: list[NameHit] = []
        for hit in reversed(self.history):
            if hit.rules[0].theme != theme:
                break
            chosen.insert(0, hit)
        return tuple(chosen) or subject.hits

    @staticmethod
    def _names_new_thing(gap: Gap) -> bool:
        return gap.unknown > 0

    def _bind_after(self, run: list[int]) -> Subject | None:
        """Bind a figure to the name that follows it: 新增30家高新技术企业, 30万亩玉米调减."""
        last = run[-1]
        quantity = self.quantities[self.tokens[last].figure]
        families = self.matcher.lexicon.words("number.before_noun_families")
        if quantity.form is not Form.AMOUNT or len(run) > 1 or (quantity.family and quantity.family not in families):
            return None
        hit = self.name_after(last)
        if hit is None or len(hit.rules) != 1:
            return None
        if not quantity.family and hit.token != last + 1:
            return None  # without a unit only the noun right behind tells what is counted
        following = self.tokens[hit.token + 1 : hit.token + 2]
        if following and following[0].kind is TokenKind.FIGURE:
            return None  # the name has a figure of its own
        subject = Subject((hit,))
        before = self.read_gap(max(0, last - 1), last, False)
        gap = Gap(stretch=before.stretch)
        bound = self.attach(subject, run, gap, "name after", bare=not quantity.family)
        if not bound:
            return None
        self.found.bindings.extend(bound)
        subject.last = tuple(bound)
        return subject

    def read_missed(self) -> None:
        """Record the indicators that the sentence says fell short of their targets."""
        for index, token in enumerate(self.tokens):
            if not token.has("missed"):
                continue
            start = next(
                (
                    i + 1
                    for i in range(index - 1, -1, -1)
                    if self.tokens[i].kind is TokenKind.MARK and self.tokens[i].text in "；。："
                ),
                0,
            )
            for position in range(start, index):
                hit = self.hits.get(position)
                if hit is None:
                    continue
                for rule in hit.rules:
                    self.found.self_reports.append(
                        SelfReport(rule, None, None, False, self.tokens[position].start, token.end)
                    )


def bind(text: str, quantities: Sequence[Quantity], tokens: list[Token], matcher: Matcher) -> SentenceBindings:
    """Bind the figures of one sentence (normalised ``text``) to indicators."""
    return _Binder(text, quantities, tokens, matcher).read()
