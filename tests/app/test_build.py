"""A build: what it takes, what it writes, and that nothing which stood before is lost when it fails."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import TOP, build_into
from help.small_rules import lay_out_small_rules

from compiler.app.build import Outcome, build
from compiler.app.cli import main
from compiler.app.commands.build import exit_code
from compiler.app.dates import dated
from compiler.app.options import Options, Output
from compiler.app.watch import watch
from compiler.facts import batch, written_tables
from compiler.facts.batch import Cache, Silent
from compiler.facts.written_tables import all_facts, changes, facts_csv, facts_jsonl
from compiler.model import Bound, Fact, Identity, Kind, Measure, Tier
from compiler.numbers import decimal_text
from compiler.processes import in_processes
from compiler.workspace import Choice, choose_folder, default_folder

REPORT = """锦州市2017年政府工作报告
——2017年1月8日在锦州市第十六届人民代表大会第一次会议上
市长　王一
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、2016年工作回顾
全年地区生产总值{gdp}亿元，增长6.5%；固定资产投资增长8%；粮食产量250万吨。
城镇新增就业5.2万人，城镇登记失业率3.8%。
二、2017年工作安排
主要预期目标是：地区生产总值增长7%左右；固定资产投资增长9%；城镇登记失业率控制在4.5%以内。
各位代表，让我们为建设美好家园而努力奋斗！
"""


FACTS = frozenset({Output.FACTS})


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with one small report."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "锦州.txt").write_text(REPORT.format(gdp="812.5"), encoding="utf-8")
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A few rules that a test may spoil."""
    return lay_out_small_rules(tmp_path / "rules")


