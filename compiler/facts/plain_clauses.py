"""What a figure measures, where its clause tells it in a plain form.

The clause is read by its form, not by what stands nearest to the figure: words that open it (全年, 累计),
a verb (建成), the noun up to the figure or up to the end of the clause (建成〔数〕主干道路), words that lead to
the figure (达到, 由…提高到). What is left must be one noun phrase. Anything else yields nothing: no name is
better than a piece of one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from compiler.facts.clause_words import PhraseWords, without_end, without_start
from compiler.facts.noun_phrases import BRACKETS, SHORTEST, has_figures, is_whole
from compiler.facts.tagging import HELD, QUOTED, tagged

_CLAUSE_END = re.compile(r"[，。；！？：;:!?\n]|(?<!\d),|,(?!\d)")


class Measured(NamedTuple):
    """What a figure measures: the noun, the verb that governs it (empty: none), and what the figure is to it."""

    noun: str
    verb: str = ""
    done: str = ""  # a verb that is no part of the name: 完成, 实施
    moved: str = ""  # the word of a rise or fall by the figure: 增长
    base: bool = False  # what it was before: 由18元提高到32元
    in_all: bool = False  # told with 累计: what has been done so far, not in the year


def find_phrase(text: str, start: int, end: int, words: PhraseWords) -> Measured | None:
    """Return what the figure at ``text[start:end]`` measures, None where its clause does not tell it plainly."""
    before = _CLAUSE_END.split(text[:start])[-1]
    found = _read(before, text, start, end, words)
    if found is None or not any(word in before for word in words.cumulative):
        return found
    return found._replace(in_all=True)


def _read(before: str, text: str, start: int, end: int, words: PhraseWords) -> Measured | None:
    after = _CLAUSE_END.split(text[end:], maxsplit=1)[0]
    raw = text[start:end]
    before = without_end(before, words.before)[0]
    rest = without_start(after, words.after)[0]
    if BRACKETS.search(before):
        return None
    *members, piece = _members(before)
    if has_figures(piece) and piece.endswith(words.joins):
        members, piece = [*members, piece], ""  # 新增3个授予单位和62个授权点
    if any(not has_figures(member) for member in members):
        return None  # 智能电网、工程机械等10条: of a list that is counted as a whole, no one member is the noun
    verb, done, left = _opened(piece, words)
    if members and not (verb or done):
        verb, done, _ = _opened(members[0], words)
        if not verb:
            return None  # 蔬菜面积33万亩、林果3.5万亩: the second of a list leaves out what is measured
    if left:
        return _told(left, verb, done, words, raw) if left.endswith(words.froms) or _ends(rest, words) else None
    if not (verb or done) or not raw.endswith(words.counts):
        return None
    noun = _counted(after, words)
    # 21个村庄污水治理: things are counted, not what is done with them
    whole = is_whole(noun, verb, words) and not tagged(noun, words.terms)[-1][1].startswith("v")
    return Measured(noun, verb, done) if whole else None


def _told(piece: str, verb: str, done: str, words: PhraseWords, raw: str) -> Measured | None:
    """Return what stands before the figure: a noun, what was done with it, and how it leads to the figure."""
    moved = ""
    base = piece.endswith(words.froms)
    if base:
        piece = without_end(piece, words.froms)[0]
    while True:
        piece = words.lasting.sub("", piece)
        if piece.endswith((*words.shared, *words.rhythms)):
            return None  # 甲、乙分别增长: the figure is one of several; 每人每月: a unit of its own
        turn = words.turns.ending(piece)
        if turn and not verb and not done and len(piece) > len(turn):
            verb, piece = turn, piece.removesuffix(turn)
            continue
        kept, link = without_end(piece, words.links)
        if link and not turn:
            moved = moved or (link if link in words.rises else "")
            piece = kept
            continue
        before = words.base.match(piece)
        if before is None:
            break
        piece, moved = before[1], ""
    ratio = piece.endswith(words.ratios)
    if not ratio and not moved and words.part.search(raw):
        return None
    if ratio and verb:
        verb, piece = "", verb + piece  # 帮扶就业率
    return Measured(piece, verb, done, moved, base) if is_whole(piece, verb, words, worked=bool(done)) else None


def _members(before: str) -> list[str]:
    """Return the members of a list, parted by 、 where that does not stand within quotation marks."""
    held = QUOTED.sub(lambda match: match[0].replace("、", HELD), before)
    return [member.replace(HELD, "、") for member in held.split("、")]


def _opened(piece: str, words: PhraseWords) -> tuple[str, str, str]:
    """Return the verbs that a clause begins with, those of a name and those that are none, and what follows them."""
    piece = without_openers(piece, words)
    acts: list[str] = []
    done = ""
    for _ in range(3):
        act = words.acts.starting(piece) or _newly(piece, words)
        does = words.does.starting(piece)
        longest = max(act, does, key=len)
        left = without_start(piece[len(longest) :], words.particles)[0]
        # 建成|回迁楼: a second verb that leaves too little is the beginning of the noun.
        if not longest or not _parts_at(piece, len(longest), words) or ((acts or done) and len(left) < SHORTEST):
            break
        if longest == act:
            acts.append(act)
        else:
            done = does
        piece = without_openers(left, words)
    firm = [act for act in acts if act not in words.openers] or acts  # 争取新增: only meant to be
    return "".join(firm), "" if acts else done, piece


def _newly(piece: str, words: PhraseWords) -> str:
    """Return 新 with the verb that follows it, where a text begins so: 新采购公交车."""
    if not piece.startswith(words.newly):
        return ""
    first, second = (*tagged(piece, words.terms)[:2], ("", ""), ("", ""))[:2]
    known = first[0] in words.newly and second[1].startswith("v") and len(second[0]) > 1
    return first[0] + second[0] if known else ""


def without_openers(piece: str, words: PhraseWords) -> str:
    """Return a clause without the words that open it and say nothing of what is measured: 全年累计."""
    while True:
        kept, opener = without_start(piece, words.openers)
        if not opener or _opens_act(piece, opener, words):
            return piece
        if len(opener) == 1 and not _parts_at(piece, 1, words):
            return piece
        piece = kept


def _opens_act(piece: str, opener: str, words: PhraseWords) -> bool:
    """Tell whether the word that opens a clause is the head of a verb that it begins with."""
    return piece.startswith(words.acts) and any(piece.startswith(act) and act.startswith(opener) for act in words.acts)


def _parts_at(text: str, at: int, words: PhraseWords) -> bool:
    """Tell whether a word ends at ``at``: 培训|机构 is parted, 转移支付 is one word."""
    place = 0
    for word, _ in tagged(text, words.terms):
        place += len(word)
        if place >= at:
            return place == at
    return place == at


def _counted(after: str, words: PhraseWords) -> str:
    """Return what stands behind a figure that counts it, up to the next member of a list or the end of the clause."""
    piece = _members(after)[0]
    for join in words.joins:
        at = piece.find(join)
        if join != "、" and at > 0 and has_figures(piece[at:]):
            piece = piece[:at]
    return "" if has_figures(piece) else piece


def _ends(rest: str, words: PhraseWords) -> bool:
    """Tell whether nothing that the figure could count follows it: not 20.3亿元以旧换新补贴, not 50亿元的项目."""
    return not rest or rest.startswith(("、", "（", "(")) or rest.startswith(words.joins)
