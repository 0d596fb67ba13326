"""Figures that phrases claim: patterns around a figure, where no name stands before or behind it."""

from __future__ import annotations

from compiler.language.leads import Gap
from compiler.language.mentions import excluded
from compiler.language.outcomes import Binding, Refused
from compiler.language.tokens import Token, TokenKind
from compiler.language.values import ValueReader
from compiler.language.vocabulary import FIGURE_MARK
from compiler.model import IndicatorRule, Measure


class PhraseReader(ValueReader):
    """Matches the phrases of all rules against the sentence with its figures masked."""

    def read_phrases(self) -> dict[int, Binding]:
        """Return the figures that phrases claim."""
        matcher = self.matcher
        pieces: list[str] = []
        places: list[int] = []  # where each coded character stands in the sentence
        figure_at: dict[int, int] = {}
        position = 0
        for index, quantity in enumerate(self.quantities):
            pieces.append(self.text[position : quantity.outer_start])
            places.extend(range(position, quantity.outer_start))
            figure_at[len(places)] = index
            pieces.append(FIGURE_MARK)
            places.append(quantity.outer_start)
            position = quantity.outer_end
        pieces.append(self.text[position:])
        places.extend(range(position, len(self.text) + 1))
        coded = "".join(pieces)
        if FIGURE_MARK not in coded:
            return {}
        claims: dict[int, Binding] = {}
        tried: set[int] = set()
        for anchor in matcher.anchors.finditer(coded):
            for phrase in matcher.phrases[anchor.group(1)]:
                if id(phrase) in tried:
                    continue
                tried.add(id(phrase))
                at = 0
                while (match := phrase.expression.search(coded, at)) is not None:
                    at = match.start() + 1
                    figure = match.start("figure")
                    index = figure_at[figure]
                    gaps = [match.span(group) for group in range(1, (match.lastindex or 0) + 1)]
                    if any(
                        self._swallows(phrase.rule, places[first], places[last])
                        for first, last in gaps
                        if last > first and not first <= figure < last
                    ):
                        continue
                    start, end = places[match.start()], self._phrase_end(match.end(), figure, places, index)
                    self._claim(claims, phrase.rule, phrase.measure, phrase.shown, index, start, end)
        return claims

    def _swallows(self, rule: IndicatorRule, start: int, end: int) -> bool:
        """Tell whether the name of another indicator stands wholly in ``[start:end]``, with a figure of its own."""
        for index, hit in self.hits.items():
            token = self.tokens[index]
            if start <= token.start and token.end <= end and all(other.id != rule.id for other in hit.rules):
                following = next((t for t in self.tokens[index + 1 :] if t.kind is TokenKind.FIGURE), None)
                if following is not None and following.end <= end:
                    return True
        return False

    def _phrase_end(self, end: int, figure: int, places: list[int], index: int) -> int:
        if end - 1 == figure:
            return self.quantities[index].outer_end
        return places[end - 1] + 1

    def _claim(
        self,
        claims: dict[int, Binding],
        rule: IndicatorRule,
        measure: Measure | None,
        shown: str,
        index: int,
        start: int,
        end: int,
    ) -> None:
        token = next(i for i, t in enumerate(self.tokens) if t.figure == index)
        before = token - 1
        gap = Gap()
        if before >= 0 and self.tokens[before].kind is TokenKind.CUE:
            gap = self.read_gap(before, token, False)
            gap.refused = ""
        word = excluded(self.text, Token(TokenKind.NAME, start, end, ""), rule.exclude)
        if word:
            self.found.refused.append(Refused(rule, "exclude", word, index))
            return
        if measure is Measure.CHANGE:
            gap.direction, gap.to_level = gap.direction or "up", False
        elif measure is Measure.LEVEL:
            gap.direction = ""
        elif measure is Measure.GROWTH:
            gap.direction = gap.direction or "up"
        value = self.value(rule, False, self.quantities[index], gap, True)
        if isinstance(value, str):
            return
        binding = Binding(
            rule=rule,
            value=value,
            figure=index,
            name_start=start,
            name_end=end,
            quote_start=min(start, self.quantities[index].outer_start),
            quote_end=max(end, self.quantities[index].outer_end),
            held=gap.held,
            how="phrase",
            phrase=shown,
            origin=next((i for i, t in enumerate(self.tokens) if t.end > start), token),
        )
        known = claims.get(index)
        if known is None or (known.quote_end - known.quote_start) > (binding.quote_end - binding.quote_start):
            claims[index] = binding
