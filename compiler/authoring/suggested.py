"""A suggested rule: its name, its sentences in words of its own, and how it is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.issues import message
from compiler.language.unit_conversion import resolve_unit
from compiler.model import Form, IndicatorRule, Issue, Lexicon, Measure, Part, Quantity
from compiler.strings import squeeze

FILE = "indicators/~suggested.yaml"
THEME = "待归类"

FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SIMPLE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9A-Za-z.%‰—]*\Z")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One uncovered figure: as read, the sentence and clause that it was found in, and the words by it."""

    quantity: Quantity
    sentence: str
    clause: str
    part: Part
    report: int
    moved: str = ""
    done: str = ""
    in_all: bool = False

    @property
    def growth(self) -> bool:
        """Whether the figure is a rate of growth."""
        return bool(self.moved) and self.quantity.form is Form.PERCENT


@dataclass(frozen=True, slots=True)
class SuggestedExample:
    """A sentence with what it yields, written as in ``yields``; ``why`` tells why it yields nothing."""

    text: str
    under: Part
    yields: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule to paste. Where something was done (建成12条主干道路), ``verb`` and ``thing`` say what with what."""

    id: str
    name: str
    unit: str
    measures: tuple[Measure, ...]
    examples: tuple[SuggestedExample, ...]
    occurrences: tuple[Occurrence, ...]
    verb: str = ""
    thing: str = ""

    @property
    def count(self) -> int:
        """How many figures it was made from."""
        return len(self.occurrences)

    @property
    def reports(self) -> int:
        """How many reports they stand in."""
        return len({occurrence.report for occurrence in self.occurrences})

    def rule(self, order: int = 0) -> IndicatorRule:
        """Return it as a rule of the rule book."""
        return IndicatorRule(
            id=self.id,
            name=self.name,
            theme=THEME,
            unit=self.unit,
            file=FILE,
            order=order,
            verbs=(self.verb,) if self.verb else (),
            objects=(self.thing,) if self.verb else (),
            measures=self.measures,
        )


def printed_unit(quantity: Quantity, lexicon: Lexicon) -> str:
    """Return the unit as the report prints it (万株), where the lexicon knows it so; else the lexicon's name for it."""
    raw = squeeze(quantity.raw)
    printed = FIGURE.sub("", raw, count=1) if FIGURE.search(raw) else ""
    family = resolve_unit(lexicon, printed)[0] if printed else ""
    return printed if family and family == quantity.family else quantity.unit


# --- sentences ---------------------------------------------------------------------------------


def hit_texts(draft: Suggestion, lexicon: Lexicon) -> Iterator[str]:
    """Yield plain sentences that say what the reports say, with other figures: no sentence of a report goes in."""
    for found in draft.occurrences:
        for numbers in (("12", "36", "20"), ("15", "24", "30")):
            for code, number in zip(_codes(draft, found, lexicon), numbers, strict=False):
                yield message(Issue(code, _fields(draft, found, lexicon, number)))


def miss_texts(draft: Suggestion, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield sentences about a part of the place or year, or without a figure, each with why it must yield nothing."""
    found = draft.occurrences[0]
    code = "S212" if draft.verb or found.done else "S213" if found.growth else "S204"
    zones = [word for word in lexicon.words("guard.zone_suffixes") if word in lexicon.words("guard.scope_below")]
    scopes = [(zone, "S210") for zone in zones] + [(message(Issue("S218", {})), "S219")]
    for scope, why in scopes:
        fields = {**_fields(draft, found, lexicon, "12"), "scope": scope}
        yield message(Issue(code, fields)), message(Issue(why, {"scope": scope}))
    yield message(Issue("S205", {"name": draft.name})), message(Issue("S211", {}))


def _codes(draft: Suggestion, found: Occurrence, lexicon: Lexicon) -> tuple[str, ...]:
    if found.growth:
        return "S202", "S214"
    if not draft.verb and not found.done:
        return "S201", "S203", "S215"
    counts = found.quantity.family in lexicon.words("number.counting_families")
    first = "S220" if found.in_all else "S207"
    return (first, "S208") if counts else (first, "S209")


def _fields(draft: Suggestion, found: Occurrence, lexicon: Lexicon, number: str) -> dict[str, str]:
    unit = "%" if found.quantity.form is Form.PERCENT else printed_unit(found.quantity, lexicon)
    falls = found.moved in lexicon.words("direction.down")
    return {
        "name": draft.name,
        "verb": draft.verb or found.done,
        "thing": draft.thing or draft.name,
        "figure": number + unit,
        "word": message(Issue("S217" if falls else "S216", {})),
    }


# --- as YAML -----------------------------------------------------------------------------------


def as_yaml(suggestions: Sequence[Suggestion]) -> str:
    """Return the suggestions as a file of rules."""
    lines = [
        "# yaml-language-server: $schema=../schema/indicators.json",
        "# 由 report-compiler suggest 写出：看看名称和单位，编号换成看得懂的英文，再移到合适的主题文件里",
        "format: 1",
        f"theme: {THEME}",
        "indicators:",
    ]
    for number, suggestion in enumerate(suggestions):
        if number:
            lines.append("")
        lines.extend(f"  {line}" for line in _entry(suggestion))
    return "\n".join(lines) + "\n"


def _entry(suggestion: Suggestion) -> Iterator[str]:
    fields = {
        "count": str(suggestion.count),
        "reports": str(suggestion.reports),
        "quote": squeeze(suggestion.occurrences[0].clause)[:40],
    }
    yield f"# {message(Issue('S206', fields))}"
    yield f"- id: {suggestion.id}"
    yield f"  name: {quoted(suggestion.name)}"
    yield f"  unit: {quoted(suggestion.unit)}"
    if suggestion.verb:
        yield f"  verbs: [{quoted(suggestion.verb)}]"
        yield f"  objects: [{quoted(suggestion.thing)}]"
    yield f"  measures: [{', '.join(suggestion.measures)}]"
    yield "  examples:"
    for example in suggestion.examples:
        yields = ", ".join(
            item if _plain_yield(item) else json.dumps(item, ensure_ascii=False) for item in example.yields
        )
        if example.why:
            yield f"    # {example.why}"
        yield f"    - {{text: {quoted(example.text)}, under: {example.under.value}, yields: [{yields}]}}"


def _plain_yield(text: str) -> bool:
    return re.fullmatch(r"[a-z]+ (?:[=~]|[<>]=) -?[0-9.]+(?: stretch)?", text) is not None


def quoted(text: str) -> str:
    """Return ``text`` as a YAML scalar: plain where nothing in it could be read as something else."""
    return text if _SIMPLE.match(text) else json.dumps(text, ensure_ascii=False)
