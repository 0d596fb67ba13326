"""Part paragraphs into sentences, with their spans in the source and in the normalised text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from compiler.model import Normalised, Paragraph, ReportText, Sentence
from compiler.strings import squeeze

_END = re.compile(r"[。！？]+[”’）》」』]*")


class Sentences(NamedTuple):
    """The sentences of a report, each as matched (normalised), as printed (the source, white space aside), its span.

    ``spans`` are normalised ones. Where both texts are the same, so is the sentence.
    """

    matched: tuple[Sentence, ...]
    printed: tuple[Sentence, ...]
    spans: tuple[tuple[int, int], ...]


def sentences(normalised: Normalised, report: ReportText, paragraphs: Sequence[Paragraph], source: str) -> Sentences:
    """Return the sentences of a report whose file holds ``source``.

    A sentence ends at 。 ！ or ？; closing quotation marks and brackets stay with it. Headings are sentences too,
    so that every character of the report belongs to one.
    """
    matched: list[Sentence] = []
    printed: list[Sentence] = []
    spans: list[tuple[int, int]] = []
    text, offsets = normalised.text, normalised.offsets
    number = 0
    for paragraph in paragraphs:
        start, in_paragraph, headings, part = paragraph.start, paragraph.number, paragraph.headings, paragraph.part
        ends = [match.end() for match in _END.finditer(text, start, paragraph.end)]
        if not ends or ends[-1] < paragraph.end:
            ends.append(paragraph.end)
        for end in ends:
            number += 1
            first, last = offsets[start], offsets[end - 1] + 1
            plain, raw = text[start:end], source[first:last]
            sentence = Sentence(number, in_paragraph, first, last, plain, headings, part)
            matched.append(sentence)
            if raw != plain or " " in plain:  # a blank is all the white space left
                shown = squeeze(raw)
                sentence = sentence if shown == plain else sentence._replace(text=shown)
            printed.append(sentence)
            spans.append((start, end))
            start = end
    return Sentences(tuple(matched), tuple(printed), tuple(spans))
