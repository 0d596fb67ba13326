"""What a report says of its own problems and of targets that it missed: word for word, openers and promises dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from compiler.briefing.excerpts import Words
from compiler.briefing.inline_marks import for_document, typeset
from compiler.briefing.sources import Quoted, Sources
from compiler.model import CompiledReport, Part, Sentence

_ENOUGH: Final = 3
"""Clauses with a word of lacking from which on the others of their sentence are no problems by themselves."""

Piece = tuple[Sentence, str]
"""A sentence, and the part of it that is quoted."""


class Problems:
    """The problems and admissions of one report. ``sections`` are the ids of the rules that capture its problems."""

    def __init__(self, report: CompiledReport, sources: Sources, words: Words, sections: Iterable[str]) -> None:
        self.report = report
        self.sources = sources
        self.words = words
        wanted = {*sections}
        passages = [one for one in report.passages if one.section_id in wanted]
        self._passage = max(passages, key=lambda one: len(one.text), default=None)
        self._numbers = {number for one in passages for number in one.sentences}

    @cached_property
    def admissions(self) -> list[Quoted]:
        """The clauses in which the report itself says that targets were missed.

        A review of several years speaks of the targets of those years, save where it names its problems.
        """
        words, own = self.words, (self.report.source, self.report.number)
        missed = {
            one.sentence for one in self.report.completions if one.met is False and (one.source, one.report) == own
        }
        found: list[Quoted] = []
        review = [
            one
            for one in self.report.sentences
            if one.part is Part.REVIEW or (one.part is Part.REVIEW_SPAN and one.number in self._numbers)
        ]
        for at in words.among([one.text for one in review], "not_reached"):
            sentence = review[at]
            for clause in re.split("[。；;：:]", sentence.text):
                aims = words.has(clause, "aim_words") or sentence.number in missed
                if aims and words.has(clause, "not_reached"):
                    found.append(self.clause(clause, sentence))
        return found

    def clause(self, text: str, sentence: Sentence) -> Quoted:
        """Return part of a sentence as a quotation, without number and salutation."""
        text = self.words.lead.sub("", text)
        for word in self.words.lists.get("salutations", ()):
            text = text.removeprefix(word).lstrip("，,！!：:")
        return Quoted(typeset(for_document(text)), self.sources.of_sentence(self.report, sentence.number))

    def pieces(self) -> list[Piece]:
        """Return the problems one by one, without what opens them and what promises to solve them."""
        by_number = {one.number: one for one in self.report.sentences} if self._passage else {}
        found: list[Piece] = []
        for number in self._passage.sentences if self._passage else ():
            sentence = by_number.get(number)
            text = self._bare(sentence.text) if sentence is not None else ""
            if sentence is not None and text:
                found.extend((sentence, part) for part in re.split("(?<=[；;])", text) if part)
        numbered = [n for n, (_, text) in enumerate(found) if self.words.lead.match(text)]
        # What stands before the first number only says that there are some.
        return found[numbered[0] :] if len(numbered) >= 2 else found

    def paragraph(self, pieces: list[Piece], longest: int) -> list[Quoted]:
        """Return the problems as one paragraph of ``longest`` characters, as far as whole clauses allow.

        Where it is too long, the first sentence of each numbered problem stands for it, and the longest are cut at a
        clause: none is left out whole.
        """
        if not pieces:
            return []
        kept = self._within(pieces, longest)
        text = typeset(for_document("".join(text for _, text in kept))).rstrip("；")
        shown: dict[int, str] = {}
        for sentence, part in kept:
            shown[sentence.number] = shown.get(sentence.number, "") + part
        whole = {one.number: one for one, _ in kept if shown[one.number] == one.text}
        keys = tuple(self.sources.key(self.report.source, self.report.number, number) for number in whole)
        return [Quoted(text if text[-1] in "。！？…" else f"{text}。", self._mark(kept), "", keys)]

    def heads(self, pieces: list[Piece], most: int = 6, longest: int = 28) -> list[Quoted]:
        """Return the clause of each problem that says what is wrong, for a headline.

        That is the first that has a word of lacking, not counting the cause before it; else the first, of a problem
        that begins with its cause the last. What is admitted of missed targets stands in a headline of its own.
        """
        texts = [part for _, text in pieces for part in re.split("[；;。]", text) if part.strip()]
        if len(texts) == 1:  # all in one sentence: each clause is a problem
            texts = [one for one in re.split("[，,]", texts[0]) if one]
            lacking = [one for one in texts if self.words.has(one, "lacking")]
            texts = lacking if len(lacking) >= _ENOUGH else texts
        numbered = [text for text in texts if self.words.lead.match(text)]
        admitted = "".join(one.text for one in self.admissions)
        found: dict[str, Quoted] = {}
        for text in numbered if len(numbered) >= 2 else texts:
            head = self._head(text, longest)
            if 4 <= len(head) <= longest and (len(numbered) >= 2 or not self._announces(head)):
                shown = typeset(for_document(head))
                found.setdefault(shown, Quoted(shown, self._mark(pieces)))
        return [one for one in [*found.values()][:most] if one.text not in admitted]

    def _head(self, text: str, longest: int) -> str:
        words = self.words
        clauses = [one for one in re.split("(?<=[，,：:])", words.lead.sub("", text.strip())) if one.strip("，,：:")]
        dropped = words.lists.get("dropped", ())
        if clauses and clauses[0].rstrip("，,：:") in dropped:
            clauses.pop(0)
        if not clauses:
            return ""
        caused = len(clauses) > 1 and words.begins(clauses[0], "causes")
        lacking = (n for n, one in enumerate(clauses) if n >= caused and words.has(one, "lacking"))
        at = next(lacking, len(clauses) - 1 if caused else 0)
        first = at
        while first > caused and words.begins(clauses[first], "continued"):  # 既要加快发展，又要节能减排的压力
            first -= 1
        head = "".join(clauses[first : at + 1]).strip("，,：:")
        if len(head) > longest:
            head = clauses[at].strip("，,：:")
        for word in (*dropped, *words.lists.get("leading_to", ())):
            head = head.removeprefix(word)
        return head.rstrip("…")

    def _mark(self, pieces: list[Piece]) -> str:
        return self.sources.of_sentence(self.report, pieces[0][0].number)

    def _within(self, pieces: list[Piece], longest: int) -> list[Piece]:
        numbered = [piece for piece in pieces if self.words.lead.match(piece[1])]
        long = sum(len(text) for _, text in pieces) > longest
        kept = [*(numbered if len(numbered) >= 2 and long else pieces)]
        while sum(len(text) for _, text in kept) > longest:
            shorter = [(len(text), n, cut) for n, (_, text) in enumerate(kept) if (cut := self._shorter(text))]
            if shorter:
                _, n, cut = max(shorter)
                kept[n] = kept[n][0], cut
            elif len(kept) > 1:
                kept.pop()
            else:
                break
        return kept

    def _shorter(self, text: str) -> str:
        """Return a problem without its last clause, …… in its place; empty where one clause is left.

        A problem that begins with its cause (受…影响，…) says at its end what it is, so it is not cut; nor is the
        clause in which targets are said to be missed.
        """
        if self.words.begins(self.words.lead.sub("", text), "causes"):
            return ""
        clauses = [one for one in re.split("(?<=[，,；;。])", text.removesuffix("……")) if one]
        if self.words.has(clauses[-1], "not_reached"):
            return ""
        return "".join(clauses[:-1]).rstrip("，,；;。") + "……" if len(clauses) > 1 else ""

    def _bare(self, text: str) -> str:
        """Return a sentence about problems without what opens and what promises; empty where nothing is left."""
        words = self.words
        for marks in ("；;。", "，,"):  # a promise may be the end of the one sentence that tells the problems
            if words.has(text, "promises"):
                clauses = re.split(f"(?<=[{marks}])", text)
                before = "".join(clauses[: next(n for n, one in enumerate(clauses) if words.has(one, "promises"))])
                text = before or ("" if marks == "，," else text)
        text = text.rstrip("，,")
        if words.lead.match(text):
            return text
        colon = re.search("[：:]", text)
        if colon and words.has(text[: colon.start()], "openers"):
            return text[colon.end() :]
        opener = next((word for word in words.lists.get("openers", ()) if word in text), "")
        rest = text[text.index(opener) + len(opener) :].lstrip("，,：: ") if opener else text
        return "" if self._announces(rest) else rest

    def _announces(self, text: str) -> bool:
        """Tell whether a clause only says that there are problems (发展中还存在一些矛盾和问题。)."""
        ends = tuple(self.words.lists.get("announced", ()))
        bare = text.rstrip("。：:！")
        announces = bare.endswith(ends) and (self.words.has(text, "announcing") or not self._beside(bare, ends))
        return not text or (len(text) <= 40 and announces)

    def _beside(self, text: str, announced: Iterable[str]) -> str:
        """Return what of a text is no word for problems, nor what joins two of them: of 困难和挑战 nothing."""
        for word in (*announced, *self.words.lists.get("several", ())):
            text = text.replace(word, "")
        return text
