"""Builds that follow one another: pages of which nothing changed stay, and all is as a build from nothing gives it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from conftest import TOP, cleared_place, laid_out_again
from help.small_rules import lay_out_small_rules
from openpyxl import load_workbook

from compiler.app.cli import main

REPORT = """{place}{year}年政府工作报告
——{year}年1月8日在{place}第六届人民代表大会第一次会议上
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议。
一、{last}年工作回顾
全年地区生产总值{gdp}亿元，增长{growth}%。一般公共预算收入{income}亿元，增长4%。
我们也清醒地看到，发展中还有不少困难。
二、{year}年工作安排
主要预期目标是：地区生产总值增长7%左右，一般公共预算收入增长5%。
推进3个重点项目，年内建成投产。
"""
PLACES = ("锦州市", "抚顺市", "本溪市", "丹东市")


def report(place: str, year: int, number: int) -> str:
    fields = {"gdp": 812 + number, "growth": f"6.{number}", "income": f"5{number}.5"}
    return REPORT.format(place=place, year=year, last=year - 1, **fields)


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """Work in the workspace, with a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        patch.chdir(folder)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rules, templates and reports of four places, two of them in two years, and what a build made of them."""
    folder = cleared_place(tmp_path_factory)
    lay_out_small_rules(folder / "rules")
    shutil.copytree(TOP / "templates", folder / "templates")
    (folder / "reports").mkdir()
    for number, name in enumerate(PLACES):
        (folder / "reports" / f"{name}2017.txt").write_text(report(name, 2017, number), encoding="utf-8")
        if number < 2:
            (folder / "reports" / f"{name}2018.txt").write_text(report(name, 2018, number), encoding="utf-8")
    with within(folder):
        assert build() == 0
    return folder.rename(tmp_path_factory.mktemp("standing") / "built")


@pytest.fixture
def workspace(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The workspace as that build left it, at the same place."""
    folder = laid_out_again(built, tmp_path_factory)
    with within(folder):
        yield folder


PAGES = ("--only", "facts", "--only", "briefings", "--only", "evidence")
ALL = ("--verbose",)


