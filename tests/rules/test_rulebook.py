"""Loading a folder of rules: what comes out of sound files, and what stays when a file is not."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from compiler.issues import CATALOGUE, severity
from compiler.model import (
    Alias,
    Bound,
    Exclusion,
    Expectation,
    IndicatorRule,
    Issue,
    Measure,
    Part,
    Phrase,
    RuleBook,
    Severity,
    Tier,
)
from compiler.rules.nodes import MapNode, to_plain
from compiler.rules.parse import parse_document
from compiler.rules.patterns import MOST_EXPANSIONS, PatternError, expand_pattern
from compiler.rules.rulebook import load_rulebook, parse_expectation
from compiler.rules.word_files import parse_factor

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests" / "cases" / "broken_rules" / "base"
HEAD = "format: 1\ntheme: 果业\nindicators:\n"
RULE = "  - id: apple_output\n    name: 苹果产量\n    unit: 万吨\n"

Load = Callable[..., tuple[RuleBook, tuple[Issue, ...]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a loader of the sound folder with some files put into it."""

    def run(**files: str | bytes) -> tuple[RuleBook, tuple[Issue, ...]]:
        folder = tmp_path / "rules"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(BASE, folder)
        for name, content in files.items():
            places = {"lexicon": "lexicon.yaml", "ledger": "ledger.yaml", "sections": "sections/另.yaml"}
            path = folder / places.get(name, f"indicators/{name}.yaml")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rulebook, issues = load_rulebook(folder)
        assert rulebook is not None
        return rulebook, issues

    return run


def _rule(rulebook: RuleBook, rule_id: str) -> IndicatorRule:
    return next(rule for rule in rulebook.indicators if rule.id == rule_id)


def _codes(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.code for issue in issues]


# --- the shipped rules -------------------------------------------------------------------------


def test_shipped_rules_load_without_error_or_warning() -> None:
    rulebook, issues = load_rulebook(ROOT / "rules")
    assert rulebook is not None
    assert [issue for issue in issues if severity(issue) is not Severity.NOTE] == []
    assert len(rulebook.indicators) >= 120
    assert rulebook.sections and rulebook.combined and rulebook.ledger.words
    assert rulebook.version and re.fullmatch("[0-9a-f]{64}", rulebook.fingerprint)


def test_rule_book_travels_to_other_processes() -> None:
    rulebook, _ = load_rulebook(ROOT / "rules")
    assert pickle.loads(pickle.dumps(rulebook)) == rulebook


# --- one rule, all keys ------------------------------------------------------------------------


def test_every_key_arrives_typed(load: Load) -> None:
    text = """\
format: 1
theme: 果业
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases: [苹果总量, 苹果总产量]
    short: [苹果]
    objects: [苹果园]
    verbs: [新建]
    growth_names: [苹果增速]
    phrases: [〔数〕苹果…入库, {phrase: 比年初增加苹果〔数〕, measure: change}]
    direction: none
    measures: [level, change]
    other_units: [个]
    rise_is_level: 是
    held_is_bound: no
    ratio_part: 3
    kind_of_target: binding
    headline: true
    owner: 市果业局
    note: >-
      按鲜重计，
      不含野果。
    exclude: [{words: [进口], because: 不是本地产的, where: clause}, {words: [出口], because: 另有}]
    sane: {level: 0.1..500, change: -30..30}
    examples:
      - {text: 苹果产量达到2万吨。, under: plan, yields: [level = 2], todo: 以后再做}
"""
    rulebook, issues = load(苹果=text)
    assert issues == ()
    rule = _rule(rulebook, "apple_output")
    assert (rule.name, rule.theme, rule.unit, rule.file) == ("苹果产量", "果业", "万吨", "indicators/苹果.yaml")
    assert rule.aliases == ("苹果总产量", "苹果总量")  # longest first
    assert rule.short == ("苹果",)
    assert (rule.objects, rule.verbs, rule.growth_names) == (("苹果园",), ("新建",), ("苹果增速",))
    assert rule.phrases == (Phrase("比年初增加苹果〔数〕", Measure.CHANGE), Phrase("〔数〕苹果…入库"))
    assert (rule.direction, rule.measures) == ("none", (Measure.LEVEL, Measure.CHANGE))
    assert (rule.other_units, rule.ratio_part) == (("个",), 3)
    assert (rule.rise_is_level, rule.held_is_bound, rule.headline) == (True, False, True)
    assert (rule.kind_of_target, rule.owner, rule.note) == ("binding", "市果业局", "按鲜重计， 不含野果。")
    assert rule.exclude == (Exclusion(("进口",), "不是本地产的", "clause"), Exclusion(("出口",), "另有", "touch"))
    assert rule.sane == {
        Measure.LEVEL: (Decimal("0.1"), Decimal(500)),
        Measure.CHANGE: (Decimal(-30), Decimal(30)),
    }
    example = rule.examples[0]
    assert (example.text, example.under, example.todo) == ("苹果产量达到2万吨。", Part.PLAN, "以后再做")
    assert example.yields == (Expectation(Measure.LEVEL, Bound.EQ, Decimal(2), Decimal(2)),)
    assert example.where is not None and (example.where.line, example.where.column) == (28, 16)
    assert rule.where is not None and (rule.where.line, rule.where.column) == (4, 9)


