"""The ledger: every row of the contract's table in both directions, and what joining reports brings to light."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations

import pytest
from help import make_reports as made
from help.ledger_cases import CASES

from compiler.ledger.join import build_ledger, settle
from compiler.ledger.judge import Status, Terms, fits, percent_of, shown, told
from compiler.ledger.rows import Ledger, LedgerRow
from compiler.model import CompiledReport, Completion, Fact, Identity, Issue, Measure, RuleBook

WORDS = made.ledger_rules().words
TERMS = Terms.of(made.ledger_rules())


def report(year: int, facts: Iterable[Fact], place: str = "云川市", **more: object) -> CompiledReport:
    """A report that holds just these facts."""
    fields: dict[str, object] = {
        "source": f"报告/{place}{year}.txt", "number": 1, "identity": Identity(place, "210700", "地级", year),
        "span": (0, 0), "sentences": (), "facts": tuple(facts), "completions": (), "passages": (),
        "uncovered": (), "refusals": (), "figures": 0, "text": "",
    }  # fmt: skip
    fields.update(more)
    return CompiledReport(**fields)  # type: ignore[arg-type]


def target(indicator: str, measure: str, value: str, **more: object) -> Fact:
    """A target of 2016 as the report of 2016 states it."""
    fields: dict[str, object] = {"kind": "target", "year": 2016, "report_year": 2016, "source": "报告/云川市2016.txt"}
    return made.make_fact(indicator, measure, value, **(fields | more))  # type: ignore[arg-type]


def result(indicator: str, measure: str, value: str, **more: object) -> Fact:
    """A result of 2016 as the report of 2017 states it."""
    fields: dict[str, object] = {"kind": "result", "year": 2016, "report_year": 2017, "source": "报告/云川市2017.txt"}
    return made.make_fact(indicator, measure, value, **(fields | more))  # type: ignore[arg-type]


def row_of(
    targets: Iterable[Fact], results: Iterable[Fact], indicator: str = "gdp", **ledger: object
) -> tuple[LedgerRow, tuple[Issue, ...]]:
    """Join the facts and return the row of 2016."""
    built, issues = build_ledger([report(2016, targets), report(2017, results)], made.rulebook(**ledger))
    row = built.row("云川市", 2016, indicator)
    assert row is not None
    return row, issues


# indicator, measure, target, result, status, difference. The comment names the row of the contract's table.


@pytest.mark.parametrize(("indicator", "measure", "aim", "value", "status", "difference"), CASES)
def test_contract_table(indicator: str, measure: str, aim: str, value: str, status: str, difference: str) -> None:
    row, _ = row_of([target(indicator, measure, aim)], [result(indicator, measure, value)], indicator)
    assert (row.status_word, row.difference) == (status, difference)


def test_every_status_of_the_contract_is_worded() -> None:
    words = [TERMS.status(status) for status in Status]
    contract = ["超额完成", "完成", "基本完成", "未完成", "缺上年目标", "缺实绩", "文字目标待核", "口径不一致"]
    assert set(contract) <= set(words)


def test_price_is_judged_where_the_rules_say_so() -> None:
    row, _ = row_of([target("prices", "level", "~3")], [result("prices", "level", "3.1")], "prices", judged_prices=True)
    assert (row.status_word, row.difference) == ("基本完成", "与目标基本持平")


def test_stretch_is_judged_apart() -> None:
    targets = [target("retail", "growth", "9"), target("retail", "growth", "10", tier="stretch")]
    row, _ = row_of(targets, [result("retail", "growth", "9.9")], "retail")
    assert (row.status_word, row.difference) == ("超额完成", "高于目标0.9个百分点，未达争取目标")
    row, _ = row_of(targets, [result("retail", "growth", "10.1")], "retail")
    assert row.difference == "高于目标1.1个百分点，达到争取目标"
    row, _ = row_of(targets, [result("retail", "growth", "8.5")], "retail")
    assert (row.status_word, row.difference) == ("未完成", "低于目标0.5个百分点，未达争取目标")


def test_stretch_never_stands_in_for_the_base() -> None:
    row, _ = row_of([target("retail", "growth", "10", tier="stretch")], [result("retail", "growth", "9.9")], "retail")
    assert (row.status_word, row.difference) == ("不作判定", "未达争取目标")


@pytest.mark.parametrize(
    ("words", "own", "status", "difference"),
    [
        ("与经济增长同步", "7.5", "完成", "快于经济增长0.6个百分点"),
        ("与经济增长保持同步", "6.9", "完成", "与经济增长持平"),
        ("与经济增长基本同步", "6.7", "基本完成", "慢于经济增长0.2个百分点"),
        ("与经济增长同步", "6.5", "未完成", "慢于经济增长0.4个百分点"),
        ("高于经济增长", "7.5", "完成", "快于经济增长0.6个百分点"),
        ("高于经济增长", "6.9", "未完成", "与经济增长持平"),
        ("不低于GDP增速", "6.9", "完成", "与GDP持平"),
        ("不高于经济增长", "7", "未完成", "快于经济增长0.1个百分点"),
        ("不低于全省平均增幅", "7.5", "文字目标待核", ""),
        ("高于全省经济增长水平", "7.5", "文字目标待核", ""),
        ("稳中有升", "7.5", "文字目标待核", ""),
    ],
)
def test_targets_in_words(words: str, own: str, status: str, difference: str) -> None:
    results = [result("income", "growth", own), result("gdp", "growth", "6.9")]
    row, _ = row_of([target("income", "growth", words)], results, "income")
    assert (row.status_word, row.difference) == (status, difference)


def test_words_need_the_other_figure_in_the_same_report() -> None:
    elsewhere = report(2017, [result("gdp", "growth", "6.9", source="报告/别处.txt")], source="报告/别处.txt")
    reports = [
        report(2016, [target("income", "growth", "与经济增长同步")]),
        report(2017, [result("income", "growth", "7.5")]),
        elsewhere,
    ]
    ledger, _ = build_ledger(reports, made.rulebook())
    row = ledger.row("云川市", 2016, "income")
    assert row is not None and row.status is Status.WORDS


def test_growth_against_level_is_not_judged() -> None:
    for aim, value in (("growth", "level"), ("level", "growth")):
        row, issues = row_of([target("exports", aim, "5")], [result("exports", value, "8.6")], "exports")
        assert (row.status_word, row.difference) == ("口径不一致", "口径不一致，不判定")
        assert [issue.code for issue in issues] == ["L105"]
        assert issues[0].fields["reason"] == "目标和实绩一个是绝对数、一个是增速，不比"


def test_the_reason_for_no_verdict_is_told_as_it_is() -> None:
    """Two levels of different scope are not said to be a level and a growth."""
    last = target("roads", "level", "8", raw="8公里", quote="道路8公里", printed_name="道路")
    done = result("roads", "level", "20", raw="20公里", quote="国家级道路20公里", printed_name="国家级道路")
    row, issues = row_of([last], [done], "roads")
    assert row.status_word == "口径不一致"
    assert [issue.fields["reason"] for issue in issues] == ["口径不同（“道路”与“国家级道路”），不比"]


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [("4000人", "0.4", "4000人"), ("0.4万人", "0.4", "0.4万人"), ("0.4万", "0.4", "0.4万人"), ("3万人", "3", "3万人")],
)
def test_a_small_amount_is_told_in_the_unit_it_was_printed_in(raw: str, value: str, text: str) -> None:
    assert told(result("jobs", "level", value, raw=raw, quote=f"新增就业{raw}"), Terms.of(made.ledger_rules())) == text


def test_measures_are_judged_apart_and_the_worse_one_counts() -> None:
    targets = [target("gdp", "level", "1000"), target("gdp", "growth", "7")]
    row, issues = row_of(targets, [result("gdp", "level", "1010"), result("gdp", "growth", "6.5")])
    assert (row.status_word, row.difference) == ("未完成", "完成目标任务的101%；低于目标0.5个百分点")
    assert [issue.code for issue in issues] == ["L106"]


def test_one_report_alone_is_never_missed() -> None:
    ledger, _ = build_ledger([report(2017, [result("gdp", "growth", "1")])], made.rulebook())
    assert [row.status for row in ledger.rows] == [Status.NO_TARGET]
    ledger, issues = build_ledger([report(2016, [target("gdp", "growth", "9")])], made.rulebook())
    assert [row.status for row in ledger.rows] == [Status.NO_RESULT]
    assert ledger.rows[0].missing == "未收入2017年报告，无从对照实绩"
    assert issues == ()


def test_silence_of_the_next_report_is_an_issue() -> None:
    row, issues = row_of([target("grain", "level", "210")], [result("gdp", "growth", "6.9")], "grain")
    assert (row.status_word, row.missing) == ("未取到", "2017年报告中未取到该项实绩")
    assert [issue.code for issue in issues] == ["L102"]


def test_reports_of_two_places_are_never_joined() -> None:
    reports = [
        report(2016, [target("gdp", "growth", "7")]),
        report(2017, [result("gdp", "growth", "6", place="临河市", source="x")], "临河市", source="x"),
    ]
    ledger, _ = build_ledger(reports, made.rulebook())
    assert {row.status for row in ledger.rows} == {Status.NO_RESULT, Status.NO_TARGET}


def test_reports_without_a_place_stay_by_themselves() -> None:
    reports = [
        report(2016, [target("gdp", "growth", "7", place="", source="a")], "", source="a"),
        report(2017, [result("gdp", "growth", "6", place="", source="b")], "", source="b"),
    ]
    ledger, _ = build_ledger(reports, made.rulebook())
    assert {row.status for row in ledger.rows} == {Status.NO_RESULT, Status.NO_TARGET}


def test_order_of_reports_does_not_matter() -> None:
    reports = (*made.two_years(), made.neighbour())
    wanted = build_ledger(reports, made.rulebook())[0].rows
    for order in permutations(reports):
        assert build_ledger(order, made.rulebook())[0].rows == wanted


# --- steps and implied levels ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "measure", "last", "aim", "text"),
    [
        ("gdp", "growth", "6", "6.5", "加快0.5个百分点"),
        ("gdp", "growth", "6.9", "6.5", "放缓0.4个百分点"),
        ("gdp", "growth", "6.5", "6.5", "与上年实绩持平"),
        ("roads", "level", "311", "302", "低于上年实绩9公里"),
        ("roads", "level", "300", "302", "高于上年实绩2公里"),
        ("urbanisation", "level", "59.8", "61", "提高1.2个百分点"),
        ("unemployment", "level", "3.92", "≤4.5", "目标上限高于上年实绩0.58个百分点"),
        ("unemployment", "level", "3.92", "4.5", "目标上限高于上年实绩0.58个百分点"),  # 控制在4.5%
        ("unemployment", "level", "5.4", "~5.5", "高于上年实绩0.1个百分点"),  # 左右 is no ceiling
        ("unemployment", "level", "5.6", "~5.5", "低于上年实绩0.1个百分点"),
        ("energy", "growth", "-3.4", "-3", "降幅收窄0.4个百分点"),
        ("energy", "growth", "-3", "≤-3.5", "降幅扩大0.5个百分点"),
    ],
)
def test_step_to_this_years_target(indicator: str, measure: str, last: str, aim: str, text: str) -> None:
    facts = [
        result(indicator, measure, last),
        target(indicator, measure, aim, year=2017, report_year=2017, source="报告/云川市2017.txt"),
    ]
    ledger, _ = build_ledger([report(2017, facts)], made.rulebook())
    row = ledger.row("云川市", 2017, indicator)
    assert row is not None and [step.text for step in row.steps] == [text]


@pytest.mark.parametrize(
    ("indicator", "last", "aim", "reason"),
    [
        ("revenue", result("revenue", "growth", "46.5"), {"status_note": "可比"}, "目标按“可比”，上年实绩没有写，不比"),
        ("revenue", result("revenue", "growth", "46.5", status_note="同口径"), {"status_note": "同口径"}, ""),
        ("revenue", result("revenue", "growth", "6.9", status_note="同口径"), {}, ""),
        ("gdp", result("gdp", "growth", "6.9"), {"status_note": "按可比价格"}, ""),  # what else could it go by
        ("prices", result("prices", "level", "~0", raw="基本持平"), {}, "上年实绩为基本持平，不计差距"),
        ("prices", result("prices", "level", "~0.2", raw="0.2%"), {}, ""),
    ],
)
def test_no_step_from_what_is_of_another_kind(indicator: str, last: Fact, aim: dict[str, str], reason: str) -> None:
    aimed = target(indicator, last.measure.value, "6", year=2017, report_year=2017, **aim)
    ledger, _ = build_ledger([report(2017, [last, aimed])], made.rulebook())
    row = ledger.row("云川市", 2017, indicator)
    assert row is not None and row.step_note == reason and bool(row.steps) == (not reason)


def test_prices_that_a_word_calls_level_are_held_against_no_target() -> None:
    last = target("prices", "level", "~2", raw="2%", modifier="左右")
    flat = result("prices", "level", "~0", raw="基本持平")
    ledger, _ = build_ledger([report(2016, [last]), report(2017, [flat])], made.rulebook())
    row = ledger.row("云川市", 2016, "prices")
    assert row is not None and (row.status, row.difference) == (Status.NOT_JUDGED, "实绩为基本持平，不计差距")


def test_implied_level_is_an_estimate_and_never_a_fact() -> None:
    aim = target("gdp", "growth", "4.5..5", year=2017, report_year=2017)
    ledger, _ = build_ledger([report(2017, [result("gdp", "level", "968.4"), aim])], made.rulebook())
    row = ledger.row("云川市", 2017, "gdp")
    assert row is not None and row.implied is not None
    assert (row.implied.low, row.implied.high) == (Decimal("1012.0"), Decimal("1016.8"))
    assert row.entry(Measure.LEVEL) is None


def test_stated_level_leaves_no_room_for_an_implied_one() -> None:
    facts = [
        result("gdp", "level", "968.4"),
        target("gdp", "growth", "5", year=2017, report_year=2017),
        target("gdp", "level", "1017", year=2017, report_year=2017),
    ]
    ledger, _ = build_ledger([report(2017, facts)], made.rulebook())
    row = ledger.row("云川市", 2017, "gdp")
    assert row is not None and row.implied is None


# --- what reports say of themselves, and restated figures -------------------------------------------


def said(**fields: object) -> Completion:
    """A report's own words on a target."""
    base: dict[str, object] = {
        "place": "云川市", "year": 2016, "indicator_id": "revenue", "percent": None, "difference": None,
        "unit": "", "met": None, "quote": "为年计划的131.4%", "source": "报告/云川市2017.txt", "report": 1,
        "start": 0, "end": 1,
    }  # fmt: skip
    return Completion(**(base | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"percent": Decimal("131.4")}, []),
        ({"percent": Decimal("131")}, []),
        ({"percent": Decimal("133.2")}, ["L107"]),
        ({"difference": Decimal("23.9"), "unit": "亿元"}, []),
        ({"difference": Decimal("20"), "unit": "亿元"}, ["L107"]),
        ({"met": True}, []),
        ({"met": False}, ["L108"]),
    ],
)
def test_own_words_are_kept_and_compared(fields: dict[str, object], codes: list[str]) -> None:
    reports = [
        report(2016, [target("revenue", "level", "≥76")]),
        report(2017, [result("revenue", "level", "99.9")], completions=(said(**fields),)),
    ]
    ledger, issues = build_ledger(reports, made.rulebook())
    row = ledger.row("云川市", 2016, "revenue")
    assert row is not None and "报告自述：为年计划的131.4%" in row.remarks
    assert [issue.code for issue in issues] == codes