def build(*more: str) -> int:
    return main(["build", "reports", "--out", "output", *(more or PAGES)])


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file, hidden ones and the record too."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pages(folder: Path) -> dict[str, int]:
    """Return for each briefing and page the identity of the file: one that was written again has another."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_ino
        for name in ("briefings", "evidence")
        for path in sorted((folder / name).iterdir())
        if path.name not in ("index.html", "各地政府工作报告要情汇总.docx")
    }


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _another_sentence(w: Path) -> None:
    change(w / "reports" / "丹东市2017.txt", "推进3个重点项目", "推进4个重点项目")


def _another_rank(w: Path) -> None:
    change(w / "reports" / "丹东市2017.txt", "增长6.3%", "增长5.3%")


def _another_figure_of_last_year(w: Path) -> None:
    change(w / "reports" / "锦州市2017.txt", "地区生产总值增长7%左右", "地区生产总值增长5%左右")


def _one_more(w: Path) -> None:
    (w / "reports" / "丹东市2018.txt").write_text(report("丹东市", 2018, 5), encoding="utf-8")


def _one_less(w: Path) -> None:
    (w / "reports" / "抚顺市2018.txt").unlink()
    for path in (w / "output").rglob("*抚顺市2018年*"):
        path.unlink()  # what an earlier build made of it stays, and would be told


def _another_rule(w: Path) -> None:
    change(w / "rules" / "ledger.yaml", "growth_points:", "growth_points: 3 #")


def _another_remark(w: Path) -> None:
    path = w / "rules" / "ledger.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 一句说明\n", encoding="utf-8")


def _another_name(w: Path) -> None:
    """An indicator gets a name that stands in some of the texts."""
    change(w / "reports" / "丹东市2017.txt", "推进3个", "粮豆总产达到41.5万吨。推进3个")
    assert build() == 0
    rules = w / "rules" / "indicators" / "综合经济.yaml"
    change(rules, "name: 粮食产量\n", "name: 粮食产量\n    aliases: [粮豆总产]\n")


def _another_template(w: Path) -> None:
    change(w / "templates" / "evidence.html", "原文核对", "原文对照")


EDITS = (
    _another_sentence,
    _another_rank,
    _another_figure_of_last_year,
    _one_more,
    _one_less,
    _another_rule,
    _another_remark,
    _another_name,
    _another_template,
)


@pytest.mark.parametrize("edit", EDITS)
def test_after_any_edit_all_files_are_those_of_a_build_from_nothing(
    workspace: Path, edit: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(workspace)
    assert build() == 0
    (workspace / "output").rename(workspace / "after")
    monkeypatch.setenv("XDG_CACHE_HOME", str(workspace / "another"))
    assert build() == 0
    assert contents(workspace / "after") == contents(workspace / "output")


# --- any edits, one after the other -------------------------------------------------------------


def _some_report(w: Path, chosen: Random) -> Path:
    return chosen.choice(sorted((w / "reports").iterdir()))


def _drop_pages(w: Path, report: Path) -> None:
    """Remove what a build made of a report that is none any more: it stays, and would be told."""
    place, year = _place_of(report)
    for path in (w / "output").rglob(f"*{place}{year}年*"):
        path.unlink()


def _place_of(report: Path) -> tuple[str, str]:
    found = re.fullmatch(r"(?:第\d+号)*(\D+)(\d{4})", report.stem)
    assert found is not None
    return found[1], found[2]


def _change_a_figure(w: Path, chosen: Random) -> None:
    path = _some_report(w, chosen)
    figure = chosen.choice(("地区生产总值{}亿元，增长", "地区生产总值增长{}%左右", "一般公共预算收入增长{}%"))
    before, after = figure.split("{}")
    text = path.read_text(encoding="utf-8")
    known = re.search(f"{before}([\\d.]+){re.escape(after)}", text)
    assert known is not None
    other = f"{float(known[1]) * chosen.choice((0.5, 1.1, 30)):g}"  # thirty times as much puts both years in doubt
    path.write_text(text.replace(known[0], figure.format(other)), encoding="utf-8")


def _change_a_sentence(w: Path, chosen: Random) -> None:
    path = _some_report(w, chosen)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("各位代表：", f"各位代表：\n今年是第{chosen.randint(1, 99)}个年头。", 1), encoding="utf-8"
    )


def _add_a_report(w: Path, chosen: Random) -> None:
    """Add a report, or write one anew; a second one of a place and year would be an error of its own."""
    taken = {_place_of(path) for path in (w / "reports").iterdir() if path.stem != "".join(_place_of(path))}
    places, years = (*PLACES, "营口市", "阜新市"), range(2016, 2020)
    place, year = chosen.choice([(p, y) for p in places for y in years if (p, str(y)) not in taken])
    text = report(place, year, chosen.randint(0, 9))
    (w / "reports" / f"{place}{year}.txt").write_text(text, encoding="utf-8")


def _take_a_report_away(w: Path, chosen: Random) -> None:
    path = _some_report(w, chosen)
    path.unlink()
    _drop_pages(w, path)


def _rename_a_place(w: Path, chosen: Random) -> None:
    path = _some_report(w, chosen)
    (place, year), other = _place_of(path), chosen.choice(("辽阳市", "盘锦市", "铁岭市"))
    text = path.read_text(encoding="utf-8").replace(place, other)
    path.unlink()
    _drop_pages(w, path)
    path.with_name(f"{other}{year}.txt").write_text(text, encoding="utf-8")


def _rename_a_file(w: Path, chosen: Random) -> None:
    path = _some_report(w, chosen)
    path.rename(path.with_name(f"第{chosen.randint(100, 999)}号{path.name}"))


def _change_a_rule(w: Path, chosen: Random) -> None:
    path = w / "rules" / "ledger.yaml"
    text = path.read_text(encoding="utf-8")
    limit = chosen.choice(("growth_points", "target_points", "jump_low", "same_digits"))
    path.write_text(re.sub(f"{limit}: [\\d.]+", f"{limit}: {chosen.randint(2, 9)}", text), encoding="utf-8")


def _change_an_indicator(w: Path, chosen: Random) -> None:
    """An indicator that all reports tell of, or one that none does, gets a note; one is a main one, or no more."""
    path = w / "rules" / "indicators" / "综合经济.yaml"
    text = path.read_text(encoding="utf-8")
    if chosen.random() < 0.3:
        old, new = ("true", "false") if "headline: true" in text else ("false", "true")
        path.write_text(text.replace(f"headline: {old}", f"headline: {new}", 1), encoding="utf-8")
        return
    name, note = chosen.choice(("地区生产总值", "粮食产量")), f"第{chosen.randint(1, 99)}稿"
    path.write_text(re.sub(rf"(name: {name}\n)(    note: .*\n)?", rf"\g<1>    note: {note}\n", text), encoding="utf-8")


def _change_a_template(w: Path, chosen: Random) -> None:
    name, old = chosen.choice((("briefing.yaml", "  title: 要点"), ("evidence.html", "<title>")))
    path = w / "templates" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, f"{old}{chosen.randint(1, 99)}", 1), encoding="utf-8")


def _spoil_the_cache(w: Path, chosen: Random) -> None:
    """Entries are cut, emptied, put under the names of others, or gone."""
    entries = sorted(path for path in (w / "cache").rglob("reports/*") if path.is_file())
    foreign = chosen.choice(entries).read_bytes()
    for path in chosen.sample(entries, len(entries) // 3):
        content = chosen.choice((b"", path.read_bytes()[:-1], foreign, None))
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    _change_a_sentence(w, chosen)


def _spoil_a_table(w: Path, chosen: Random) -> None:
    path = w / "output" / chosen.choice(("facts.csv", "ledger.jsonl", "tasks.csv", "passages.csv"))
    path.write_bytes(path.read_bytes().replace("市".encode(), "县".encode()))
    _change_a_sentence(w, chosen)


SOME_EDITS = (
    _change_a_figure,
    _change_a_sentence,
    _add_a_report,
    _take_a_report_away,
    _rename_a_place,
    _rename_a_file,
    _change_a_rule,
    _change_an_indicator,
    _change_a_template,
    _spoil_the_cache,
    _spoil_a_table,
)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_after_any_edits_in_a_row_all_files_are_those_of_a_build_from_nothing(
    workspace: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Random(seed)
    for number, edit in enumerate(chosen.sample(SOME_EDITS, len(SOME_EDITS))):
        edit(workspace, chosen)
        assert build() == 0
        (workspace / "output").rename(workspace / "after")
        monkeypatch.setenv("XDG_CACHE_HOME", str(workspace / f"another{number}"))
        assert build() == 0
        assert contents(workspace / "after") == contents(workspace / "output"), edit.__name__
        shutil.rmtree(workspace / "output")
        (workspace / "after").rename(workspace / "output")
        monkeypatch.setenv("XDG_CACHE_HOME", str(workspace / "cache"))


def test_with_the_workbook_too_all_files_are_those_of_a_build_from_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(*ALL) == 0
    read: list[object] = []
    monkeypatch.setattr("compiler.workbook.last_workbook.read_entries", lambda *given: read.append(given))
    _another_rank(workspace)
    assert build(*ALL) == 0
    assert not read  # nobody had touched the workbook, and it held nothing of anybody's
    (workspace / "output").rename(workspace / "after")
    monkeypatch.setenv("XDG_CACHE_HOME", str(workspace / "another"))
    assert build(*ALL) == 0
    assert contents(workspace / "after") == contents(workspace / "output")


def test_print_sheets_of_other_places_stay_and_all_is_as_from_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(workspace / "templates" / "workbook.yaml", "print_sheets: 30", "print_sheets: 1")
    assert build(*ALL) == 0

    def books() -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in (workspace / "output" / "目标与结果-打印表").iterdir()}

    before = books()
    assert len(before) >= len(PLACES)
    _another_rank(workspace)
    assert build("--only", "facts") == 0  # what was not asked for stays known
    assert build(*ALL) == 0
    after = books()
    assert [name for name in before if before[name] != after[name]] == [name for name in before if "丹东" in name]
    (workspace / "output").rename(workspace / "after")
    monkeypatch.setenv("XDG_CACHE_HOME", str(workspace / "another"))
    assert build(*ALL) == 0
    assert contents(workspace / "after") == contents(workspace / "output")


def test_only_pages_that_follow_from_the_change_are_written_again(workspace: Path) -> None:
    before = pages(workspace / "output")
    _another_sentence(workspace)
    assert build() == 0
    after = pages(workspace / "output")
    again = {name for name in before if before[name] != after[name]}
    assert again == {"briefings/丹东市2017年政府工作报告要情.docx", "evidence/丹东市2017年政府工作报告.html"}


def test_a_changed_rank_is_told_in_the_briefings_of_other_places(workspace: Path) -> None:
    before = pages(workspace / "output")
    _another_rank(workspace)
    assert build() == 0
    after = pages(workspace / "output")
    again = {name for name in before if before[name] != after[name]}
    assert "briefings/本溪市2017年政府工作报告要情.docx" in again
    assert "evidence/本溪市2017年政府工作报告.html" not in again


def test_an_edit_of_the_rules_that_changes_no_report_leaves_all_pages(workspace: Path) -> None:
    before = pages(workspace / "output")
    _another_remark(workspace)
    assert build() == 0
    assert pages(workspace / "output") == before


def test_another_name_of_an_indicator_rewrites_the_pages_of_the_reports_that_hold_it(workspace: Path) -> None:
    _another_name(workspace)
    before = pages(workspace / "output")
    assert build() == 0
    after = pages(workspace / "output")
    again = {name for name in before if before[name] != after[name]}
    assert again == {"briefings/丹东市2017年政府工作报告要情.docx", "evidence/丹东市2017年政府工作报告.html"}


def test_a_page_that_somebody_spoilt_is_made_again(workspace: Path) -> None:
    page = workspace / "output" / "evidence" / "本溪市2017年政府工作报告.html"
    right = page.read_bytes()
    page.write_text("不是这一页", encoding="utf-8")
    _another_sentence(workspace)
    assert build() == 0
    assert page.read_bytes() == right


def test_a_record_that_claims_another_page_is_not_believed(workspace: Path) -> None:
    """Neither a key without its page nor a page without its key is enough."""
    record = workspace / "output" / "build.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    name = "evidence/本溪市2017年政府工作报告.html"
    told["pages"][name] = told["pages"]["evidence/丹东市2017年政府工作报告.html"]
    record.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    before = pages(workspace / "output")
    _another_sentence(workspace)
    assert build() == 0
    assert pages(workspace / "output")[name] != before[name]


def test_without_the_cache_all_pages_are_written(workspace: Path) -> None:
    before = pages(workspace / "output")
    assert build(*PAGES, "--no-cache") == 0
    after = pages(workspace / "output")
    assert all(before[name] != after[name] for name in before)


def test_a_workbook_with_entries_is_read_back_though_nobody_touched_it_since(workspace: Path) -> None:
    from openpyxl import load_workbook

    path = workspace / "output" / "目标与结果.xlsx"
    assert build(*ALL) == 0
    book = load_workbook(path)
    sheet = book["任务清单"]
    keys = next(row for row in sheet.iter_rows(max_row=12) if str(row[0].value).startswith("keys:"))
    column = next(cell.column for cell in keys if cell.value == "entry:progress")
    id_column = next(cell.column for cell in keys if cell.value == "id")
    row = max(cell.row for (cell,) in sheet.iter_rows(min_col=id_column, max_col=id_column) if cell.value)
    sheet.cell(row, column).value = "已开工"
    book.save(path)
    for edit in (_another_sentence, _another_rank):
        edit(workspace)
        assert build(*ALL) == 0
        kept = load_workbook(path, read_only=True)["任务清单"]
        assert "已开工" in [cell.value for line in kept.iter_rows() for cell in line]


# --- the workbook, whose rows stand in pieces -----------------------------------------------------


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The places whose rows were written, one entry a piece; each place is a piece of its own."""
    from compiler.workbook.pieces import Piece

    found: list[tuple[str, ...]] = []
    write = Piece.write

    def told(piece: Piece, *given: object) -> object:
        found.append(tuple(dict.fromkeys(report.identity.place for report in piece.reports)))
        return write(piece, *given)  # type: ignore[arg-type]

    monkeypatch.setattr("compiler.workbook.pieces._PLACES", 1)
    monkeypatch.setattr(Piece, "write", told)
    return found


