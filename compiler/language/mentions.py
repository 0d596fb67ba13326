"""Which names of indicators count in a sentence, and for which indicators."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.language.outcomes import NameHit, Refused, SentenceBindings
from compiler.language.tokens import Token, TokenKind
from compiler.language.units import resolve_unit
from compiler.language.vocabulary import Matcher
from compiler.model import Exclusion, IndicatorRule, Quantity
from compiler.rules.patterns import expand_pattern


def _touches(text: str, start: int, end: int, words: Sequence[str]) -> str:
    before, after = text[:start], text[end:]
    for word in words:
        if before.endswith(word) or after.startswith(word):
            return word
    return ""


def _clause(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, 0, start) for mark in "，；。：")
    right = min((position for mark in "，；。" if (position := text.find(mark, end)) >= 0), default=len(text))
    return text[left + 1 : right]


def excluded(text: str, token: Token, exclusions: Sequence[Exclusion]) -> str:
    """Return the word that excludes the name at ``token``, '' where none does."""
    for exclusion in exclusions:
        if exclusion.where == "touch":
            word = _touches(text, token.start, token.end, exclusion.words)
        else:
            where = text if exclusion.where == "sentence" else _clause(text, token.start, token.end)
            word = next((w for w in exclusion.words if w in where), "")
        if word:
            return word
    return ""


class NameReader:
    """One sentence with its tokens and figures, and the names in it that count (``hits``, by token)."""

    def __init__(self, text: str, quantities: Sequence[Quantity], tokens: list[Token], matcher: Matcher) -> None:
        self.text = text
        self.quantities = quantities
        self.tokens = tokens
        self.matcher = matcher
        self.found = SentenceBindings()
        self.hits: dict[int, NameHit] = {}

    def _verbs(self, rule: IndicatorRule) -> frozenset[str]:
        cache = self.matcher.caches
        key = f"verbs {rule.id}"
        found = cache.get(key)
        if not isinstance(found, frozenset):
            found = cache[key] = frozenset(literal for verb in rule.verbs for literal in expand_pattern(verb))
        return found

    def _governed(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether one of the rule's verbs governs the object at token ``index``."""
        verbs = self._verbs(rule)
        crossed = False
        for position in range(index - 1, -1, -1):
            token = self.tokens[position]
            if token.has("verb") or token.text in verbs:
                return token.text in verbs
            if token.kind is TokenKind.NAME and any(token.text.startswith(verb) for verb in verbs):
                return True
            if token.kind is TokenKind.MARK:
                if token.text not in "，" or crossed:
                    break
                if self.tokens[position + 1].kind not in (TokenKind.NAME, TokenKind.FIGURE):
                    break
                crossed = True
            if token.kind is TokenKind.TEXT:
                if any(token.text.endswith(verb) for verb in verbs):
                    return True
                if len(token.text) > 12:
                    break
        for token in self.tokens[index + 1 :]:
            if token.text in verbs:
                return True
            if token.kind in (TokenKind.FIGURE, TokenKind.MARK, TokenKind.NAME):
                break
        return False

    def _nearest_theme(self, index: int) -> str:
        """Return the theme of the last name that counts before token ``index``, '' where there is none."""
        nearest = max((hit.token for hit in self.hits.values() if hit.token < index), default=-1)
        return self.hits[nearest].rules[0].theme if nearest >= 0 else ""

    def _in_list(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the name at token ``index`` stands in a list beside a name of its theme, or its figure."""
        tokens = self.tokens
        listed = (TokenKind.NAME, TokenKind.FIGURE)
        if index >= 2 and tokens[index - 1].has("join") and tokens[index - 2].kind in listed:
            return self._nearest_theme(index) == rule.theme
        if index + 2 < len(tokens) and tokens[index + 1].has("join") and tokens[index + 2].kind is TokenKind.NAME:
            entries = tokens[index + 2].entries
            return any(entry.rule is not None and entry.rule.theme == rule.theme for entry in entries)
        return False

    def _among(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the short name at token ``index`` takes up a full name of its theme (…，其中城镇居民…)."""
        before = self.tokens[index - 1] if index else None
        opens = before is not None and (before.has("among", "join") or before.kind is TokenKind.MARK)
        return opens and self._nearest_theme(index) == rule.theme

    def read_names(self) -> None:
        """Decide which name tokens count, and for which indicators."""
        part_prefixes = self.matcher.lexicon.words("guard.part_prefix")
        order = {"object": 0, "combined": 1, "alias": 2, "growth": 3, "short": 4}
        for index, token in enumerate(self.tokens):
            if token.kind is not TokenKind.NAME:
                continue
            for entry in sorted(token.entries, key=lambda e: order[e.role]):
                if entry.combined is not None:
                    rules = tuple(self.matcher.by_id[i] for i in entry.combined.indicators if i in self.matcher.by_id)
                    if rules:
                        self.hits[index] = NameHit(index, rules, self.matcher.by_id.get(entry.combined.whole))
                        break
                    continue
                rule = entry.rule
                assert rule is not None
                if entry.role == "object" and not self._governed(index, rule):
                    continue
                if entry.role == "short" and not (self._in_list(index, rule) or self._among(index, rule)):
                    continue
                word = excluded(self.text, token, rule.exclude)
                guard = "exclude"
                if not word:
                    guard = "part"
                    follows_figure = index > 0 and self.tokens[index - 1].kind is TokenKind.FIGURE
                    before = "" if follows_figure else self.text[: token.start]
                    word = ""
                    if before.endswith(part_prefixes):
                        word = next(w for w in part_prefixes if before.endswith(w))
                if word:
                    self._refuse_next(rule, guard, word, index)
                    continue
                if self._of_counted(index, rule):
                    self._refuse_next(rule, "scope", self.tokens[index - 1].text, index)
                    continue
                self.hits[index] = NameHit(index, (rule,), growth=entry.role == "growth")
                break

    def _of_counted(self, index: int, rule: IndicatorRule) -> bool:
        """Tell whether the name speaks of things counted right before it: 15个空气质量优良率达100%."""
        before = self.tokens[index - 1] if index else None
        if before is None or before.kind is not TokenKind.FIGURE:
            return False
        counting = self.matcher.lexicon.words("number.counting_families")
        family = self.quantities[before.figure].family
        return family in counting and resolve_unit(self.matcher.lexicon, rule.unit)[0] != family

    def _refuse_next(self, rule: IndicatorRule, guard: str, word: str, index: int) -> None:
        for token in self.tokens[index + 1 :]:
            if token.kind is TokenKind.MARK or token.kind is TokenKind.NAME:
                return
            if token.kind is TokenKind.FIGURE:
                self.found.refused.append(Refused(rule, guard, word, token.figure))
                return