def test_what_the_report_says_itself_comes_first() -> None:
    one = report(2017, [result("revenue", "level", "99.9")], completions=(said(met=False, quote="没有完成"),))
    ledger, _ = build_ledger([one], made.rulebook())
    row = ledger.row("云川市", 2016, "revenue")
    assert row is not None and row.status is Status.MISSED_OWN
    assert (row.status_word, row.reason) == ("未完成（报告自述）", "报告自述：没有完成")


def test_target_that_the_next_report_tells_counts_and_says_so() -> None:
    own = target("unemployment", "level", "≤3", report_year=2017, source="报告/云川市2017.txt")
    ledger, _ = build_ledger([report(2017, [own, result("unemployment", "level", "2.4")])], made.rulebook())
    row = ledger.row("云川市", 2016, "unemployment")
    assert row is not None and row.difference == "低于控制目标0.6个百分点"
    assert "目标据2017年报告自述" in row.remarks


def test_restated_result() -> None:
    later = result("gdp", "level", "950", report_year=2018, source="报告/云川市2018.txt")
    reports = [report(2018, [later]), report(2017, [result("gdp", "level", "968.4")])]
    ledger, issues = build_ledger(reports, made.rulebook())
    row = ledger.row("云川市", 2016, "gdp")
    entry = row.entry(Measure.LEVEL) if row else None
    assert entry is not None and entry.result is not None and entry.result.low == Decimal("968.4")
    assert row is not None and "2018年报告另作950亿元" in row.remarks
    assert [issue.code for issue in issues] == ["L103"]
    assert len(issues[0].facts) == 2