BOOK = ("--only", "workbook", "--jobs", "1")


def _another_quarter(w: Path) -> None:
    """Say something else about a place, in as many rows."""
    change(w / "reports" / "本溪市2017.txt", "增长6.2%", "增长6.1%")


def _another_fact(w: Path) -> None:
    """One row more in the middle of the sheets, so that all that follows stands elsewhere."""
    change(w / "reports" / "本溪市2017.txt", "推进3个重点项目", "粮食产量达到41.5万吨。推进3个重点项目")


def _nothing_whole(w: Path) -> None:
    """Each entry of the cache loses its last byte, or holds what another did."""
    _another_quarter(w)
    entries = sorted(path for path in (w / "cache").rglob("reports/*") if path.is_file())
    foreign = entries[0].read_bytes()
    for number, path in enumerate(entries):
        path.write_bytes(foreign if number % 2 else path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("edit", "again"),
    [
        (_another_quarter, 1),
        (_another_fact, None),
        *(pytest.param(edit, None, marks=pytest.mark.slow) for edit in (*EDITS, _nothing_whole)),
    ],
)
def test_a_workbook_of_pieces_that_stand_is_that_of_a_build_from_nothing(
    workspace: Path, edit: Callable[[Path], None], again: int | None, written: list[tuple[str, ...]]
) -> None:
    assert build(*BOOK) == 0
    every = {place for piece in written for place in piece}
    assert len(written) == len(every) == len(PLACES)
    written.clear()
    edit(workspace)
    assert build(*BOOK) == 0
    assert again is None or written == [("本溪市",)] * again
    (workspace / "output").rename(workspace / "after")
    written.clear()
    assert build(*BOOK, "--no-cache") == 0
    assert {place for piece in written for place in piece} >= every - {"抚顺市"}
    books = [workspace / folder / "目标与结果.xlsx" for folder in ("after", "output")]
    assert books[0].read_bytes() == books[1].read_bytes()


