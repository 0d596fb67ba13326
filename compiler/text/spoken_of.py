"""Of which place a text speaks most, where nothing above it says whose report it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain

from compiler.model import Lexicon
from compiler.strings import is_han
from compiler.text.places import Division, Divisions

_SPOKEN_OF_ALONE, _SPOKEN_OF, _STANDS_OUT = 3, 5, 1.5
"""A text is about the place that it names this often, where others are named too, and as many times as often."""


def suffix_spoken_of(text: str, lexicon: Lexicon) -> str:
    """Return the last character of the place's name as the text speaks of it (全县, 我市), empty where it hardly is."""
    own = lexicon.words("report.own_words")
    spoken = Counter(
        {last: sum(text.count(word + last) for word in own) for last in lexicon.words("report.place_endings")}
    )
    suffix, count = max(spoken.items(), key=lambda entry: entry[1], default=("", 0))
    return suffix if count >= _SPOKEN_OF_ALONE else ""


def place_spoken_of(table: Divisions, text: str, suffix: str, year: int, before: str) -> Division | None:
    """Return the place that a text speaks of most, with the places below it counted in."""
    grams = table.grams_in(text)
    text, joints = _where_a_word_begins(text, table.of_two & grams, before)
    grams |= joints
    scores: Counter[Division] = Counter()
    present = filter(grams.__contains__, table.by_gram)
    for stem, entries in chain.from_iterable(map(table.by_gram.__getitem__, present)):
        count = text.count(stem)
        if count:
            for place in entries:
                if not suffix or place.name[-1] == suffix:
                    scores[place] += count if stem not in table.ordinary else 0
                    scores[place] += 2 * text.count(place.name)
    ranked: list[tuple[float, Division]] = []
    for place, own in scores.most_common(12):
        below = {table.stem(child.name) for child in table.children(place, year)} - {table.stem(place.name)}
        known = sum(len(stem) > 1 and stem in text for stem in below)
        ranked.append((own * (1 + known) + 0.01 * place.existed(year), place))
    # 安县 is found in every 台安县: of two that score alike the longer name is meant.
    ranked.sort(key=lambda entry: (entry[0], len(entry[1].name)), reverse=True)
    if not ranked:
        return None
    best = ranked[0][1]
    # A text may name many places; its own stands out, but for an older or newer entry of itself.
    rivals = [score for score, place in ranked[1:] if not best.name.endswith(place.name) and not place.within(best)]
    if not rivals:
        return best if ranked[0][0] >= _SPOKEN_OF_ALONE else None
    return best if ranked[0][0] >= max(_SPOKEN_OF, _STANDS_OUT * rivals[0]) else None


def _where_a_word_begins(text: str, found: Collection[str], before: str) -> tuple[str, set[str]]:
    """Return a text without those names of two characters ``found`` in it that stand within other words.

    市政府和县委 tells of no 和县, 示范县 of no 范县. A name is left where no Chinese character stands before it, or one
    of ``before``: 保定市易县, 代表易县. Also return the pairs of characters that meet where one has gone.
    """
    joints: set[str] = set()
    pieces: list[str] = []
    last = 0
    for at in sorted(at for name in found for at in _places_of(name, text)):
        if at >= last and at and is_han(text[at - 1]) and text[at - 1] not in before:
            pieces.append(text[last : at + 1])
            joints.add(text[at] + text[at + 2 : at + 3])
            last = at + 2
    return "".join((*pieces, text[last:])), joints


def _places_of(name: str, text: str) -> Iterator[int]:
    """Yield where a name stands in a text."""
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)