def test_two_files_of_one_report_disagree() -> None:
    other = result("gdp", "level", "986.4", source="报告/另一份.txt")
    reports = [report(2017, [result("gdp", "level", "968.4")]), report(2017, [other], source="报告/另一份.txt")]
    _, issues = build_ledger(reports, made.rulebook())
    assert [issue.code for issue in issues] == ["L104"]


def test_repeated_report_changes_nothing() -> None:
    first, second = made.two_years()
    again = made.second_year(source="报告/重复.txt")
    once, issues = build_ledger([first, second], made.rulebook())
    twice, more = build_ledger([first, second, again], made.rulebook())
    assert [(row.year, row.indicator_id, row.status, row.difference) for row in once.rows] == [
        (row.year, row.indicator_id, row.status, row.difference) for row in twice.rows
    ]
    assert {issue.code for issue in issues} == {issue.code for issue in more}


def test_older_definition_keeps_its_printed_name() -> None:
    old = target("rural_income", "growth", "9", printed_name="农民人均纯收入")
    new = result("rural_income", "growth", "8.1", printed_name="农村常住居民人均可支配收入")
    row, _ = row_of([old], [new], "rural_income")
    assert row.remarks == ("目标称“农民人均纯收入”，实绩称“农村常住居民人均可支配收入”",)


