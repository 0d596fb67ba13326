"""Several texts of one report: which one is taken, and where they differ.

Two texts of one place and year are never simply the same report. Where a figure differs somebody has to decide, and
until then one of them is taken by rules that the message tells: the one asked for (``--prefer``), else the one that
dates itself later, else the longer one, else the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from compiler.model import CompiledReport, Fact, Issue
from compiler.numbers import decimal_text
from compiler.strings import squeeze

#: Two texts are of the same report where this share of the shorter one's sentences agrees.
SAME_REPORT = 0.8
#: Within one file less is enough: parts of one report hardly repeat each other.
SAME_WITHIN_FILE = 0.6
#: What so many texts have in common (a form of address) tells no more of them alike.
_COMMON = 100
#: So many differences are spelled out in a message; the facts of all versions can be compared by building each alone.
SHOWN = 5


def distinct(
    reports: Sequence[CompiledReport], preferred: Collection[str] = ()
) -> tuple[tuple[CompiledReport, ...], list[Issue]]:
    """Take each report once over all files, and each fact once. ``preferred`` are the sources asked for where versions
    differ."""
    kept, issues = each_once(reports, preferred)
    return tuple(without_repeated_facts(kept)), issues


def each_once(
    reports: Sequence[CompiledReport], preferred: Collection[str] = ()
) -> tuple[tuple[CompiledReport, ...], list[Issue]]:
    """Take each report once over all files."""
    issues: list[Issue] = []
    groups: list[list[CompiledReport]] = []
    likely: dict[tuple[object, ...], list[int]] = {}
    for report in reports:
        keys = _likely(report)
        near = sorted({number for key in keys for number in likely.get(key, ())[:_COMMON]})
        group = next((groups[number] for number in near if _same_report(groups[number][0], report)), None)
        if group is None:
            for key in keys:
                likely.setdefault(key, []).append(len(groups))
            groups.append([report])
        else:
            group.append(report)
    kept = []
    for group in groups:
        taken = _taken(group, preferred) if len(group) > 1 else group[0]
        kept.append(taken)
        issues.extend(_told(taken, other, preferred) for other in group if other is not taken)
    return tuple(kept), issues


def _taken(group: Sequence[CompiledReport], preferred: Collection[str]) -> CompiledReport:
    return min(enumerate(group), key=lambda pair: _rank(pair[1], pair[0], preferred))[1]


def _likely(report: CompiledReport) -> tuple[tuple[object, ...], ...]:
    """Return the keys of which two texts of one report share at least one, so that not all are compared with all."""
    kind, place, year = report.identity.document, report.identity.place, report.identity.report_year
    if place and year:
        return (kind, place, year), (kind, report.source)
    # Thousands may have neither; two of them are alike only with sentences in common.
    texts = dict.fromkeys(sentence.text for sentence in report.sentences)
    return (*((kind, place, year, text) for text in texts), (kind, report.source))


def _same_report(one: CompiledReport, other: CompiledReport) -> bool:
    """Tell whether two texts are of one report: of one kind, place and year, or one text in the main."""
    if one.identity.document is not other.identity.document:
        return False
    key, other_key = ((r.identity.place, r.identity.report_year) for r in (one, other))
    if key == other_key and all(key):
        return True
    if all(key) and all(other_key):
        return False  # one text under two names: which of them it is of is not for us to say
    share = _alike(one, other)
    return (share >= SAME_REPORT and key == other_key) or (one.source == other.source and share >= SAME_WITHIN_FILE)


def _alike(one: CompiledReport, other: CompiledReport) -> float:
    """Return the share of the shorter report's sentences that the other one has as well."""
    texts, others = ({sentence.text for sentence in report.sentences} for report in (one, other))
    shorter = min(len(texts), len(others))
    return len(texts & others) / shorter if shorter else 0.0


def _rank(report: CompiledReport, position: int, preferred: Collection[str]) -> tuple[object, ...]:
    """Return what the rules of the module's docstring sort by; the least is taken."""
    year, _, rest = report.identity.date.partition("-")
    date = int(f"{year}{rest.replace('-', ''):0<4}") if year.isdecimal() else 0
    return report.source not in preferred, -date, -_length(report), position


def _length(report: CompiledReport) -> int:
    return sum(len(sentence.text) for sentence in report.sentences)


