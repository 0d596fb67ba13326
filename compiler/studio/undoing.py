"""Taking a saved change back: that change alone where the present text allows it, else with all that came after it.

What a change did to a file is known from the two texts kept of it, before and after. It is taken out of the present
text line by line; lines that later changes added or altered stay. Where later changes touched the very lines, only the
whole file as it stood before can come back, and whoever asks is told what goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from compiler.studio.desk import Desk
from compiler.studio.edits import AFTER, KEPT, Draft, Saved, digest_of, history, text_of

Hunk = tuple[int, int, tuple[str, ...]]
"""Lines from … up to … of a text, and what stands in their place in another."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """How a saved change can be taken back.

    ``draft`` takes it back; ``with_it`` tells what else goes then, the newest first, in words (empty: nothing).
    """

    draft: Draft
    with_it: tuple[str, ...] = ()


def undo(desk: Desk, key: str) -> Undoing | None:
    """Return how to take a saved change back; None where there is no such change.

    The draft has no texts where nothing of the change stands in the files any more.
    """
    saved = history(desk)
    known = next((one for one in saved if one.key == key), None)
    if known is None:
        return None
    later = [one for one in saved if one.key > key and set(one.files) & set(known.files)]
    alone: dict[str, str | None] = {}
    whole: dict[str, str | None] = {}
    apart = True
    for relative in known.files:
        before, after = text_of(desk.folder / KEPT / key / relative), _after(desk, known, later, relative)
        now = text_of(desk.folder / relative)
        whole[relative] = before
        ours = any(text_of(desk.folder / KEPT / one.key / relative) is None for one in saved if relative in one.files)
        taken = _taken_back(before, after, now, ours)
        if taken is None:
            apart = False
        elif taken[0] != now:
            alone[relative] = taken[0]
    texts = alone if apart else whole
    about = f"撤销：{known.about}"
    draft = Draft(about, texts, {relative: digest_of(desk, relative) for relative in texts}, verb="撤销")
    return Undoing(draft, () if apart else tuple(_going(desk, later, known.files)))


def _after(desk: Desk, saved: Saved, later: Sequence[Saved], relative: str) -> str | None:
    """Return what a change made of a file; where that was not kept, what the next change found there."""
    kept = desk.folder / KEPT / saved.key
    if saved.has_after:
        return text_of(kept / AFTER / relative)
    following = [one for one in later if relative in one.files]
    return text_of(desk.folder / KEPT / following[-1].key / relative if following else desk.folder / relative)


def _going(desk: Desk, later: Sequence[Saved], files: Iterable[str]) -> Iterable[str]:
    """Tell what goes with a change that is taken back with all later ones of its files."""
    for relative in files:
        last = next((one for one in later if relative in one.files), None)
        if last is not None and last.has_after:
            left = text_of(desk.folder / KEPT / last.key / AFTER / relative)
            if left != text_of(desk.folder / relative):
                yield f"后来在别处直接改的 {relative}"
    for one in later:
        yield f"{one.shown_when} {one.about}"


# --- the lines of three texts ------------------------------------------------------------------


def _taken_back(before: str | None, after: str | None, now: str | None, ours: bool) -> tuple[str | None] | None:
    """Return the present text without what led from ``before`` to ``after``; None where later changes stand in it.

    Within a tuple, because no text at all (the file goes) is an answer too; so it is where nothing but its head is left
    of a file that is ``ours``: made by a change that was saved here.
    """
    if now == after:
        return (before,)
    if now is None:
        return None
    if before is None:  # others stand in the file by now: its head has to stay for them
        before = _head(after or "")
    merged = merge(_lines(after), _lines(before), _lines(now))
    if merged is None:
        return None
    text = "".join(merged)
    return (None if ours and _head(text) == text else text,)


def _head(text: str) -> str:
    """Return what stands above the first item of a file that holds a list, of indicators or of reports."""
    lines = _lines(text)
    first = next((number for number, line in enumerate(lines) if line.lstrip().startswith("- ")), len(lines))
    return "".join(lines[:first])


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines(keepends=True)


def merge(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """Return ``base`` with the changes that lead to ``one`` and to ``other``; None where they touch the same lines."""
    mine, theirs = _hunks(base, one), _hunks(base, other)
    mine = [hunk for hunk in mine if hunk not in theirs]
    if any(_meet(a, b) for a in mine for b in theirs):
        return None
    lines = [*base]
    # From the end, so that the lines above keep their numbers; what takes lines away goes before what only adds there.
    for start, end, new in sorted([*mine, *theirs], key=lambda hunk: (hunk[0], hunk[1]), reverse=True):
        lines[start:end] = new
    return lines


def _hunks(base: Sequence[str], other: Sequence[str]) -> list[Hunk]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [(a, b, tuple(other[c:d])) for what, a, b, c, d in matcher.get_opcodes() if what != "equal"]


def _meet(one: Hunk, other: Hunk) -> bool:
    if one[0] == one[1] == other[0] == other[1]:
        return True  # both add at the same place: nobody knows in which order
    return one[0] < other[1] and other[0] < one[1]
