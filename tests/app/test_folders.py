"""What a folder holds beside reports: our own outputs under any name, thousands of other texts, the outputs' folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import TOP, build_into
from help.odd_inputs import report

from compiler.app.build import Outcome, build
from compiler.app.options import Options, Output
from compiler.workspace import choose_folder

BASE = TOP / "tests" / "cases" / "broken_rules" / "base"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of few indicators, which is quick to load, with the words of the real lexicon."""
    folder = Path(shutil.copytree(BASE, tmp_path_factory.mktemp("folders") / "rules"))
    shutil.copyfile(TOP / "rules" / "lexicon.yaml", folder / "lexicon.yaml")
    return folder


def built(folder: Path, out: Path, rules: Path, **options: object) -> Outcome:
    templates = choose_folder(TOP / "templates", "templates")
    given = {"jobs": 1, "force": True, "cache": False, **options}
    return build(Options((folder,), choose_folder(rules, "rules"), templates, out, **given))  # type: ignore[arg-type]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("甲", "乙"):
        (folder / f"{name}.txt").write_text(report(), encoding="utf-8")
    return folder


def figures(outcome: Outcome) -> list[str]:
    return [f"{fact.source} {fact.low}" for fact in outcome.facts]


GOOD = ["甲.txt 3.5", "乙.txt 3.5"]


def test_our_own_outputs_are_known_by_what_they_hold(reports: Path, tmp_path: Path, rules: Path) -> None:
    """Under other names, in another folder, in an archive: none of them is read as a report."""
    outcome = built(reports, tmp_path / "out", rules)
    outputs = [path for path in outcome.written if path.suffix not in (".json", ".jsonl")]
    kinds = {path.suffix for path in outputs}
    assert kinds == {".xlsx", ".docx", ".html", ".csv"}
    (reports / "别处").mkdir()
    for number, path in enumerate(outputs):
        shutil.copyfile(path, reports / "别处" / f"汇总{number}{path.suffix}")
    with zipfile.ZipFile(reports / "打包.zip", "w") as archive:
        for number, path in enumerate(outputs):
            archive.write(path, f"收到{number}{path.suffix}")
    again = built(reports, tmp_path / "again", rules, only=frozenset({Output.FACTS}))
    assert sorted(figures(again)) == sorted(GOOD)
    told = [(issue.source, issue.fields["count"]) for issue in again.issues if issue.code == "B113"]
    assert sorted(told) == [("", str(len(outputs))), ("打包.zip", str(len(outputs)))]
    # Named by itself, such a file is refused with the reason.
    for path in (reports / "别处").iterdir():
        alone = built(path, tmp_path / "alone", rules)
        assert [issue.code for issue in alone.issues if issue.source == path.name] == ["I115"]
        assert not alone.facts and not alone.written


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["docx", "doc", "odt", "rtf", "pdf"])
def test_our_own_outputs_are_known_after_an_office_program_saved_them(
    reports: Path, tmp_path: Path, rules: Path, suffix: str
) -> None:
    outcome = built(reports, tmp_path / "out", rules)
    (tmp_path / "saved").mkdir()
    briefings = [str(path) for path in outcome.written if path.suffix == ".docx"]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        suffix,
        "--outdir",
        str(tmp_path / "saved"),
        *briefings,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    saved = sorted((tmp_path / "saved").iterdir())
    assert len(saved) == len(briefings)
    for number, path in enumerate(saved):
        shutil.copyfile(path, reports / f"另存{number}{path.suffix}")
    again = built(reports, tmp_path / "again", rules, only=frozenset({Output.FACTS}))
    assert sorted(figures(again)) == sorted(GOOD), [issue for issue in again.issues if issue.source.startswith("另存")]
    assert ("B113", str(len(saved))) in [(issue.code, issue.fields.get("count")) for issue in again.issues]


def test_outputs_may_lie_around_the_reports(
    reports: Path, tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``build reports --out .``, twice: the second time the outputs of the first lie there."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        outcome = built(Path("reports"), Path(), rules, only=frozenset({Output.FACTS}))
        assert sorted(figures(outcome)) == sorted(GOOD)
    record = json.loads((tmp_path / "build.json").read_text(encoding="utf-8"))
    assert sorted(item["path"] for item in record["inputs"]) == ["乙.txt", "甲.txt"]
    assert sorted(path.name for path in reports.iterdir()) == ["乙.txt", "甲.txt"]


def test_outputs_may_lie_among_the_reports(reports: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``build . --out .`` within the folder of the reports."""
    monkeypatch.chdir(reports)
    for _ in range(2):
        outcome = built(Path(), Path(), rules)
        assert sorted(figures(outcome)) == sorted(GOOD)


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.slow)])
def test_stray_texts_cost_one_message_each(reports: Path, tmp_path: Path, rules: Path, count: int) -> None:
    for number in range(count):
        folder = reports / f"其他{number % 20}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(f"会议通知第{number}号，请于三时到会。\n", encoding="utf-8")
    outcome = built(reports, tmp_path / "out", rules, only=frozenset({Output.FACTS}))
    assert sorted(figures(outcome)) == sorted(GOOD)
    told = [issue.source for issue in outcome.issues if issue.source.startswith("其他")]
    assert len(told) == len(set(told)) == count


def test_versions_of_two_kinds_of_file(reports: Path, tmp_path: Path) -> None:
    """The same report as text and as page is one report, taken once, with nothing to decide."""
    text = (reports / "甲.txt").read_text(encoding="utf-8")
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    (reports / "甲.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=frozenset({Output.FACTS}))
    codes = {issue.code for issue in outcome.issues}
    assert "B107" not in codes and codes & {"B106", "B138"}
