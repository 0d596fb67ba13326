"""Which texts a change of rules can touch.

How a text is read depends on the rules of which a name, or a phrase, may be found in it, and on no other. Reading also
makes names of what stands apart (城、乡居民收入, 收入（含补助）) and joins words of a few lists to them, so a name
counts as within reach of a text where all its characters are in the text or in those words: a little too many texts are
touched, none too few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from compiler.model import CombinedRule, IndicatorRule, Lexicon
from compiler.rules.patterns import FIGURE, GAP, expand_pattern
from compiler.text.normalise import normalise

_JOINED_ON = ("direction.to", "guard.totals", "guard.added")
"""The lists whose words reading joins to a name that it has found: 高新技术企业 and 总数, if a rule has that name."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a text needs to hold to be touched: all characters of one of these sets."""

    needed: tuple[frozenset[str], ...]

    def touches(self, letters: str) -> bool:
        """Tell whether a text of these characters (see :func:`letters_of`) may be read anew."""
        return any(map(frozenset(letters).issuperset, self.needed))


def reach(patterns: Iterable[str], lexicon: Lexicon) -> Reach:
    """Return what names, verbs and phrases, as rules write them, can touch."""
    common = frozenset("".join(word for name in _JOINED_ON for word in lexicon.words(name)) + GAP)
    literals = {literal.replace(FIGURE, "") for pattern in patterns for literal in expand_pattern(pattern)}
    return Reach(tuple({frozenset(literal) - common for literal in literals}))


def patterns_of(rule: IndicatorRule | CombinedRule) -> tuple[str, ...]:
    """Return all names and phrases by which a rule can be found in a text, its verbs aside."""
    if isinstance(rule, CombinedRule):
        return rule.names
    phrases = (phrase.pattern for phrase in rule.phrases)
    return (rule.name, *rule.aliases, *rule.short, *rule.objects, *rule.growth_names, *phrases)


def bare(rule: IndicatorRule) -> IndicatorRule:
    """Return a rule without its place in the files, which shifts with every line above."""
    examples = tuple(replace(example, where=None) for example in rule.examples)
    return replace(rule, where=None, order=0, examples=examples)


def letters_of(text: str, normalised: str = "") -> str:
    """Return the characters of a text, each once: as printed, and as it is read (made so here unless given)."""
    return "".join(sorted({*text, *(normalised or normalise(text)[0].text)}))