def test_rows_that_people_filled_in_are_written_again(workspace: Path, written: list[tuple[str, ...]]) -> None:
    """What they wrote is no part of what follows from the reports; it stands in the row it was written into."""
    assert build(*BOOK) == 0
    path = workspace / "output" / "目标与结果.xlsx"
    book = load_workbook(path)
    sheet = book["任务清单"]
    titles = {str(cell.value): cell.column for row in sheet.iter_rows(min_row=1, max_row=6) for cell in row}
    place = sheet.cell(7, titles["地区"]).value
    sheet.cell(7, titles["进展情况"]).value = "已开工"
    book.save(path)
    for edit in (_another_quarter, _another_fact):
        written.clear()
        edit(workspace)
        assert build(*BOOK) == 0
        assert edit is _another_fact or (place,) in written
        assert load_workbook(path)["任务清单"].cell(7, titles["进展情况"]).value == "已开工"


def test_pieces_of_no_use_any_more_are_dropped(workspace: Path, written: list[tuple[str, ...]]) -> None:
    from compiler.facts.store import Store

    def kept() -> set[str]:
        store = Store.open()
        assert store is not None
        found = store.made("pieces of", str((workspace / "output" / "目标与结果.xlsx").resolve()))
        assert isinstance(found, tuple) and all(store.made("piece", key) for key in found)
        return set(found)

    assert build(*BOOK) == 0
    before = kept()
    _another_quarter(workspace)
    assert build(*BOOK) == 0
    store, after = Store.open(), kept()
    assert store is not None and len(after) == len(before) and len(after & before) == len(before) - 1
    assert not any(store.made("piece", key) for key in before - after)