# --- the pair of reports in make_reports -------------------------------------------------------------


def test_two_years_meet_in_every_status() -> None:
    ledger, _ = build_ledger(made.two_years(), made.rulebook())
    found = {row.indicator: (row.status_word, row.difference) for row in ledger.rows if row.year == 2016}
    wanted = {
        "一般公共预算收入": ("超额完成", "完成目标任务的131.4%"),
        "社会消费品零售总额": ("超额完成", "高于目标0.9个百分点，未达争取目标"),
        "固定资产投资": ("符合预期目标", "符合预期目标"),
        "地区生产总值": ("基本完成", "与目标基本持平"),
        "规模以上工业增加值": ("未完成", "低于目标1.8个百分点"),
        "农村常住居民人均可支配收入": ("文字目标待核", ""),
        "出口总额": ("口径不一致", "口径不一致，不判定"),
        "城镇登记失业率": ("完成", "低于控制目标0.48个百分点"),
        "居民消费价格涨幅": ("不作判定", "低于目标1.2个百分点"),
        "粮食产量": ("未取到", ""),
        "常住人口城镇化率": ("缺上年目标", ""),
        "城镇常住居民人均可支配收入": ("完成", "快于经济增长0.6个百分点"),
    }
    assert {name: found[name] for name in wanted} == wanted