def test_four_lines_are_a_rule(load: Load) -> None:
    rulebook, issues = load(苹果=HEAD + RULE + "    aliases: [苹果总产量]\n")
    rule = _rule(rulebook, "apple_output")
    assert issues == ()
    assert (rule.direction, rule.measures) == ("up", (Measure.LEVEL, Measure.GROWTH))
    assert (rule.kind_of_target, rule.held_is_bound, rule.headline, rule.sane) == ("", True, False, {})


@pytest.mark.parametrize("written", ["2017-01-10", "1:30", "007", "yes", "0x1F", "1e3", "null", "~", "1_000", "on"])
def test_scalars_stay_text(load: Load, written: str) -> None:
    rulebook, issues = load(苹果=HEAD + RULE + f"    owner: {written}\n")
    assert _rule(rulebook, "apple_output").owner == written
    if written != "1e3":
        assert _codes(issues) == ["R117"]


def test_plain_digits_are_not_worth_a_note(load: Load) -> None:
    _, issues = load(苹果=HEAD + RULE + "    owner: 985\n    note: 3.50\n")
    assert issues == ()


@pytest.mark.parametrize("unit", ["万吨", "吨", "亿元", "千亿元", "%", "个", "百万亩", "平方公里", "万平方公里"])
def test_units_with_magnitudes(load: Load, unit: str) -> None:
    _, issues = load(苹果=HEAD + f'  - {{id: apple_output, name: 苹果产量, unit: "{unit}"}}\n')
    assert issues == ()


@pytest.mark.parametrize("unit", ["顿", "万", "亿", "万万吨吨", "元元", "吨/年"])
def test_unknown_units(load: Load, unit: str) -> None:
    rulebook, issues = load(苹果=HEAD + f"  - {{id: apple_output, name: 苹果产量, unit: {unit}}}\n")
    assert _codes(issues) == ["R301"]
    assert "apple_output" not in {rule.id for rule in rulebook.indicators}


def test_what_is_wrong_with_the_lexicon_is_told_at_every_load(load: Load) -> None:
    """A lexicon that was read before is not read again; one of the same name that was edited is."""
    text = (BASE / "lexicon.yaml").read_text(encoding="utf-8")
    wrong = text + "guard:\n  rank: [第一, 第一]\n"
    book, first = load(lexicon=wrong)
    again, second = load(lexicon=wrong)
    assert first == second != () and book.lexicon is again.lexicon and book.fingerprint == again.fingerprint
    mended, third = load(lexicon=text + "guard:\n  rank: [第二]\n")
    assert third == () and mended.lexicon.words("guard.rank") == ("第二",)
    assert mended.fingerprint != book.fingerprint


# --- sections, combined names, lexicon, ledger -------------------------------------------------


def test_section(load: Load) -> None:
    text = """\
format: 1
sections:
  - id: apples
    name: 苹果产业
    headings: [苹果, 苹果产业发展]
    length: 60..1500
    if_missing: warn
    examples:
      - {text: 改良品种。, heading: 苹果产业发展, yields: match}
      - {text: 苹果熟了。, under: plan, yields: []}
"""
    rulebook, issues = load(sections=text)
    assert issues == ()
    section = next(section for section in rulebook.sections if section.id == "apples")
    assert (section.within, section.length, section.if_missing) == ("any", (60, 1500), "warn")
    assert section.headings == ("苹果产业发展", "苹果")
    assert [(e.matches, e.under, e.heading) for e in section.examples] == [
        (True, Part.REVIEW, "苹果产业发展"),
        (False, Part.PLAN, ""),
    ]


