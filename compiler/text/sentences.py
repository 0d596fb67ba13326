"""Part paragraphs into sentences, with their spans in the source and in the normalised text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.model import Normalised, Paragraph, ReportText, Sentence
from compiler.strings import squeeze

_END = re.compile(r"[。！？]+[”’）》」』]*")


def sentences(
    normalised: Normalised, report: ReportText, paragraphs: Sequence[Paragraph], source: str | None = None
) -> tuple[tuple[Sentence, ...], tuple[tuple[int, int], ...]]:
    """Return the sentences of a report and, beside each, its normalised span.

    A sentence ends at 。 ！ or ？; closing quotation marks and brackets stay with it. Headings are sentences too,
    so that every character of the report belongs to one. With the ``source`` text at hand a sentence's text is
    what is printed there, white space aside; without it, the normalised text.
    """
    found: list[Sentence] = []
    spans: list[tuple[int, int]] = []
    text = normalised.text
    for paragraph in paragraphs:
        start = paragraph.start
        ends = [match.end() for match in _END.finditer(text, paragraph.start, paragraph.end)]
        if not ends or ends[-1] < paragraph.end:
            ends.append(paragraph.end)
        for end in ends:
            source_start, source_end = normalised.source_span(start, end)
            printed = text[start:end] if source is None else squeeze(source[source_start:source_end])
            found.append(
                Sentence(
                    number=len(found) + 1,
                    paragraph=paragraph.number,
                    start=source_start,
                    end=source_end,
                    text=printed,
                    headings=paragraph.headings,
                    part=paragraph.part,
                )
            )
            spans.append((start, end))
            start = end
    return tuple(found), tuple(spans)
