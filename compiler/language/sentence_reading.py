"""A sentence that is being read: its names, what has been found, and what it spoke of last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from compiler.language.constructions import Construction, Situation, State, construction_of
from compiler.language.coordination import Run, Subject, Trail
from compiler.language.guards import Guard
from compiler.language.mentions import Hits
from compiler.language.outcomes import Binding, NameHit, Outcomes, Refused, Unclaimed
from compiler.language.tokens import TokenisedSentence


@dataclass(slots=True)
class SentenceReading:
    """One sentence on its way from tokens to outcomes."""

    sentence: TokenisedSentence
    hits: Hits
    outcomes: Outcomes
    history: list[NameHit] = field(default_factory=list)  # the names that had figures, in order
    trail: Trail = field(default_factory=list)
    pair: Trail = field(default_factory=list)  # the two figures that 前者 and 后者 speak of
    tell: Callable[[str], None] | None = None
    planned: bool = False  # the sentence stands in the plan

    def row(self, state: State, situation: Situation) -> Construction:
        """Return the row of the table that fits, and tell its name to whoever asked."""
        row = construction_of(state, situation)
        if self.tell is not None:
            self.tell(row.name)
        return row

    def refuse(self, subject: Subject, guard: Guard | None, word: str, figure: int, row: Construction) -> None:
        """Record that a guard kept a figure from each indicator of a subject."""
        assert guard is not None
        for hit in subject.hits:
            for rule in hit.rules:
                self.outcomes.refused.append(Refused(rule, guard, word, figure, row.name))

    def leave(self, run: Run, subject: Subject, row: Construction) -> None:
        """Record that a construction kept the figures of a run from the subject that was spoken of."""
        rule = subject.hits[0].rules[0]
        figures = [self.sentence.tokens[token].figure for token in run]
        self.outcomes.unclaimed.extend(Unclaimed(figure, rule, row.name) for figure in figures)

    def exchange(self, index: int, other: Binding) -> None:
        """Put another binding in the place of one, also where the report speaks of its target."""
        outcomes = self.outcomes
        old, outcomes.bindings[index] = outcomes.bindings[index], other
        outcomes.self_reports[:] = [
            one._replace(base=other) if one.base is old else one for one in outcomes.self_reports
        ]