def contents(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a folder by its relative path, hidden ones aside."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def codes(outcome: Outcome) -> list[str]:
    return [issue.code for issue in outcome.issues]


def fact(**changes: Any) -> Fact:
    """Return a fact like any other, with some fields changed."""
    fields: dict[str, Any] = {
        "place": "锦州市",
        "place_code": "210700",
        "place_level": "地级",
        "report_year": 2017,
        "year": 2016,
        "kind": Kind.RESULT,
        "indicator": "地区生产总值",
        "indicator_id": "gdp",
        "theme": "综合经济",
        "measure": Measure.LEVEL,
        "low": Decimal("812.50"),
        "high": Decimal("812.50"),
        "bound": Bound.EQ,
        "unit": "亿元",
        "tier": Tier.BASE,
        "text": "",
        "raw": "812.5亿元",
        "modifier": "",
        "status_note": "",
        "quote": "地区生产总值812.5亿元",
        "source": "锦州.txt",
        "report": 1,
        "start": 10,
        "end": 22,
        "heading": "一、2016年工作回顾",
        "paragraph": 2,
        "rule": "综合经济.yaml#gdp",
    }
    return Fact(**{**fields, **changes})


# --- figures and tables ------------------------------------------------------------------------

FIGURES = [
    (None, ""),
    ("10.35", "10.35"),
    ("10.350", "10.35"),
    ("10.350000000000001", "10.350000000000001"),
    ("1E+3", "1000"),
    ("1.2E-7", "0.00000012"),
    ("100", "100"),
    ("100.00", "100"),
    ("0.0", "0"),
    ("-0.0", "0"),
    ("-0.60", "-0.6"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
]


@pytest.mark.parametrize(("figure", "text"), FIGURES)
def test_figures_are_written_plainly(figure: str | None, text: str) -> None:
    assert decimal_text(None if figure is None else Decimal(figure)) == text


def test_csv_has_the_contract_s_form() -> None:
    data = facts_csv(
        [fact(), fact(low=None, high=None, bound=Bound.NONE, unit="", text="与经济增长同步，“稳”字\n当头")]
    )
    assert data.startswith(b"\xef\xbb\xbfplace,place_code,")
    assert b"\r" not in data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0]["low"] == rows[0]["high"] == "812.5"
    assert rows[0]["kind"] == "result" and rows[0]["bound"] == "eq" and rows[0]["tier"] == "base"
    assert rows[1]["low"] == rows[1]["high"] == rows[1]["bound"] == "" and rows[1]["text"].endswith("当头")


# fmt: off
FORMULAS = [
    ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"),
    ("＝1", "'＝1"), ("\t=1", "'\t=1"), ("-1.2", "-1.2"), ("-1.2%", "-1.2%"), ("+5", "+5"), ("增长=5", "增长=5"),
]
# fmt: on


@pytest.mark.parametrize(("text", "cell"), FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(text: str, cell: str) -> None:
    rows = list(csv.DictReader(io.StringIO(facts_csv([fact(source=text)]).decode("utf-8-sig"), newline="")))
    assert rows[0]["source"] == cell
    assert json.loads(facts_jsonl([fact(source=text)]))["source"] == text


def test_columns_are_those_of_the_contract(shared: Path) -> None:
    named = []
    for line in (shared / "facts.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and cells[1] not in ("column", "---") and cells[1]:
            named.extend(name.strip() for name in cells[1].split(","))
    assert tuple(named) == written_tables.COLUMNS


def test_json_lines_hold_the_same_rows_with_exact_figures() -> None:
    facts = [fact(low=Decimal("10.350"), high=None), fact(text="与“经济”同步\n")]
    rows = [json.loads(line, parse_float=Decimal) for line in facts_jsonl(facts).decode("utf-8").splitlines()]
    assert rows[0]["low"] == Decimal("10.35") and rows[0]["high"] is None
    assert rows[1]["text"] == "与“经济”同步\n" and rows[1]["report_year"] == 2017
    assert tuple(rows[0]) == written_tables.COLUMNS


def test_order_of_the_rows() -> None:
    wanted = [
        fact(place="朝阳市", start=99),
        fact(year=2015),
        fact(order=1, start=50),
        fact(order=2, start=7),
        fact(order=2, start=8),
        fact(kind=Kind.TARGET, order=1),
    ]

    class Report:
        facts = tuple(reversed(wanted))

    in_order = all_facts([Report()])  # type: ignore[list-item]
    assert [wanted.index(one) for one in in_order] == sorted(
        range(len(wanted)),
        key=lambda i: (wanted[i].place, wanted[i].year, wanted[i].kind, wanted[i].order, wanted[i].start),
    )


def test_changes_between_two_tables() -> None:
    old = [fact(), fact(indicator_id="exports"), fact(measure=Measure.GROWTH, low=Decimal(6))]
    new = [fact(low=Decimal(900), high=Decimal(900)), fact(measure=Measure.GROWTH, low=Decimal(6)), fact(year=2017)]
    found = changes(old, new)
    assert found.added == (new[2],) and found.removed == (old[1],) and found.changed == ((old[0], new[0]),)
    assert not changes(old, [fact(start=77), *old[1:]])


# --- which folders -----------------------------------------------------------------------------


def test_folders_are_chosen_in_order(tmp_path: Path) -> None:
    assert choose_folder(tmp_path / "mine", "rules", tmp_path) == Choice(tmp_path / "mine", "option")
    assert choose_folder(None, "rules", tmp_path) == Choice(default_folder("rules"), "packaged")
    (tmp_path / "rules").mkdir()
    assert choose_folder(None, "rules", tmp_path) == Choice(tmp_path / "rules", "current")
    assert default_folder("rules") == TOP / "rules"


def test_the_record_says_which_rules_and_templates(
    reports: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build", "reports"]) == 0
    record = json.loads((tmp_path / "output" / "build.json").read_text(encoding="utf-8"))
    assert record["rules"]["chosen"] == "current" and record["rules"]["folder"] == "rules"
    assert record["templates"]["chosen"] == "packaged"
    for kept in (record["rules"]["files"], record["templates"]["files"], record["inputs"]):
        assert kept and all(len(file["sha256"]) == 64 for file in kept)
    file = next(file for file in record["rules"]["files"] if file["path"] == "lexicon.yaml")
    assert file["sha256"] == hashlib.sha256((rules / "lexicon.yaml").read_bytes()).hexdigest()
    assert set(record["outputs"]) == contents(tmp_path / "output").keys()


# --- what a build writes -----------------------------------------------------------------------


def test_a_small_build(reports: Path, tmp_path: Path) -> None:
    outcome = build_into(tmp_path / "out", reports)
    written = contents(tmp_path / "out")
    assert {"目标与结果.xlsx", "facts.csv", "facts.jsonl", "build.json"} <= written.keys()
    assert "briefings/锦州市2017年政府工作报告要情.docx" in written
    assert {path.relative_to(tmp_path / "out").as_posix() for path in outcome.written} == written.keys()
    levels = {f.indicator: f.low for f in outcome.facts if f.measure is Measure.LEVEL and f.kind is Kind.RESULT}
    assert levels["地区生产总值"] == Decimal("812.5")
    record = json.loads((tmp_path / "out" / "build.json").read_text(encoding="utf-8"))
    assert record["counts"]["facts"] == record["counts"]["quotes_verified"] == len(outcome.facts)
    assert record["reports"][0]["place"] == "锦州市" and record["reports"][0]["report_year"] == 2017


@pytest.mark.parametrize("epoch", ["1700000000", ""])
def test_same_input_same_bytes(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    """With a time given and without one: then it is the latest that the reports tell, never the clock's."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    build_into(tmp_path / "one", reports)
    time.sleep(1.1)  # archives keep whole and even seconds
    build_into(tmp_path / "two", reports)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    record = json.loads((tmp_path / "one" / "build.json").read_text(encoding="utf-8"))
    assert record["dated"] == ("2023-11-14" if epoch else "2017-01-08")
    assert record["contracts"].keys() == {"facts", "rules", "ledger", "outputs"}


# fmt: off
DATES = [
    (["2017-01-08"], "2017-01-08"), (["2017-01-08", "2018-02-01"], "2018-02-01"), (["2017-01"], "2017-01-01"),
    (["2017-02-30", "2016-12-31"], "2016-12-31"), ([""], "2017-01-01"), (["2017-13-40"], "2000-01-01"),
]
# fmt: on


@pytest.mark.parametrize(("told", "date"), DATES)
def test_documents_bear_the_latest_date_told(told: list[str], date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    assert dated(Identity("锦州市", "", "地级", 2017, date=each) for each in told).startswith(date)


VARIANTS: list[dict[str, str]] = [
    *({"PYTHONHASHSEED": str(seed)} for seed in (0, 1, 2, 3, 4, 5, 12345)),
    *({"TZ": zone} for zone in ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")),
    *({"LC_ALL": locale} for locale in ("C", "C.UTF-8", "POSIX", "zh_CN.UTF-8")),
    *({"COLUMNS": width} for width in ("40", "200")),
    *({"jobs": jobs} for jobs in ("1", "2", "3")),
    *({"cwd": place} for place in ("/", "reports")),
    {"PYTHONUTF8": "0"},
    {"touched": "1"},
    {"PYTHONDONTWRITEBYTECODE": "1"},
]


def build_apart(folder: Path, out: Path, place: Path, jobs: str, surroundings: dict[str, str]) -> dict[str, str]:
    """Build in a process of its own, in given surroundings; return the hashes of the outputs."""
    rules = TOP / "tests" / "cases" / "broken_rules" / "base"
    options = ["--rules", str(rules), "--templates", str(TOP / "templates"), "--jobs", jobs, "--force"]
    command = [sys.executable, "-m", "compiler", "build", str(folder), "--out", str(out), *options]
    environment = {**os.environ, "PYTHONPATH": str(TOP), **surroundings}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    assert (out / "build.json").exists(), done.stderr.decode("utf-8", "replace")
    return contents(out)


@pytest.fixture(scope="module")
def plainly_built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with two reports, and the hashes of what a build makes of it."""
    place = tmp_path_factory.mktemp("surroundings")
    folder = place / "reports"
    folder.mkdir()
    for name, gdp in (("锦州", "812.5"), ("朝阳", "780")):
        (folder / f"{name}.txt").write_text(REPORT.format(gdp=gdp).replace("锦州", name), encoding="utf-8")
    return folder, build_apart(folder, place / "plain", place, "1", {})


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_nothing_around_a_build_changes_its_bytes(
    plainly_built: tuple[Path, dict[str, str]], tmp_path: Path, variant: dict[str, str]
) -> None:
    """Twenty-five surroundings: hash seeds, zones, languages, processes, folders, times of files."""
    folder, plain = plainly_built
    if "touched" in variant:
        os.utime(folder / "朝阳.txt", (1, 1))
    place = {"reports": folder, "/": Path("/")}.get(variant.get("cwd", ""), folder.parent)
    surroundings = {name: value for name, value in variant.items() if name.isupper()}
    found = build_apart(folder, tmp_path / "out", place, variant.get("jobs", "1"), surroundings)
    assert found == plain


def test_several_processes_give_what_one_gives(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        text = REPORT.format(gdp=number + 100).replace("锦州", "朝阳鞍山抚顺本溪"[2 * number : 2 * number + 2])
        (reports / f"{number}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    build_into(tmp_path / "one", reports, jobs=1)
    monkeypatch.setattr(batch, "WORTH_PROCESSES", 1)
    build_into(tmp_path / "two", reports, jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_processes_keep_the_order() -> None:
    assert list(in_processes(lambda number: number * number, range(50), 2)) == [n * n for n in range(50)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere all is done in this process")
def test_processes_make_room_for_fresh_ones() -> None:
    done = Counter(in_processes(lambda _: os.getpid(), range(50), 2, wear=lambda _: 0.125))
    assert max(done.values()) == 8 and sum(done.values()) == 50


# --- what goes wrong ---------------------------------------------------------------------------


def test_files_with_the_same_bytes_are_taken_once(reports: Path, tmp_path: Path) -> None:
    shutil.copyfile(reports / "锦州.txt", reports / "锦州（副本）.txt")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    assert len(outcome.gathered.reports) == 1 and "B104" in codes(outcome)  # type: ignore[union-attr]


def test_one_report_in_two_files_is_taken_once(reports: Path, tmp_path: Path) -> None:
    text = REPORT.format(gdp="812.5").replace("市长　王一\n", "市长 王一\n\n") + "\n\n"
    (reports / "锦州另存.txt").write_text(text, encoding="gb18030")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    assert len(outcome.gathered.reports) == 1 and "B106" in codes(outcome)  # type: ignore[union-attr]


def version(**replaced: str) -> str:
    """Return another version of the report."""
    text = REPORT.format(gdp="812.5")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_versions_that_differ_in_figures_are_to_be_decided(reports: Path, tmp_path: Path) -> None:
    """Only one can hold: which one, by which rule, and what differs stands in the message (outputs.md, issue 13)."""
    (reports / "旧稿.txt").write_text(version(**{"812.5亿": "813亿", "7%左右": "8%左右"}), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B107"]
    assert issue.fields["count"] == "2" and issue.fields["path"] == "锦州.txt" and issue.fields["why"] == "文字较长"
    assert "“地区生产总值812.5亿元”" in issue.fields["differences"]
    assert "“地区生产总值813亿元”" in issue.fields["differences"]
    assert {fact.source for fact in outcome.facts} == {"锦州.txt"}
    assert exit_code(outcome, strict=False) == 1


def test_the_version_asked_for_is_taken(reports: Path, tmp_path: Path) -> None:
    (reports / "旧稿.txt").write_text(version(**{"812.5亿": "813.9亿"}), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS, prefer=(reports / "旧稿.txt",))
    assert "B139" in codes(outcome) and "B107" not in codes(outcome)
    assert {fact.source for fact in outcome.facts} == {"旧稿.txt"}
    outcome = build_into(tmp_path / "out", reports, only=FACTS, prefer=(reports / "没有.txt",))
    assert "B140" in codes(outcome)


def test_the_version_of_a_later_date_is_taken(reports: Path, tmp_path: Path) -> None:
    later = version(**{"812.5亿": "813亿", "2017年1月8日": "2017年1月10日", "，增长6.5%": ""})
    (reports / "定稿.txt").write_text(later, encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B107"]
    assert issue.fields["path"] == "定稿.txt" and issue.fields["why"] == "文中日期较晚"


def test_versions_that_differ_in_words_are_told(reports: Path, tmp_path: Path) -> None:
    (reports / "另一稿.txt").write_text(version(**{"为建设": "为早日建成"}), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B138"]
    assert "B107" not in codes(outcome) and issue.fields["count"] == "1"
    said = "各位代表，让我们{}美好家园而努力奋斗！"
    # Which file says what: the one left out first, then the one taken (the longer).
    for name, words in (("锦州.txt", "为建设"), ("另一稿.txt", "为早日建成")):
        assert f"{name}作“{said.format(words)}”" in issue.fields["sentences"]
    assert exit_code(outcome, strict=False) == 0


def test_a_sentence_that_only_the_version_taken_has_is_told(reports: Path, tmp_path: Path) -> None:
    (reports / "补充稿.txt").write_text(version(**{"为建设": "为了早日建设"}) + "我们心存感激。\n", encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B138"]
    assert issue.fields["path"] == "补充稿.txt" and issue.fields["count"] == "2"
    assert "锦州.txt没有“我们心存感激。”" in issue.fields["sentences"]


def test_a_figure_that_only_the_version_left_out_has_is_to_be_decided(reports: Path, tmp_path: Path) -> None:
    long = "我们坚持稳中求进，攻坚克难，各项事业都有了新的进步。" * 3
    (reports / "长稿.txt").write_text(
        version(**{"；粮食产量250万吨": "", "城镇新增": long + "城镇新增"}), encoding="utf-8"
    )
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B107"]
    assert issue.fields["path"] == "长稿.txt" and issue.fields["count"] == "1"
    assert "粮食产量" in issue.fields["differences"] and "长稿.txt没有" in issue.fields["differences"]
    assert exit_code(outcome, strict=False) == 1


def test_a_shorter_copy_that_loses_nothing_is_a_note(reports: Path, tmp_path: Path) -> None:
    (reports / "节选.txt").write_text(version(**{"；粮食产量250万吨": ""}), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    assert "B107" not in codes(outcome)
    assert {fact.source for fact in outcome.facts} == {"锦州.txt"}


def test_versions_within_one_file(reports: Path, tmp_path: Path) -> None:
    (reports / "锦州.txt").write_text(version() + "\n" + version(**{"812.5亿": "813.9亿"}), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports, only=FACTS)
    (issue,) = [issue for issue in outcome.issues if issue.code == "B107"]
    assert "第1份作“地区生产总值812.5亿元”" in issue.fields["differences"]


def test_a_file_that_cannot_be_read_leaves_the_others_and_exits_1(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (reports / "报告.pdf").write_bytes(b"%PDF-1.4")
    assert main(["build", str(reports), "--out", str(tmp_path / "out")]) == 1
    captured = capsys.readouterr()
    assert ".pdf" in captured.err and "报告 1 份" in captured.out
    assert (tmp_path / "out" / "facts.csv").is_file()


def test_no_report_at_all_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空").mkdir()
    assert main(["build", str(tmp_path / "空"), "--out", str(tmp_path / "out")]) == 1
    assert "没有写出结果" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_report_that_trips_the_program_leaves_the_others(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    from compiler.facts import compile as pipeline

    (reports / "朝阳.txt").write_text(REPORT.format(gdp="780").replace("锦州", "朝阳"), encoding="utf-8")
    whole = pipeline.compile_normalised

    def trips(source: Any, rulebook: Any) -> Any:
        if "朝阳" in source.path:
            raise ZeroDivisionError
        return whole(source, rulebook)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline, "compile_normalised", trips)
    assert main(["build", "reports"]) == 1
    captured = capsys.readouterr()
    assert "编译 朝阳.txt 时程序出错" in captured.err and "报告 1 份" in captured.out
    assert "ZeroDivisionError" in next(state.glob("*.log")).read_text(encoding="utf-8")


def test_a_workspace_given_whole_compiles_its_reports_only(
    reports: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TOP / "templates", tmp_path / "templates")
    for _ in range(2):  # the second time there are briefings below the folder
        assert main(["build", "."]) == 0
        record = json.loads((tmp_path / "output" / "build.json").read_text(encoding="utf-8"))
        assert [one["path"] for one in record["inputs"]] == ["reports/锦州.txt"]
    assert "B113" in {issue["code"] for issue in record["issues"]}


def test_strict_fails_on_a_warning_but_still_writes(reports: Path, tmp_path: Path) -> None:
    shutil.copyfile(reports / "锦州.txt", reports / "副本.txt")
    assert main(["build", str(reports), "--out", str(tmp_path / "out")]) == 0
    assert main(["build", str(reports), "--out", str(tmp_path / "out"), "--strict"]) == 1
    assert (tmp_path / "out" / "facts.csv").is_file()


def _fails(*args: object, **kwargs: object) -> Any:
    raise OSError(28, "No space left on device")


def _crashes(*args: object, **kwargs: object) -> Any:
    raise ValueError("boom")


@pytest.mark.parametrize(
    ("writer", "fault", "code"),
    [
        ("compiler.workbook.last_workbook.Past.read", _fails, 1),
        ("compiler.workbook.write.write_cover", _fails, 1),
        ("compiler.workbook.write.write_table", _crashes, 2),
        ("compiler.workbook.package.Package.pack", _fails, 1),
        ("compiler.workbook.package.Package.save", _fails, 1),
        ("compiler.briefing.write.Briefings.write", _fails, 1),
    ],
)
def test_a_writer_that_fails_loses_nothing(
    writer: str,
    fault: Callable[..., Any],
    code: int,
    reports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build", "reports"]) == 0
    before = contents(tmp_path / "output")
    (reports / "锦州.txt").write_text(REPORT.format(gdp="900"), encoding="utf-8")
    monkeypatch.setattr(writer, fault)
    assert main(["build", "reports"]) == code
    assert "Traceback" not in capsys.readouterr().err
    assert contents(tmp_path / "output") == before


def test_a_briefing_that_trips_the_program_leaves_the_other_outputs(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("compiler.briefing.write.Briefings.write", _crashes)
    assert main(["build", "reports"]) == 1
    assert "B112" in capsys.readouterr().err
    written = contents(tmp_path / "output")
    assert "目标与结果.xlsx" in written and not [name for name in written if name.endswith(".docx")]
    assert "ValueError: boom" in next(state.glob("*.log")).read_text(encoding="utf-8")


def spoil(rules: Path) -> None:
    """Put an error into the rules that leaves all but one rule working."""
    path = rules / "indicators" / "坏.yaml"
    path.write_text("format: 1\ntheme: 坏\nindicators:\n  - id: bad\n    nam: 坏指标\n", encoding="utf-8")


def test_rules_with_an_error_do_not_overwrite_a_good_build(
    reports: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build", "reports"]) == 0
    before = contents(tmp_path / "output")
    spoil(rules)
    capsys.readouterr()
    assert main(["build", "reports"]) == 1
    err = capsys.readouterr().err
    assert "B101" in err and "坏.yaml:5:5" in err
    assert contents(tmp_path / "output") == before
    assert main(["build", "reports", "--force"]) == 1  # an error is never exit 0, though all is written
    record = json.loads((tmp_path / "output" / "build.json").read_text(encoding="utf-8"))
    assert record["rules"]["errors"] >= 1
    # What such rules made is no good build, so they may write over it.
    capsys.readouterr()
    assert main(["build", "reports"]) == 1
    assert "B101" not in capsys.readouterr().err


def test_rules_with_an_error_may_make_a_first_build(
    reports: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spoil(rules)
    assert main(["build", "reports"]) == 1
    assert main(["build", "reports", "--out", "other", "--strict"]) == 1
    assert (tmp_path / "output" / "facts.csv").read_bytes() == (tmp_path / "other" / "facts.csv").read_bytes()


def test_a_folder_without_rules_or_templates_is_told(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空").mkdir()
    for option in ("--rules", "--templates"):
        assert main(["build", str(reports), option, str(tmp_path / "空"), "--out", str(tmp_path / "out")]) == 1
        assert "错误" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


def test_a_file_that_is_held_open_is_written_beside(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_into(tmp_path / "out", reports)
    before = (tmp_path / "out" / "facts.csv").read_bytes()
    (reports / "锦州.txt").write_text(REPORT.format(gdp="900"), encoding="utf-8")
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name == "facts.csv":  # as Windows answers while Excel shows the file
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    outcome = build_into(tmp_path / "out", reports)
    assert "B110" in codes(outcome) and (tmp_path / "out" / "facts.csv").read_bytes() == before
    assert b"900" in (tmp_path / "out" / "facts（新）.csv").read_bytes()


def test_an_output_folder_that_cannot_be_made(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = build_into(tmp_path / "file" / "out", reports)
    assert outcome.stopped and "B109" in codes(outcome)


def test_briefings_of_an_earlier_build_stay_and_are_named(reports: Path, tmp_path: Path) -> None:
    build_into(tmp_path / "out", reports)
    (reports / "锦州.txt").write_text(REPORT.format(gdp="780").replace("锦州", "朝阳"), encoding="utf-8")
    outcome = build_into(tmp_path / "out", reports)
    assert "B111" in codes(outcome)
    assert len(list((tmp_path / "out" / "briefings").iterdir())) == 2


def test_nothing_of_the_making_stays(reports: Path, tmp_path: Path) -> None:
    build_into(tmp_path / "out", reports)
    hidden = [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
    assert hidden == [".last"]  # the workbook as it was written, to tell edits from


# --- watching ----------------------------------------------------------------------------------


def test_watch_builds_again_and_says_what_changed(reports: Path, rules: Path, tmp_path: Path) -> None:
    said: list[str] = []
    edits: list[Callable[[], object]] = [
        lambda: None,
        lambda: (reports / "锦州.txt").write_text(REPORT.format(gdp="900"), encoding="utf-8"),
        lambda: spoil(rules),
        lambda: (rules / "indicators" / "坏.yaml").unlink(),
    ]
    options = Options(
        (reports,), Choice(rules, "option"), Choice(TOP / "templates", "option"), tmp_path / "out", jobs=1
    )
    assert watch(options, say=said.append, sleep=lambda _: (edits.pop(0)(), None)[1], rounds=len(edits)) == 0
    text = "\n".join(said)
    assert "数字：新增 0，去掉 0，改变 1" in text
    assert "锦州市2016年完成 地区生产总值 812.5亿元 → 900亿元" in text
    assert "没有写出结果，原来的还在" in text
    assert text.rstrip().endswith("秒。") and "数字没有变化" in text
    assert b"900" in (tmp_path / "out" / "facts.csv").read_bytes()


def test_watching_compiles_only_what_changed(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compiler.facts import compile as pipeline

    (reports / "朝阳.txt").write_text(REPORT.format(gdp="780").replace("锦州", "朝阳"), encoding="utf-8")
    compiled: list[str] = []
    whole = pipeline.compile_normalised

    def noted(source: Any, rulebook: Any) -> Any:
        compiled.append(source.path)
        return whole(source, rulebook)

    monkeypatch.setattr(pipeline, "compile_normalised", noted)
    cache = Cache()
    options = Options(
        (reports,),
        Choice(TOP / "rules", "option"),
        Choice(TOP / "templates", "option"),
        tmp_path / "out",
        jobs=1,
        cache=False,
    )
    first = build(options, Silent(), cache)
    (reports / "朝阳.txt").write_text(REPORT.format(gdp="781").replace("锦州", "朝阳"), encoding="utf-8")
    second = build(options, Silent(), cache)
    assert compiled == ["朝阳.txt", "锦州.txt", "朝阳.txt"]
    assert len(first.facts) == len(second.facts)


@pytest.mark.parametrize("mark", ["~$facts.csv", ".~lock.facts.csv#"])
def test_a_file_with_an_office_mark_beside_it_is_not_replaced(reports: Path, tmp_path: Path, mark: str) -> None:
    out = tmp_path / "out"
    build_into(out, reports)
    before = (out / "facts.csv").read_bytes()
    (out / mark).write_bytes(b"")
    (reports / "锦州.txt").write_text(REPORT.format(gdp="900"), encoding="utf-8")
    outcome = build_into(out, reports)
    assert "B110" in codes(outcome) and (out / "facts.csv").read_bytes() == before
    assert b"900" in (out / "facts（新）.csv").read_bytes()


def test_only_one_kind_of_output_is_written_and_the_others_stay(reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_into(out, reports)
    before = contents(out)
    (reports / "锦州.txt").write_text(REPORT.format(gdp="900"), encoding="utf-8")
    build_into(out, reports, only=frozenset({Output.FACTS}))
    after = contents(out)
    changed = {name for name in before if after[name] != before[name]}
    # The tables all follow from the facts; workbook, briefings and evidence pages are others.
    assert {"facts.csv", "facts.jsonl", "build.json"} <= changed
    assert not [name for name in changed if name.endswith((".xlsx", ".docx", ".html"))]
    assert json.loads((out / "build.json").read_text(encoding="utf-8"))["only"] == ["facts"]


def test_a_template_that_is_not_needed_stops_nothing(reports: Path, tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TOP / "templates", tmp_path / "templates"))
    (templates / "briefing.yaml").write_text("format: 1\n", encoding="utf-8")
    options = Options(
        (reports,), choose_folder(TOP / "rules", "rules"), Choice(templates, "option"), tmp_path / "out", cache=False
    )
    assert build(replace(options, only=frozenset({Output.BRIEFINGS}))).stopped
    outcome = build(replace(options, only=frozenset({Output.FACTS, Output.WORKBOOK})))
    assert not outcome.stopped and (tmp_path / "out" / "facts.csv").is_file()
    assert not [issue for issue in outcome.issues if issue.where and "briefing" in issue.where.path]