def test_combined_may_name_rules_of_another_file(load: Load) -> None:
    text = (
        "format: 1\ntheme: 果业\ncombined:\n  - {names: [果总产量, 果产量], indicators: [pear_output, peach_output]}\n"
    )
    rulebook, issues = load(合说=text)
    assert issues == ()
    assert ("果总产量", "果产量") in {combined.names for combined in rulebook.combined}


def test_lexicon(load: Load) -> None:
    text = (BASE / "lexicon.yaml").read_text(encoding="utf-8")
    rulebook, issues = load(lexicon=text + "guard:\n  scope_own:\n    县级: [全县, 我们全县]\n  rank: [第一]\n")
    assert issues == ()
    lexicon = rulebook.lexicon
    assert lexicon.units["亩"].factor == Fraction(10000, 15)
    assert lexicon.words("guard.scope_own.县级") == ("我们全县", "全县")
    assert lexicon.words("guard.rank") == ("第一",)
    assert lexicon.words("没有的") == ()
    assert {(hedge.word, hedge.side, hedge.bound) for hedge in lexicon.hedges} >= {
        ("以上", "after", Bound.GE),
        ("不超过", "before", Bound.LE),
        ("约", "before", Bound.APPROX),
    }
    lengths = [len(hedge.word) for hedge in lexicon.hedges]
    assert lengths == sorted(lengths, reverse=True)


def test_an_unknown_word_list_is_told_and_kept(load: Load) -> None:
    text = (BASE / "lexicon.yaml").read_text(encoding="utf-8")
    rulebook, issues = load(lexicon=text + "weather: [晴]\n")
    assert _codes(issues) == ["R507"]
    assert rulebook.lexicon.words("weather") == ("晴",)


def test_a_bad_word_leaves_the_rest_of_its_list(load: Load) -> None:
    text = (BASE / "lexicon.yaml").read_text(encoding="utf-8")
    rulebook, issues = load(lexicon=text.replace("up: [增长, 增加]", "up: [增长， 增加, 上升, {甲: 乙}]"))
    assert sorted(_codes(issues)) == ["R105", "R115"]
    assert rulebook.lexicon.words("direction.up") == ("上升",)


def test_ledger(load: Load) -> None:
    text = """\
format: 1
tolerance: {rate: 0.5}
judged_prices: true
words: {status.met: 达成, compared.above: "多{number}{unit}", my.own: 自己的}
lists: {relative.same: [同样]}
limits: {sum_percent: 2}
checks:
  - {kind: sum, whole: pear_output, parts: [peach_output], tolerance: 1}
  - {kind: sum, whole: pear_output, parts: [plum_output]}
"""
    rulebook, issues = load(ledger=text)
    assert _codes(issues) == ["R507", "R321"]
    ledger = rulebook.ledger
    assert ledger.tolerance == {"rate": Decimal("0.5"), "amount_percent": Decimal(2)}
    own = {"status.met": "达成", "compared.above": "多{number}{unit}", "my.own": "自己的"}
    assert own.items() <= ledger.words.items()
    assert ledger.words["status.missed"] == "未完成"  # a wording left out takes its default, never its key
    assert (ledger.judged_prices, ledger.lists["relative.same"]) == (True, ("同样",))
    assert "国家级" in ledger.lists["scopes"]  # so does a list
    assert ledger.limits["sum_percent"] == 2 and ledger.limits["growth_points"] == 8
    assert [(check.kind, check.whole, check.parts) for check in ledger.checks] == [
        ("sum", "pear_output", ("peach_output",))
    ]


