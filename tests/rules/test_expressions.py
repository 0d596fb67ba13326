"""Expressions of templates: what they may say, what they may not, and where the message points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import pytest

from compiler.issues import CATALOGUE, render
from compiler.model import Location
from compiler.rules.expressions import PAGE, TEXT, compile_text, evaluate, render_text

HERE = Location("templates/briefing.yaml", 10, 3)
FUNCTIONS = {"bracket": lambda value: f"〔{value}〕"}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    growth: str = ""


CONTEXT = {
    "place": "云川市",
    "count": 3,
    "none": None,
    "rows": [Row("甲", "1%"), Row("乙", "2%")],
    "empty": [],
}
NAMES = [*CONTEXT]


def run(text: str) -> tuple[str, list[str]]:
    """Return what a text gives, with the codes of its issues."""
    template, issues = compile_text(text, HERE, NAMES, FUNCTIONS)
    if template is None:
        return "", [issue.code for issue in issues]
    output, issues = render_text(template, CONTEXT)
    return output, [issue.code for issue in issues]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("没有表达式", "没有表达式"),
        ("{{ place }}好", "云川市好"),
        ("{{ count }}项", "3项"),
        ("{{ none }}", ""),
        ("{{ bracket(place) }}{{ place|bracket }}", "〔云川市〕〔云川市〕"),
        ("{{ rows|length }}", "2"),
        ("{{ rows|map(attribute='name')|join('、') }}", "甲、乙"),
        ("{% for row in rows %}{{ row.name }}{{ row.growth }}；{% endfor %}", "甲1%；乙2%；"),
        ("{% for row in rows if row.name != '甲' %}{{ loop.index }}{{ row.name }}{% endfor %}", "1乙"),
        ("{{ '有' if rows else '无' }}{{ '有' if empty else '无' }}", "有无"),
        ("{{ '有' if empty }}", ""),
        ("{% set n = count + 1 %}{{ n }}", "4"),
        ("{{ count - 1 }}{{ count * 2 }}", "26"),
        ("{{ place ~ '甲' }}", "云川市甲"),
        ("{{ rows[0].name }}", "甲"),
        ("{{ '甲' in ['甲', '乙'] }}", "True"),
        ("{% set words = {'甲': '一'} %}{{ words[rows[0].name] }}", "一"),
        ("{% for row in rows %}{{ row.name }}{% if not loop.last %}、{% endif %}{% endfor %}", "甲、乙"),
        ("{{ place|replace('市', '县') }}", "云川县"),
        ("{{ rows|selectattr('name', 'equalto', '乙')|map(attribute='growth')|first }}", "2%"),
    ],
)
def test_what_may_be_said(text: str, expected: str) -> None:
    assert run(text) == (expected, [])


REFUSED = [
    ("{{ place.__class__ }}", "T102"),
    ("{{ rows[0]['__class__'] }}", "T102"),
    ("{{ rows|map(attribute='__class__')|join }}", "T102"),
    ("{{ rows|attr('__class__') }}", "T106"),
    ("{{ ''.__class__.__mro__ }}", "T102"),
    ("{{ place.upper() }}", "T102"),
    ("{{ '{0.__class__}'.format(place) }}", "T102"),
    ("{{ self }}", "T103"),
    ("{{ _private }}", "T102"),
    ("{{ lipsum() }}", "T103"),
    ("{{ range(9)|join }}", "T103"),
    ("{{ cycler }}", "T103"),
    ("{{ namespace }}", "T103"),
    ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "T102"),
    ("{% include '/etc/passwd' %}", "T102"),
    ("{% import 'x' as y %}", "T102"),
    ("{% extends 'x' %}", "T102"),
    ("{% block a %}{% endblock %}", "T102"),
    ("{% for row in rows recursive %}{{ loop(rows) }}{% endfor %}", "T102"),
    ("{% for a in rows %}{% for b in rows %}{% for c in rows %}x{% endfor %}{% endfor %}{% endfor %}", "T102"),
    ("{{ 9 ** 9 ** 9 }}", "T102"),
    ("{{ 'x' * 1000000000 }}", "T102"),
    ("{{ rows * 1000000000 }}", "T102"),
    ("{{ '%1000000000d' % 1 }}", "T102"),
    ("{{ " + " * ".join(["99999999999999999999"] * 60) + " }}", "T102"),
    ("{% set a = place %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}", "T105"),
    ("{% set a = place %}" + "{% set a = a + a %}" * 60 + "{{ a }}", "T105"),
    ("{% set a = [rows, rows] %}", "T102"),
    ("{% set a = {'x': rows} %}", "T102"),
    ("{% set a = place %}" + "{% set a = a|replace('川', a) %}" * 40 + "{{ a }}", "T105"),
    ("{{ place|center(1000000000) }}", "T106"),
    ("{{ rows|batch(1000000000, 'x')|list }}", "T106"),
    ("{{ count|round(-1000000000) }}", "T106"),
    ("{{ place|indent(1000000000) }}", "T106"),
    ("{{ rows|tojson }}", "T106"),
    ("{{ place|safe }}", "T106"),
    ("x" * 5000, "T105"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_may_not_be_said(text: str, code: str) -> None:
    output, codes = run(text)
    assert output == ""
    assert code in codes


MISTAKES = [
    ("{{ place", "T101"),
    ("{% if place %}", "T101"),
    ("{{ place ， }}", "T101"),
    ("{% wenn place %}", "T101"),
    ("{{ plase }}", "T103"),
    ("{{ rows[0].nam }}", "T103"),
    ("{{ rows[0].nam.x }}", "T103"),
    ("{{ rows }}", "T104"),
    ("{{ rows|first + 1 }}", "T104"),
    ("{{ rows|sum }}", "T104"),
    ("{{ rows|sum(attribute='name') }}", "T104"),
    ("{{ 1 / 0 }}", "T104"),
    ("{{ place < count }}", "T104"),
    ("{% for x in count %}{% endfor %}", "T104"),
    ("{{ bracket(1, 2, 3) }}", "T104"),
    ("{{ rows|lenght }}", "T106"),
    ("{{ place is definiert }}", "T106"),
    ("{% for a, b in rows %}{% endfor %}", "T104"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_a_mistake_has_a_message_and_stops_nothing(text: str, code: str) -> None:
    output, codes = run(text)
    assert output == ""
    assert codes == [code]
    assert code in CATALOGUE


def test_the_nearest_name_is_offered() -> None:
    _, issues = compile_text("{{ plase }}", HERE, NAMES, FUNCTIONS)
    assert "place" in render(issues[0])
    template, _ = compile_text("{{ rows[0].grwth }}", HERE, NAMES, FUNCTIONS)
    assert template is not None
    _, issues = render_text(template, CONTEXT)
    assert "growth" in render(issues[0])


@pytest.mark.parametrize(
    ("text", "line"),
    [("{{ plase }}", 10), ("甲\n{{ plase }}", 11), ("甲\n乙\n{{ 1 / 0 }}", 12), ("甲\n{{ place ， }}", 11)],
)
def test_the_place_is_the_line_of_the_mistake(text: str, line: int) -> None:
    template, issues = compile_text(text, HERE, NAMES, FUNCTIONS)
    if template is not None:
        _, issues = render_text(template, CONTEXT)
    assert issues[0].where is not None
    assert (issues[0].where.path, issues[0].where.line) == ("templates/briefing.yaml", line)


def test_output_has_a_limit() -> None:
    template, _ = compile_text("{% for a in rows %}{{ a }}{% endfor %}", HERE, ["rows"])
    assert template is not None
    output, issues = render_text(template, {"rows": ["甲" * 100] * (TEXT.output // 100 + 1)})
    assert (output, [issue.code for issue in issues]) == ("", ["T105"])


def test_loops_watch_the_clock() -> None:
    """Three loops inside one another over a long list would take hours, and put out nothing meanwhile."""
    text = "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}"
    template, _ = compile_text(text, HERE, ["rows"], bounds=replace(PAGE, seconds=0.05))
    assert template is not None
    output, (issue,) = render_text(template, {"rows": range(100_000)})
    assert output == "" and issue.code == "T108" and "0.05 秒" in render(issue)


def test_a_page_escapes_what_it_is_given() -> None:
    template, _ = compile_text("<p>{{ text }}{{ rows|map(attribute='name')|join('<') }}</p>\n", HERE, bounds=PAGE)
    assert template is not None
    output, _ = render_text(template, {"text": "<b>\x07\u202e", "rows": [Row("<i>"), Row("&")]})
    assert output == "<p>&lt;b&gt;\ufffd\ufffd&lt;i&gt;&lt;&amp;</p>\n"


@pytest.mark.parametrize(
    ("text", "held"), [("{{ rows|length }}", True), ("{{ empty|length }}", False), ("{% if rows %}1{% endif %}", True)]
)
def test_conditions(text: str, held: bool) -> None:
    template, _ = compile_text(text, HERE, NAMES)
    assert template is not None
    assert evaluate(template, CONTEXT) == (held, ())


def test_the_context_cannot_be_changed() -> None:
    rows = ["甲"]
    for text in ("{{ rows.append('乙') }}", "{{ rows.clear() }}", "{% set rows = 3 %}{{ rows }}"):
        template, _ = compile_text(text, HERE, ["rows"])
        if template is not None:
            render_text(template, {"rows": rows})
    assert rows == ["甲"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("{{ row.name }}：{{ row.growth }}", True),
        ("{{ row.growth|replace('%', '个百分点')|bracket }}", True),
        ("{{ row|bracket }}", True),
        ("{{ rows|joined('、') }}", True),
        ("{{ count }}", True),  # no text: Jinja writes it
        ("{{ none }}", False),
        ("{{ row }}", True),
        ("{{ rows }}", True),
        ("{{ nothing.name }}", True),
        ("{{ row.nothing }}", True),
        ("{{ place|fails }}", True),
        ("{{ count|fails }}", True),
        ("{{ row.name|length }}", True),
        ("{{ rows|map('bracket')|join }}", False),
        ("{{ row.name ~ '！' }}", False),
        ("{% if row.growth %}{{ row.growth }}{% endif %}", True),
        ("{% if row.growth == '1%' and not row.level %}{{ row.name }}{% else %}—{% endif %}", True),
        ("{% if not row.growth or row.name|bracket != '〔甲〕' %}{{ row.name }}{% endif %}！", True),
        ("{% if rows|length >= 2 %}{% if count > 3 %}多{% else %}少{% endif %}{% endif %}", True),
        ("{% if count > row.name %}多{% endif %}", True),
        ("{% if row.missing %}有{% endif %}", True),
        ("{% if row.growth or row.missing %}有{% endif %}", True),
        ("{% if missing %}有{% endif %}", True),
        ("{% if count|fails %}有{% endif %}", True),
        ("{% if row.growth %}有{% elif row.name %}无{% endif %}", False),
        ("{% if 1 < count < 9 %}有{% endif %}", False),
        ("{% if count + 1 > 2 %}有{% endif %}", False),
    ],
)
def test_a_shortcut_says_what_jinja_says(text: str, short: bool) -> None:
    def fails(value: object) -> str:
        raise ValueError(f"invalid literal {value}")

    functions = {**FUNCTIONS, "fails": fails, "joined": lambda rows, mark: mark.join(row.name for row in rows)}
    template, _ = compile_text(text, HERE, (), functions)
    assert template is not None and template.expression is not None
    assert (template.expression.shortcut is not None) == short
    context = {**CONTEXT, "row": Row("甲", "1%")}
    told = render_text(template, context)
    template.expression.shortcut = None
    assert told == render_text(template, context)


def test_of_a_named_tuple_the_nearest_field_is_told() -> None:
    class Line(NamedTuple):
        growth: str = "1%"

    template, _ = compile_text("{{ row.groth }}", HERE)
    assert template is not None
    text, (issue,) = render_text(template, {"row": Line()})
    assert (text, issue.code, issue.fields) == ("", "T103", {"name": "groth", "nearest": "growth"})
