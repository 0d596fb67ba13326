"""Whether a text is one whole noun phrase that says what is measured, and not a piece of one or a sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from compiler.facts.clause_words import PhraseWords, without_start
from compiler.facts.tagging import NOUN_TAGS, QUOTED, TAIL_TAGS, TaggedWords, is_noun, tagged
from compiler.text.places import all_divisions

SHORTEST, LONGEST = 3, 20
"""Characters of a noun that says what is measured; beyond that it is a description."""

BRACKETS = re.compile(r"[（）()\[\]【】《》]")
_DIGIT = re.compile(r"[0-9]")
_DIGITS_IN_NAMES = re.compile(r"[A-Za-z]+\d+(?:\.\d+)?|\d[A-Z](?![A-Za-z0-9])")

_WITHIN_TAGS = (*NOUN_TAGS, *TAIL_TAGS, "a", "ad", "f", "s", "t", "x")
_UNKNOWN_TAGS = ("nr", "ns", "nt", "nz", "x")
"""Tags that jieba gives to what it does not know, such as 和 with the beginning of the word behind it."""


def has_figures(text: str) -> bool:
    """Tell whether a text holds figures that are no part of a name (5G, PM2.5) and do not stand in quotation marks."""
    return _DIGIT.search(_DIGITS_IN_NAMES.sub("", QUOTED.sub("", text))) is not None


def is_whole(noun: str, verb: str, words: PhraseWords, *, worked: bool = False) -> bool:
    """Tell whether a text is one noun phrase that says what is measured.

    ``verb`` is what was done with it (empty: nothing). ``worked``: work done on it may end it (完成管线改造).
    """
    shortest = SHORTEST - 1 if verb in words.makes else SHORTEST
    if not shortest <= len(noun) <= LONGEST or has_figures(noun) or BRACKETS.search(noun):
        return False
    if noun.endswith(words.ends) or _is_bare(noun, words) or _names_a_place(noun, words):
        return False
    of_one_thing = noun.endswith(words.invested) and noun.endswith(words.heads)  # 广场项目总投资
    if not verb and (of_one_thing or QUOTED.fullmatch(noun)):
        return False
    pieces = tagged(noun, words.terms)
    ratio = noun.endswith(words.ratios)
    if _begins_with_a_deed(pieces, words):
        return False
    before = ""
    for number, (word, tag) in enumerate(pieces):
        last = number == len(pieces) - 1
        if _parts(word, tag, before, last, ratio, words):
            return False
        if ratio and last:
            break
        if tag.startswith("v") and tag != "vn":
            governs = word in words.acts or word in words.does or word in words.links
            described = word in words.attributes and (not last or (number and word in words.acts))
            if not described and ((last and not worked) or (not number and not verb) or (governs and not last)):
                return False  # 种植|面积 and 市场升级|改造 are nouns; 企业|招工 is not
        elif not _is_part(word, tag, last, words):
            return False
        before = tag
    return any(is_noun(word, tag) and len(word) > 1 for word, tag in pieces)


def _begins_with_a_deed(pieces: TaggedWords, words: PhraseWords) -> bool:
    """Tell whether a verb opens a text and no noun follows at once: 引领|成功创业, 新|修通村公路."""
    (word, tag), *others = pieces
    then = others[0][1] if others else ""
    if word in words.newly:
        return then.startswith("v")
    return tag.startswith("v") and word not in words.attributes and not then.startswith(NOUN_TAGS)


def _is_part(word: str, tag: str, last: bool, words: PhraseWords) -> bool:
    if last:
        return tag.startswith(NOUN_TAGS) or (len(word) == 1 and tag.startswith(TAIL_TAGS))
    return tag.startswith(_WITHIN_TAGS) or word in words.within


def _parts(word: str, tag: str, before: str, last: bool, ratio: bool, words: PhraseWords) -> bool:
    """Tell whether a word parts a text in two: then it says more than what is measured, or something else."""
    if word in words.never or (word.startswith(words.joins) and (word in words.joins or tag in _UNKNOWN_TAGS)):
        return True
    if last:
        if word in words.above:
            return True  # 船舶出口规模占全国
    elif word.endswith(words.wholes) or (word in words.share and not ratio):
        return True  # 园区新开发土地: of a firm or a zone
    if before and (word in words.newly or _governs(word, words)):
        return True  # 生态园|新入驻, 金融机构|发放贷款
    # 市政府|直接|受理|案件: what somebody does
    return (tag.startswith(("i", "l")) and word.endswith(words.acts)) or (tag.startswith("v") and before in ("ad", "d"))


def _governs(word: str, words: PhraseWords) -> bool:
    """Tell whether a long word is a verb with its object, which jieba's dictionary has as one: 发放贷款."""
    act = words.acts.starting(word)
    return len(word) > SHORTEST and len(act) > 1 and act not in words.attributes


def _names_a_place(noun: str, words: PhraseWords) -> bool:
    """Tell whether a noun holds the name of a place: what is told of it is no figure of all."""
    if _holds_a_place(noun):
        return True
    known = all_divisions()
    return any(
        tag == "ns" and (len(word) >= SHORTEST or (word in known.short and word not in known.ordinary))
        for word, tag in tagged(noun, words.terms)
    )


@lru_cache(maxsize=16_384)
def _holds_a_place(noun: str) -> bool:
    return any(max(len(place.name) for place in found) >= SHORTEST for _, found in all_divisions().find(noun))


def _is_bare(noun: str, words: PhraseWords) -> bool:
    """Tell whether a noun is made of heads and their attributes alone (重点项目, 政策措施): it could be anything."""
    while noun:
        noun, head = without_start(noun, words.heads)
        if not head:
            return False
    return True