def test_lines_join_last_year_and_this() -> None:
    ledger, _ = build_ledger(made.two_years(), made.rulebook())
    line = next(line for line in ledger.lines_of("云川市", 2017) if line.indicator_id == "gdp")
    assert line.past is not None and line.past.year == 2016
    assert line.plan is not None and line.plan.year == 2017
    assert [step.text for step in line.steps] == ["放缓0.4个百分点"]
    assert ledger.has_report("云川市", 2016) and not ledger.has_report("云川市", 2018)


# --- small parts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "short", "long"),
    [
        ("growth", "6.5", "6.5", "增长6.5%"),
        ("growth", "~6.5", "6.5左右", "增长6.5%左右"),
        ("growth", "4.5..5", "4.5～5", "增长4.5～5%"),
        ("growth", "≤-3", "≤-3", "下降≥3%"),
        ("growth", "-3.4", "-3.4", "下降3.4%"),
        ("level", "≥76", "≥76", "≥76亿元"),
        ("level", "1035.10", "1035.1", "1035.1亿元"),
        ("change", "7.2", "比上年增加7.2", "比上年增加7.2亿元"),
        ("growth", "与经济增长同步", "与经济增长同步", "与经济增长同步"),
    ],
)
def test_figures_in_words(measure: str, value: str, short: str, long: str) -> None:
    fact = made.make_fact("revenue", measure, value)
    assert (shown(fact, TERMS), told(fact, TERMS)) == (short, long)