# --- what stays when something is wrong --------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        "    aliasses: [苹果总产量]\n",
        "    direction: sideways\n",
        "    unit: 吨\n",
        "    owner:\n",
        "    owner: *anchor\n",
        "    aliases: &anchor [苹果总产量]\n",
        "    note: !!str 甲\n",
        "    <<: {owner: 甲}\n",
        "    name：苹果\n",
        "    owner: %\n",
        "    aliases: [苹果总产量\n",
        '    note: "鲜重"口径\n',
        "\towner: 甲\n",
        "　　owner: 甲\n",
        "   owner: 甲\n",
        "    果业局\n",
        "    note: 口径: 甲\n",
        "    phrases: [苹果丰收]\n",
        "    sane: {level: 9..1}\n",
        "    examples: [{text: 甲, under: review, yields: [level = x]}]\n",
        "    examples: [{text: 甲, under: review}]\n",
    ],
)
def test_a_bad_rule_stands_aside_and_the_others_work(load: Load, wrong: str) -> None:
    after = "  - id: plum_output\n    name: 李子产量\n    unit: 万吨\n"
    rulebook, issues = load(苹果=HEAD + RULE + wrong + after)
    assert {rule.id for rule in rulebook.indicators} == {"pear_output", "peach_output", "plum_output"}
    errors = [issue for issue in issues if severity(issue) is Severity.ERROR]
    assert len(errors) == 1
    assert errors[0].where is not None and errors[0].where.path == "rules/indicators/苹果.yaml"
    assert 4 <= errors[0].where.line <= 7


def test_all_errors_of_all_files_come_in_one_run(load: Load) -> None:
    rulebook, issues = load(
        甲=HEAD + RULE + "    aliasses: [甲]\n    direction: left\n",
        乙=HEAD + "  - id: plum_output\n    name：李子产量\n  - id: cherry\n    name: 樱桃产量\n    unit: 万顿\n",
        丙="format: 1\ntheme: 果业\nindicators: [\n",
        sections="format: 1\nsections:\n  - {id: apples, name: 苹果}\n",
        ledger="format: 1\ntolerance: 2\n",
    )
    assert len({issue.where.path for issue in issues if issue.where}) == 5
    assert sorted(_codes(issues)) == ["R102", "R105", "R106", "R216", "R223", "R301", "R318"]
    assert {rule.id for rule in rulebook.indicators} == {"pear_output", "peach_output"}


def test_of_two_rules_with_one_name_the_first_stays(load: Load) -> None:
    rulebook, issues = load(
        苹果=HEAD + RULE + "  - {id: apple_harvest, name: 苹果收成, unit: 万吨, aliases: [苹果产量]}\n"
    )
    assert _codes(issues) == ["R403"]
    assert "apple_output" in {rule.id for rule in rulebook.indicators}
    assert "apple_harvest" not in {rule.id for rule in rulebook.indicators}


def test_aliases_may_hold_under_conditions(load: Load) -> None:
    aliases = "    aliases: [苹果总产, {name: 果产, at: [国家, 省级]}, {name: 果品, loose: true}, {name: 苹果收成}]\n"
    rulebook, issues = load(苹果=HEAD + RULE + aliases)
    rule = _rule(rulebook, "apple_output")
    assert issues == ()
    assert sorted(rule.aliases) == sorted(["苹果总产", "果产", "果品", "苹果收成"])
    assert rule.conditional == (Alias("果产", ("国家", "省级")), Alias("果品", loose=True))


def test_a_name_for_some_levels_may_be_another_rules_at_the_others(load: Load) -> None:
    nation = RULE + "    aliases: [{name: 果产, at: [国家]}]\n"
    others = "  - {id: fruit_output, name: 水果产量, unit: 万吨, aliases: [果产]}\n"
    twice = "  - {id: all_fruit, name: 果品产量, unit: 万吨, aliases: [{name: 果产, at: [省级, 国家]}]}\n"
    assert load(苹果=HEAD + nation + others)[1] == ()
    assert _codes(load(苹果=HEAD + nation + others + twice)[1]) == ["R403"]


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("{at: [国家]}", "R101"),
        ("{name: 果产, at: [村级]}", "R106"),
        ("{name: 果产, loose: 也许}", "R109"),
        ("{name: 果产, lose: true}", "R102"),
        ("{name: 果〔甲, at: [国家]}", "R305"),
    ],
)
def test_a_wrong_condition_of_an_alias_is_told(load: Load, alias: str, code: str) -> None:
    _, issues = load(苹果=HEAD + RULE + f"    aliases: [{alias}]\n")
    assert code in _codes(issues)


def test_short_names_and_objects_may_be_names_elsewhere(load: Load) -> None:
    text = HEAD + RULE + "  - {id: new_apples, name: 新建苹果园, unit: 亩, objects: [苹果园], verbs: [新建]}\n"
    text += "  - {id: apples, name: 苹果园, unit: 亩, short: [苹果产量]}\n"
    _, issues = load(苹果=text)
    assert issues == ()


