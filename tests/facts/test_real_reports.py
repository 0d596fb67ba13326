"""The invariants of the facts, on the real reports where they are at hand and on the samples always."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.facts.assemble import squeeze
from compiler.facts.compile import compile_source
from compiler.facts.written_tables import all_facts, facts_csv
from compiler.model import CompiledReport, RuleBook
from compiler.text.read import find_inputs, read

SHARED = Path(__file__).resolve().parents[3] / "shared"
SAMPLES = Path(__file__).resolve().parents[2] / "compiler" / "samples"


def compiled(folder: Path, rulebook: RuleBook) -> Iterator[CompiledReport]:
    inputs, _ = find_inputs([folder])
    for path, relative, _ in inputs:
        for source in read(path, relative).sources:
            yield from compile_source(source, rulebook)[0]


@pytest.fixture(scope="module", params=["samples", "reports"])
def reports(request: pytest.FixtureRequest, rulebook: RuleBook) -> list[CompiledReport]:
    folder = SAMPLES if request.param == "samples" else SHARED / "reports"
    if not folder.exists():
        pytest.skip(f"{folder} is not here")
    return list(compiled(folder, rulebook))


def test_every_quote_is_the_source_at_its_offsets(reports: list[CompiledReport]) -> None:
    facts = [(report, fact) for report in reports for fact in report.facts]
    assert facts
    for report, fact in facts:
        assert squeeze(report.text[fact.start : fact.end]) == squeeze(fact.quote)
        if fact.figure_start >= 0:
            assert fact.start <= fact.figure_start < fact.figure_end <= fact.end


def test_no_two_facts_agree_on_all_that_tells_them_apart(reports: list[CompiledReport]) -> None:
    for report in reports:
        keys = [(f.place, f.year, f.kind, f.indicator, f.measure, f.tier, f.low, f.high, f.text) for f in report.facts]
        assert len(keys) == len(set(keys))
        assert len({f.id for f in report.facts}) == len(report.facts)


def test_sentences_are_the_source_at_their_offsets(reports: list[CompiledReport]) -> None:
    for report in reports:
        for sentence in report.sentences:
            assert squeeze(report.text[sentence.start : sentence.end]) == squeeze(sentence.text)


def test_exactly_the_six_real_reports_are_found(rulebook: RuleBook) -> None:
    if not (SHARED / "reports").exists():
        pytest.skip("../shared/reports is not here")
    found = sorted((r.identity.place, r.identity.report_year) for r in compiled(SHARED / "reports", rulebook))
    assert found == sorted(
        [
            ("锦州市", 2012),
            ("锦州市", 2017),
            ("盘锦市", 2017),
            ("朝阳市", 2017),
            ("鞍山市", 2017),
            ("锦州市古塔区", 2012),
        ]
    )


def test_gold(rulebook: RuleBook, tmp_path: Path) -> None:
    if not (SHARED / "gold").exists():
        pytest.skip("../shared/gold is not here")
    path = tmp_path / "facts.csv"
    path.write_bytes(facts_csv(all_facts(compiled(SHARED / "reports", rulebook))))
    gold = SHARED / "gold"
    command = [sys.executable, str(gold / "score.py"), str(gold / "gold.csv"), str(path), str(gold / "docs.csv")]
    printed = subprocess.run([*command, "--show", "9"], capture_output=True, text=True, check=True).stdout
    words = printed.split("total: ")[1].split()
    precision, recall = float(words[1]), float(words[3])
    assert precision >= 0.985, printed
    assert recall >= 0.985, printed