def test_percent_never_rounds_to_a_hundred() -> None:
    assert percent_of(Decimal("99.999"), Decimal("100")) == Decimal("99.999")
    assert percent_of(Decimal("100"), Decimal("100")) == Decimal("100.0")


def test_missing_wordings_are_told() -> None:
    words = {key: text for key, text in WORDS.items() if key != "compared.percent"}
    _, issues = build_ledger(made.two_years(), made.rulebook(words=words))
    assert [issue.fields["keys"] for issue in issues if issue.code == "L101"] == ["compared.percent"]


def test_rules_of_the_loader_are_understood(rulebook: RuleBook) -> None:
    book, rules, plain = rulebook, rulebook.ledger, made.ledger_rules()
    lists = {name: tuple(sorted(words)) for name, words in rules.lists.items()}
    assert lists == {name: tuple(sorted(words)) for name, words in plain.lists.items()}
    assert rules.limits == plain.limits and rules.tolerance == plain.tolerance
    known = {rule.id for rule in book.indicators}
    assert rules.checks
    for check in rules.checks:
        assert {check.whole, *check.parts} <= known
    assert not [issue for issue in build_ledger((), book)[1] if issue.code in ("L101", "L109")]


def test_empty_ledger() -> None:
    ledger, issues = build_ledger((), made.rulebook())
    assert (ledger, issues) == (Ledger(), ())


def test_no_wording_stands_in_the_code() -> None:
    for path in (made.ROOT / "compiler" / "ledger").glob("*.py"):
        code, name = path.read_text(encoding="utf-8"), path.name
        for word in ("完成", "目标", "亿元", "百分点", "地区生产总值"):
            assert f'"{word}' not in code, (name, word)


@pytest.mark.parametrize(
    ("first", "second", "fit"),
    [
        ("≥1000", "1022.7", True),
        ("≥1000", "980", False),
        ("~100", "101.5", True),
        ("~100", "104", False),
        ("100", "100", True),
        ("100", "110", False),
        ("≤50", "≥60", False),
    ],
)
def test_values_contradict_only_where_both_cannot_be_true(first: str, second: str, fit: bool) -> None:
    one, other = made.make_fact("gdp", "level", first), made.make_fact("gdp", "level", second)
    assert fits(one, other, TERMS) is fit and fits(other, one, TERMS) is fit


def test_a_figure_tells_more_than_a_bound_of_the_same_report() -> None:
    bound = result("gdp", "level", "≥900", raw="900亿元", start=10)
    point = result("gdp", "level", "968.4", raw="968.4亿元", start=90)
    row, _ = row_of([], [bound, point])
    entry = row.entry(Measure.LEVEL)
    assert entry is not None and entry.result == point


def test_rows_that_stay_when_figures_are_put_in_doubt_are_those_of_a_new_ledger() -> None:
    """A doubt changes the row of its figure, and what is told of the others stays as a new ledger has it."""
    rules = made.rulebook()
    reports = [
        report(
            2016, [target("gdp", "growth", "7"), target("retail", "growth", "9"), target("income", "level", "30000")]
        ),
        report(2017, [result("gdp", "growth", "6.5"), result("retail", "growth", "9.5")]),
    ]
    doubtful = reports[0].facts[1]
    known = [Issue("F201", {}, source=doubtful.source, report=1, facts=(doubtful.id,))]
    doubted, ledger, issues = settle(reports, rules, known)
    assert [fact.id for one in doubted for fact in one.facts if fact.doubt] == [doubtful.id]
    again, told_again = build_ledger(doubted, rules)
    assert ledger == again
    assert issues == told_again
    assert ledger != build_ledger(reports, rules)[0]
