"""The studio over a small folder: who is let in, what a page shows, and that a change is tried before it is saved."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from help.studio import NEW, TOKEN, at_of, build, drafted, make_desk, visitor
from starlette.testclient import TestClient

from compiler.studio import edits
from compiler.studio.access import POLICY
from compiler.studio.desk import Desk, Job
from compiler.studio.routes import make_app


@pytest.fixture
def desk(place: Path) -> Desk:
    return make_desk(place / "我的工作")


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return visitor(desk)


def test_who_has_no_token_is_not_let_in(desk: Desk) -> None:
    stranger = TestClient(make_app(desk, TOKEN), base_url="http://127.0.0.1")
    assert stranger.get("/").status_code == 403
    assert stranger.get("/?token=guessed").status_code == 403
    assert stranger.post("/build").status_code == 403
    assert stranger.get("/static/studio.css").status_code == 403


def test_a_name_of_the_outer_world_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example:80"}).status_code == 403


def test_a_form_on_another_page_is_refused(client: TestClient) -> None:
    assert client.post("/build", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_nothing_is_fetched_from_elsewhere(client: TestClient) -> None:
    for path in ("/", "/facts/1", "/rules", "/rules/gdp", "/try", "/verify", "/history"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY and "http" not in POLICY
        links = re.findall(r'(?:src|href|action)="([^"]+)"', answer.text)
        assert all(link.startswith(("/", "?", "#", "data:,")) and not link.startswith("//") for link in links), path


def test_every_report_is_listed_with_its_figures(client: TestClient, desk: Desk) -> None:
    page = client.get("/").text
    for report in desk.reports:
        assert f"{report.identity.place} {report.identity.report_year}年" in page and report.source in page
    assert len(desk.reports) == 2


@pytest.mark.parametrize("path", ["../rules/lexicon.yaml", "%2e%2e/rules/lexicon.yaml", "..%2frules%2flexicon.yaml"])
def test_no_file_outside_the_outputs_is_handed_over(client: TestClient, desk: Desk, path: str) -> None:
    desk.out.mkdir(exist_ok=True)
    assert client.get(f"/out/{path}").status_code == 404


def test_dropped_files_get_names_of_their_own(client: TestClient, desk: Desk) -> None:
    files = [("files", ("../../云川2017.txt", b"x", "text/plain")), ("files", ("新.txt", b"y", "text/plain"))]
    client.post("/upload", files=files)
    names = sorted(path.name for path in desk.reports_folder.iterdir())
    assert names == ["云川2017.txt", "云川2017（2）.txt", "云川2018.txt", "新.txt"]
    assert not (desk.folder.parent / "云川2017.txt").exists()


def test_many_dropped_files_that_cannot_be_used_are_pointed_at(client: TestClient) -> None:
    files = [("files", (f"空{number}.txt", b"", "text/plain")) for number in range(7)]
    page = client.post("/upload", files=files).text
    assert "收下 7 个文件" in page and "空4.txt 等" in page
    assert 'href="#left">没有用上的 7 条</a>' in page and 'id="left"' in page


def test_a_file_put_aside_is_not_lost(client: TestClient, desk: Desk) -> None:
    client.post("/take-away", data={"source": "云川2018.txt"})
    assert len(list((desk.folder / "reports-移出").iterdir())) == 1
    assert "放回 云川2018.txt" in client.get("/").text
    assert [report.source for report in desk.reports] == ["云川2017.txt"]
    client.post("/put-back", data={"source": "云川2018.txt"})
    assert "放回 云川2018.txt" not in client.get("/").text
    assert [report.source for report in desk.reports] == ["云川2017.txt", "云川2018.txt"]
    assert client.post("/put-back", data={"source": "../rules/lexicon.yaml"}).text.count("没有移出过") == 1
    answer = client.post("/take-away", data={"source": "../rules/lexicon.yaml"})
    assert "没有移出" in answer.text and (desk.rules / "lexicon.yaml").is_file()


def test_a_figure_says_how_it_was_read(client: TestClient) -> None:
    page = client.get("/facts/1").text
    page = client.get(f"/facts/1?at={at_of(page, '812.5亿元')}").text
    assert "“812.5亿元”是怎么读的" in page and "/rules/gdp" in page


def test_a_sentence_is_read(client: TestClient) -> None:
    text = quote("全市地区生产总值1035亿元，增长6.5%。")
    answer = client.get(f"/try/read?text={text}&under=review").text
    assert answer.count('class="step taken"') == 2 and "1035亿元" in answer
    assert client.get("/try/read?text=&under=review").text == ""


def test_a_new_indicator_shows_what_it_would_take_before_it_is_saved(client: TestClient, desk: Desk) -> None:
    before = desk.gathered.facts if desk.gathered else ()
    address = drafted(client, "/new", NEW)
    page = client.get(address).text
    (said,) = re.findall(r"<p role=.status.>(.*?)<", page) or [page[page.index("对打开的报告") :][:900]]
    assert said == "多 2，少 0，变 0，改归 0" and "彩虹步道" in page
    assert not (desk.rules / "indicators" / "新增.yaml").exists()
    client.post(f"{address}/save")
    assert (desk.rules / "indicators" / "新增.yaml").is_file()
    assert desk.gathered and len(desk.gathered.facts) == len(before) + 2


def test_an_alias_is_added_and_taken_back(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    old = path.read_text(encoding="utf-8")
    form = {"how": "alias", "indicator": "地区生产总值", "name": "云川经济盘子"}
    address = client.post("/claim", data=form, follow_redirects=False).headers["location"].partition("?")[0]
    client.post(f"{address}/save")
    new = path.read_text(encoding="utf-8")
    added = [line for line in new.splitlines() if line not in old.splitlines()]
    assert len(added) == 1 and "云川经济盘子" in added[0]  # not another line changes
    (saved,) = edits.history(desk)
    answer = client.post(f"/history/{saved.key}/undo", follow_redirects=False)
    client.post(f"{answer.headers['location'].partition('?')[0]}/save")
    assert path.read_text(encoding="utf-8") == old


def test_what_somebody_else_changed_is_not_overwritten(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    form = {"how": "alias", "indicator": "地区生产总值", "name": "云川经济盘子"}
    address = client.post("/claim", data=form, follow_redirects=False).headers["location"].partition("?")[0]
    theirs = path.read_text(encoding="utf-8") + "\n# 别人加的一行\n"
    path.write_text(theirs, encoding="utf-8")
    assert "有人改过 rules/indicators/综合经济.yaml" in client.post(f"{address}/save").text
    assert path.read_text(encoding="utf-8") == theirs


def test_rules_that_cannot_be_read_are_not_saved(client: TestClient, desk: Desk) -> None:
    path = desk.rules / "indicators" / "综合经济.yaml"
    old = path.read_text(encoding="utf-8")
    answer = client.post("/rules/gdp/change", data={"text": old.replace("unit: 亿元", "unit 亿元", 1)})
    assert "不能保存" in answer.text and "/save" not in answer.text
    assert path.read_text(encoding="utf-8") == old


def test_a_build_writes_the_outputs(client: TestClient, desk: Desk) -> None:
    job = desk.start_build()
    assert desk.start_build() is job
    while job.running:
        time.sleep(0.05)
    assert job.outcome is not None and not job.failed
    page = client.get("/").text
    assert "目标与结果.xlsx" in page and "编好了" in page
    assert client.get("/out/facts.csv").status_code == 200


def test_a_cancelled_build_leaves_everything(desk: Desk) -> None:
    job = desk.job = Job()
    job.cancel()
    desk._run(job)
    assert (job.cancelled and not desk.out.exists()) or not any(desk.out.iterdir())


# --- place and year by hand --------------------------------------------------------------------


def correct(client: TestClient, place: str, year: str, was: tuple[str, str] = ("", "")) -> str:
    form = {"source": "云川2018.txt", "number": "1", "place": place, "year": year}
    return client.post("/correct", data={**form, "was_place": was[0], "was_year": was[1]}).text


def test_place_and_year_are_put_right_by_hand_and_taken_back(client: TestClient, desk: Desk) -> None:
    correct(client, "锦州市古塔区", "2019")
    assert ("锦州市古塔区", 2019) in {(r.identity.place, r.identity.report_year) for r in desk.reports}
    text = (desk.folder / "reports" / "reports.yaml").read_text(encoding="utf-8")
    assert "- {file: 云川2018.txt, place: 锦州市古塔区, year: 2019}" in text
    assert "锦州市古塔区 2019年" in client.get("/").text
    assert "有人改过" in correct(client, "", "")  # a page that does not know of it yet
    correct(client, "", "", was=("锦州市古塔区", "2019"))
    assert {r.identity.report_year for r in desk.reports} == {2017, 2018}
    (last, first) = edits.history(desk)
    answer = client.post(f"/history/{first.key}/undo", follow_redirects=False)
    client.post(f"{answer.headers['location'].partition('?')[0]}/save")
    assert not (desk.folder / "reports" / "reports.yaml").exists()  # it was made by that change
    assert last.about == "云川2018.txt 的地区和年度"


def test_a_year_that_is_none_is_refused_with_a_reason(client: TestClient, desk: Desk) -> None:
    assert "要在 1949 到 9999 之间" in correct(client, "", "18")
    assert not (desk.folder / "reports" / "reports.yaml").exists()


# --- what waits for a person -------------------------------------------------------------------


def test_a_decision_is_kept_and_written_into_the_workbook(client: TestClient, desk: Desk) -> None:
    from openpyxl import load_workbook

    path = desk.folder / "reports" / "云川2018.txt"
    again = "\n总之，2017年地区生产总值877亿元，固定资产投资增长8.5%。\n二、"
    path.write_text(path.read_text(encoding="utf-8").replace("\n二、", again), encoding="utf-8")
    desk.refresh()
    matters = desk.queue.matters()
    assert len([matter for matter in matters if len(matter.proofs) == 2]) == 1
    assert all(matter.proofs for matter in matters if matter.issue.facts)
    page = client.get("/verify").text
    assert all(f'value="{matter.id}"' in page for matter in matters[:10])
    form = {"id": matters[0].id, "outcome": "原文有误", "person": "王五", "back": "/verify"}
    assert "记下了：原文有误" in client.post("/verify/decide", data=form).text
    assert not desk.queue.matters()[0].is_open and desk.queue.waiting == 1
    build(desk)
    sheet = load_workbook(desk.out / "目标与结果.xlsx")["待核清单"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row for row in cells if "原文有误" in row and "王五" in row and matters[0].id in row]
    assert desk.queue.waiting == 0 and desk.queue.matters()[0].outcome == "原文有误"
    assert matters[0].id in client.get("/verify?show=done").text
    assert "不在待核清单里" in client.post("/verify/decide", data={**form, "id": "C000"}).text


def test_a_noun_that_nobody_wants_is_not_listed_again(client: TestClient, desk: Desk) -> None:
    groups = {group.noun: group for group in desk.queue.groups()}
    noun = next(noun for noun in groups if "步道" in noun)
    assert len(groups[noun].items) == 2 and f"给 {noun} 加规则" in client.get("/unclaimed").text
    client.post("/unclaimed/want", data={"noun": noun})
    assert f"给 {noun} 加规则" not in client.get("/unclaimed").text
    assert f"放回 {noun}" in client.get("/unclaimed?unwanted").text
    client.post("/unclaimed/want", data={"noun": noun, "wanted": "1"})
    assert f"给 {noun} 加规则" in client.get("/unclaimed").text


# --- form and file -----------------------------------------------------------------------------


def test_form_and_file_change_each_other(client: TestClient, desk: Desk) -> None:
    text = (desk.rules / "indicators" / "综合经济.yaml").read_text(encoding="utf-8")
    answer = client.post("/rules/gdp/sync", data={"from": "form", "text": text, "note": "全口径"}).json()
    added = [line for line in answer["text"].splitlines() if line not in text.splitlines()]
    assert added == ["    note: 全口径"] and answer["issues"] == []
    back = client.post("/rules/gdp/sync", data={"from": "text", "text": answer["text"]}).json()
    assert back["form"]["note"] == "全口径" and back["form"]["unit"] == "亿元"
    broken = client.post("/rules/gdp/sync", data={"from": "text", "text": text.replace("unit: 亿元", "unit 亿元", 1)})
    assert broken.json()["issues"] and "form" not in broken.json()
    wrong = client.post("/rules/gdp/sync", data={"from": "form", "text": text, "exclude": "没有原因"}).json()
    assert "排除" in wrong["issues"][0]


def test_an_old_page_does_not_overwrite_what_was_saved_since(client: TestClient, desk: Desk) -> None:
    page = client.get("/rules/gdp").text
    (base,) = set(re.findall(r'name="base" value="(\w+)"', page))
    path = desk.rules / "indicators" / "综合经济.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# 别人加的一行\n", encoding="utf-8")
    answer = client.post("/rules/gdp/change", data={"note": "我的说明", "base": base}).text
    assert "有人改过 rules/indicators/综合经济.yaml" in answer and "/save" not in answer


def test_an_example_is_made_in_words_of_ones_own(client: TestClient, desk: Desk) -> None:
    (report,) = [r for r in desk.reports if r.identity.report_year == 2017]
    fact = next(fact for fact in report.facts if fact.indicator_id == "gdp" and fact.measure == "level")
    sentence = next(one for one in report.sentences if one.number == fact.sentence)
    number = desk.reports.index(report) + 1
    assert sentence.text in client.get(f"/rules/gdp/example?report={number}&at={fact.start}").text
    form = {"real": sentence.text, "under": "review", "takes": "yes", "report": str(number), "at": str(fact.start)}
    assert "抄来的" in client.post("/rules/gdp/example", data={**form, "text": sentence.text}).text
    assert "什么也没有取到" in client.post("/rules/gdp/example", data={**form, "text": "修了一座桥。"}).text
    assert (
        "取到了"
        in client.post("/rules/gdp/example", data={**form, "text": "全市地区生产总值90亿元。", "takes": "no"}).text
    )
    page = client.post("/rules/gdp/example", data={**form, "text": "全市地区生产总值为90亿元。"}).text
    assert "text: 全市地区生产总值为90亿元。" in page and "level = 90" in page and "没有数字会变" in page


def test_a_change_that_breaks_an_example_is_told_before_it_is_saved(client: TestClient, desk: Desk) -> None:
    text = (desk.rules / "indicators" / "综合经济.yaml").read_text(encoding="utf-8")
    page = client.post("/rules/gdp/change", data={"text": text.replace("level = 96.4", "level = 96.5", 1)}).text
    assert "level = 96.4" in text and "处要看看" in page and "例句" in page


def test_a_new_indicator_is_taken_back_with_its_file(client: TestClient, desk: Desk) -> None:
    address = drafted(client, "/new", NEW)
    client.post(f"{address}/save")
    (saved,) = edits.history(desk)
    answer = client.post(f"/history/{saved.key}/undo", follow_redirects=False)
    page = client.get(answer.headers["location"]).text
    assert "多 0，少 2，变 0，改归 0" in page
    client.post(f"{answer.headers['location'].partition('?')[0]}/save")
    assert not (desk.rules / "indicators" / "新增.yaml").exists()


def test_what_a_change_would_do_is_what_a_build_with_it_does(client: TestClient, desk: Desk) -> None:
    """The effect is told from kept readings; a full compilation with the changed rules must come to the same."""
    from compiler.facts.written_tables import changes
    from compiler.studio.change_effects import effect

    before = desk.gathered.facts if desk.gathered else ()
    path = desk.rules / "indicators" / "综合经济.yaml"
    text = path.read_text(encoding="utf-8").replace("name: 地区生产总值", "name: 地区总产值", 1)
    draft = edits.draft_text(desk, "rules/indicators/综合经济.yaml", text, "换名")
    told = effect(desk, draft)
    assert edits.save(desk, draft)
    desk.refresh()
    found = changes(before, desk.gathered.facts if desk.gathered else ())
    assert [len(part) for part in (found.added, found.removed, found.changed)] == [
        len(told.changes.added) + len(told.moved),
        len(told.changes.removed) + len(told.moved),
        len(told.changes.changed),
    ]


def test_rules_are_shown_and_changed_without_a_report(client: TestClient, desk: Desk) -> None:
    for path in desk.reports_folder.iterdir():
        path.unlink()
    assert "/rules/gdp" in client.get("/rules").text and client.get("/rules/gdp").status_code == 200
    answer = client.post("/rules/gdp/change", data={"note": "还没有报告"}).text
    assert "没有数字会变" in answer and "/save" in answer
    assert "step taken" in client.get(f"/try/read?under=review&text={quote('全市地区生产总值9亿元。')}").text


def test_a_figure_that_a_rule_of_its_name_refused_leads_to_that_rule(client: TestClient, desk: Desk) -> None:
    path = desk.folder / "reports" / "云川2018.txt"
    again = "。各区地区生产总值30亿元，各区地区生产总值40亿元。\n二、"
    path.write_text(path.read_text(encoding="utf-8").replace("。\n二、", again), encoding="utf-8")
    desk.refresh()
    groups = {group.noun: group for group in desk.queue.groups()}
    rule = groups["地区生产总值"].rule
    assert rule is not None
    page = client.get("/unclaimed").text
    assert f'href="/rules/{rule.id}"' in page and "给 地区生产总值 加规则" not in page