def test_unreadable_lexicon_leaves_no_rule_book(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(BASE, folder)
    (folder / "lexicon.yaml").write_text("units: [", encoding="utf-8")
    (folder / "indicators/错.yaml").write_text("果: [", encoding="utf-8")
    rulebook, issues = load_rulebook(folder)
    assert rulebook is None
    assert {issue.where.path for issue in issues if issue.where} >= {"rules/lexicon.yaml", "rules/indicators/错.yaml"}


def test_missing_ledger_is_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(BASE, folder)
    (folder / "ledger.yaml").unlink()
    rulebook, issues = load_rulebook(folder)
    assert rulebook is not None and _codes(issues) == ["R413"]
    assert rulebook.ledger.tolerance == {"rate": Decimal("0.2"), "amount_percent": Decimal(2)}


# --- order and fingerprint ---------------------------------------------------------------------


def test_order_of_files(load: Load) -> None:
    rulebook, _ = load(
        甲=HEAD.replace("theme", "order: 20\ntheme") + RULE,
        乙=HEAD.replace("theme", "order: 10\ntheme") + "  - {id: plum, name: 李子产量, unit: 吨}\n",
    )
    assert [rule.id for rule in rulebook.indicators] == ["plum", "apple_output", "pear_output", "peach_output"]
    assert [rule.order for rule in rulebook.indicators] == [0, 1, 2, 3]


def test_fingerprint_follows_content_only(tmp_path: Path) -> None:
    prints = []
    for name in ("甲", "乙"):
        folder = tmp_path / name
        shutil.copytree(BASE, folder)
        rulebook, _ = load_rulebook(folder)
        assert rulebook is not None
        prints.append(rulebook.fingerprint)
    assert prints[0] == prints[1]
    (folder / "README.md").write_text("说明", encoding="utf-8")
    assert (load_rulebook(folder)[0] or rulebook).fingerprint == prints[0]
    with (folder / "indicators/果业.yaml").open("a", encoding="utf-8") as file:
        file.write("# 注\n")
    changed, _ = load_rulebook(folder)
    assert changed is not None and changed.fingerprint != prints[0]
    assert set(changed.sources) == {
        "lexicon.yaml",
        "ledger.yaml",
        "tasks.yaml",
        "indicators/果业.yaml",
        "sections/章节.yaml",
    }


# --- notations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("level = 812.5", Expectation(Measure.LEVEL, Bound.EQ, Decimal("812.5"), Decimal("812.5"))),
        ("growth ~ 6.5", Expectation(Measure.GROWTH, Bound.APPROX, Decimal("6.5"), Decimal("6.5"))),
        ("growth >= 7 stretch", Expectation(Measure.GROWTH, Bound.GE, Decimal(7), None, Tier.STRETCH)),
        ("level <= 3", Expectation(Measure.LEVEL, Bound.LE, None, Decimal(3))),
        ("change = -2.4", Expectation(Measure.CHANGE, Bound.EQ, Decimal("-2.4"), Decimal("-2.4"))),
        ("growth 6..7", Expectation(Measure.GROWTH, Bound.RANGE, Decimal(6), Decimal(7))),
        ("growth -3 .. -1 stretch", Expectation(Measure.GROWTH, Bound.RANGE, Decimal(-3), Decimal(-1), Tier.STRETCH)),
        ("level>=1000", Expectation(Measure.LEVEL, Bound.GE, Decimal(1000), None)),
        ("growth text 与甲同步", Expectation(Measure.GROWTH, Bound.NONE, None, None, Tier.BASE, "与甲同步")),
        ("growth text 更好结果 stretch", Expectation(Measure.GROWTH, Bound.NONE, None, None, Tier.STRETCH, "更好结果")),
        ("level 3", None),
        ("level = ", None),
        ("level = 3万", None),
        ("level = １", None),
        ("speed = 3", None),
        ("growth 7..6", None),
        ("growth text ", None),
        ("level = 3 base", None),
        ("", None),
    ],
)  # fmt: skip
def test_expectation(text: str, wanted: Expectation | None) -> None:
    assert parse_expectation(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", Fraction(1)),
        ("10000/15", Fraction(2000, 3)),
        ("0.5", Fraction(1, 2)),
        ("1/1000", Fraction(1, 1000)),
        ("0", None),
        ("1/0", None),
        ("-1", None),
        ("一", None),
        ("1e3", None),
        ("1/2/3", None),
        ("", None),
    ],
)
def test_factor(text: str, wanted: Fraction | None) -> None:
    assert parse_factor(text) == wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("苹果", ("苹果",)),
        ("〔全市|全县|〕苹果", ("全市苹果", "全县苹果", "苹果")),
        ("〔甲|乙〕〔丙|〕", ("甲丙", "甲", "乙丙", "乙")),
        ("〔甲｜乙〕", ("甲", "乙")),
        ("〔甲|甲〕", ("甲",)),
        ("建成〔数〕亩…果园", ("建成〔数〕亩…果园",)),
        ("〔建成|新建〕〔数〕亩", ("建成〔数〕亩", "新建〔数〕亩")),
    ],
)
def test_pattern(pattern: str, wanted: tuple[str, ...]) -> None:
    assert expand_pattern(pattern) == wanted


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("〔甲|乙", "unbalanced"),
        ("甲|乙〕", "unbalanced"),
        ("〔甲|〔乙|丙〕丁〕", "unbalanced"),
        ("〔甲〕乙", "single"),
        ("〔〕乙", "single"),
        ("〔" + "|".join(map(str, range(MOST_EXPANSIONS + 1))) + "〕", "many"),
    ],
)
def test_pattern_that_cannot_be_expanded(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        expand_pattern(pattern)
    assert caught.value.reason == reason


# --- places ------------------------------------------------------------------------------------


def test_places_count_characters_from_one() -> None:
    document, _ = parse_document("果业:\n  - {甲: 乙, 丙: [丁, “戊”]}\n".encode(), "例.yaml")
    assert document is not None and isinstance(document.root, MapNode)
    assert to_plain(document.root) == {"果业": [{"甲": "乙", "丙": ["丁", "“戊”"]}]}
    entry = document.root.get("果业")
    assert entry is not None
    inner = entry.items[0].get("丙").items[1]  # type: ignore[union-attr]
    where = document.location(inner)
    assert (where.path, where.line, where.column, where.length) == ("例.yaml", 2, 19, 3)
    assert where.frame == ((1, "果业:"), (2, "  - {甲: 乙, 丙: [丁, “戊”]}"))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(load: Load, newline: str) -> None:
    text = (HEAD + RULE + "    aliasses: [甲]\n").replace("\n", newline)
    _, issues = load(苹果=text.encode())
    assert [(i.code, i.where.line, i.where.column) for i in issues if i.where] == [("R102", 7, 5)]


# --- the catalogue -----------------------------------------------------------------------------


def _source(*modules: str) -> str:
    return "".join((ROOT / "compiler" / f"{module}.py").read_text(encoding="utf-8") for module in modules)


CODE = (
    *(
        "rules/rulebook",
        "rules/rule_checks",
        "rules/folder",
        "rules/word_files",
        "rules/task_files",
        "rules/shapes",
        "rules/yaml_reader",
    ),
    "authoring/check",
)


def test_codes_that_lose_content_are_errors_and_the_others_are_not() -> None:
    source = _source(*CODE)
    failing = set(re.findall(r'\.fail(?:_within)?\(\s*"(R\d{3})"', source))
    telling = set(re.findall(r'\.tell\(\s*"(R\d{3})"', source))
    assert failing and telling
    assert {code for code in failing if CATALOGUE[code].severity is not Severity.ERROR} == set()
    lost_files = {"R201", "R216", "R229", "R412", "R415", "R513"}  # nothing to leave out: the whole file is lost
    assert {code for code in telling if CATALOGUE[code].severity is Severity.ERROR} <= lost_files


def test_every_code_in_use_has_its_wording_and_the_reverse() -> None:
    source = _source("rules/parse", "rules/mistakes", *CODE)
    used = set(re.findall(r'"(R\d{3})"', source))
    assert used == {code for code in CATALOGUE if code.startswith("R")}


def test_messages_are_chinese_and_say_what_to_do() -> None:
    for code, wording in CATALOGUE.items():
        if code.startswith("R"):
            assert re.search("[\u4e00-\u9fff]", wording.message) and wording.advice and wording.about, code