def _told(taken: CompiledReport, other: CompiledReport, preferred: Collection[str]) -> Issue:
    """Return the issue that says which of two versions was taken, why, and where they differ."""
    fields = {
        "place": taken.identity.place,
        "year": str(taken.identity.report_year or ""),
        "path": taken.source,
        "number": str(taken.number),
        "other": other.source,
        "other_number": str(other.number),
    }
    differences = [*_differences(taken, other), *_left_out(taken, other)]
    sentences = list(_changed_sentences(taken, other))
    if not differences:
        if not sentences:
            return _about(taken, "B106", fields)
        return _about(taken, "B138", {**fields, "count": str(len(sentences)), "sentences": _first(sentences)})
    shown = _first([_difference(new, old, taken, other) for new, old in differences])
    rest = [text for text in sentences if not any(squeeze(old.quote) in text for _, old in differences)]
    more = f"；另有 {len(rest)} 句文字不同：{_first(rest)}" if rest else ""
    why = next(
        word
        for word, holds in (
            ("asked", taken.source in preferred),
            ("later", _rank(taken, 0, ())[1] != _rank(other, 0, ())[1]),
            ("longer", _length(taken) != _length(other)),
            ("first", True),
        )
        if holds
    )
    fields |= {"count": str(len(differences)), "differences": shown + more, "why": _WHY[why]}
    facts = tuple(new.id for new, _ in differences if new is not None)
    return replace(_about(taken, "B139" if why == "asked" else "B107", fields), facts=facts)


_WHY = {"asked": "--prefer 指定", "later": "文中日期较晚", "longer": "文字较长", "first": "排在前面"}


def _about(report: CompiledReport, code: str, fields: dict[str, str]) -> Issue:
    return Issue(code, fields, source=report.source, report=report.number, place=report.identity.place)


def _differences(taken: CompiledReport, other: CompiledReport) -> Iterator[tuple[Fact, Fact]]:
    """Yield the figures that both state for one cell and state differently."""
    cells: dict[tuple[object, ...], list[Fact]] = {}
    for fact in other.facts:
        cells.setdefault(_cell(fact), []).append(fact)
    seen: set[tuple[object, ...]] = set()
    for fact in taken.facts:
        key = _cell(fact)
        old = cells.get(key, [])
        if key in seen or not old:
            continue
        seen.add(key)
        new = [same for same in taken.facts if _cell(same) == key]
        if {_figure(one) for one in new} != {_figure(one) for one in old}:
            changed = next((one for one in new if _figure(one) not in {_figure(o) for o in old}), new[0])
            former = next((one for one in old if _figure(one) not in {_figure(n) for n in new}), old[0])
            yield changed, former


def _left_out(taken: CompiledReport, other: CompiledReport) -> Iterator[tuple[None, Fact]]:
    """Yield the figures that only the version left out states, in a sentence that the one taken does not have."""
    cells = {_cell(fact) for fact in taken.facts}
    text = squeeze(taken.text)
    for fact in other.facts:
        if _cell(fact) not in cells and squeeze(fact.quote) not in text:
            cells.add(_cell(fact))
            yield None, fact


def _changed_sentences(taken: CompiledReport, other: CompiledReport) -> Iterator[str]:
    """Yield each sentence that one version words differently or lacks, as it is told."""
    new, old = ([squeeze(sentence.text) for sentence in report.sentences] for report in (taken, other))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for index in range(c + (b - a if kind == "replace" else 0), d) if kind != "equal" else ():
            yield f"{_name(other, taken)}没有“{new[index]}”"
        for index in range(a, b) if kind in ("replace", "delete") else ():
            instead = c + index - a
            ours = f"作“{new[instead]}”" if instead < d else "没有这一句"
            yield f"{_name(other, taken)}作“{old[index]}”，{_name(taken, other)}{ours}"


def _first(told: Sequence[str]) -> str:
    """Return the first few of a list as one text, with how many there are."""
    return "；".join(told[:SHOWN]) + (f"……共 {len(told)} 处" if len(told) > SHOWN else "")


def _name(report: CompiledReport, beside: CompiledReport) -> str:
    return report.source + (f"第{report.number}份" if report.source == beside.source else "")


def _difference(new: Fact | None, old: Fact, taken: CompiledReport, other: CompiledReport) -> str:
    said = f"{_name(other, taken)}作“{squeeze(old.quote)}”"
    ours = f"{_name(taken, other)}" + (f"作“{squeeze(new.quote)}”" if new is not None else "没有")
    return f"{old.indicator}（{old.year}年）" + (f"{ours}，{said}" if new is not None else f"{said}，{ours}")


def _cell(fact: Fact) -> tuple[object, ...]:
    return (fact.from_year, fact.year, fact.total, fact.kind, fact.indicator_id, fact.measure, fact.tier)


def _figure(fact: Fact) -> tuple[object, ...]:
    return (decimal_text(fact.low), decimal_text(fact.high), fact.bound, fact.unit, fact.text)


def without_repeated_facts(reports: Iterable[CompiledReport]) -> Iterator[CompiledReport]:
    """Drop facts that an earlier report of the same place states with the same figure."""
    seen: set[tuple[object, ...]] = set()
    for report in reports:
        facts = []
        for fact in report.facts:
            cell = (fact.place, fact.year, fact.kind, fact.indicator_id, fact.measure, fact.tier)
            key = (*cell, fact.low, fact.high, fact.bound, fact.unit, fact.text)
            # Reports whose place is unknown have nothing in common by agreeing on it.
            if not fact.place or key not in seen:
                facts.append(fact)
            seen.add(key)
        yield report if len(facts) == len(report.facts) else replace(report, facts=tuple(facts))
