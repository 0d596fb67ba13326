"""An example of a rule from a sentence that somebody wrote: read by the rules as they are, told if it is a copy."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Final

from compiler.authoring.check import written_yields
from compiler.model import IndicatorRule, Part, RuleBook
from compiler.strings import squeeze

MOST_ALIKE: Final = 12
"""So many characters in a row may be those of the real sentence: the rules hold no text of a report."""


class NotAnExample(ValueError):
    """What somebody wrote cannot be an example; the text says why, in Chinese."""


def example_of(rule: IndicatorRule, form: Mapping[str, str], rulebook: RuleBook) -> dict[str, Any]:
    """Return the example of ``form``: ``text``, ``under``, ``takes`` (yes or no), ``real`` the sentence reworded.

    Raises :class:`NotAnExample`.
    """
    text, under = squeeze(form.get("text", "")), form.get("under", "review")
    real = squeeze(form.get("real", ""))
    if not text or under not in ("review", "plan"):
        raise NotAnExample("请写一句话")
    alike = SequenceMatcher(None, text, real, autojunk=False).find_longest_match()
    if alike.size > MOST_ALIKE:
        copied = text[alike.a : alike.a + alike.size]
        raise NotAnExample(f"“{copied}”是从报告里抄来的。规则里不放报告的原文，请换成自己的说法，数字也换一个")
    yields = written_yields(rule, text, Part(under), rulebook)
    takes = form.get("takes", "yes") == "yes"
    if takes and not yields:
        raise NotAnExample(f"这句话里“{rule.name}”什么也没有取到，先在“试一句”里看看是怎么读的")
    if not takes and yields:
        raise NotAnExample(f"这句话里“{rule.name}”取到了 {'、'.join(yields)}；要它不取，先改规则（比如加一条排除）")
    return {"text": text, "under": under, "yields": list(yields)}
