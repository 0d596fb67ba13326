"""The evidence pages, read back as a browser reads them: nothing lost, everything linked, nothing executed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import TOP, Built, build_into
from help import make_reports as made
from help.make_reports import Figure, Line

from compiler.app.options import EVIDENCE, Output
from compiler.evidence.page_pieces import ShownParagraph, _Page, as_said
from compiler.evidence.write import (
    INDEX,
    EvidenceTemplate,
    evidence_names,
    load_evidence_template,
    write_evidence,
    write_evidence_index,
)
from compiler.facts.batch import compile_one
from compiler.issues import ToVerify, kind, render
from compiler.ledger.join import build_ledger
from compiler.ledger.judge import Terms
from compiler.model import Bound, CompiledReport, Issue, Kind, Location, Measure, Part, RuleBook, Source
from compiler.workspace import sample_files

TEMPLATES = TOP / "templates"
VOID = {"meta", "input", "br", "hr", "img", "link", "col", "wbr"}
EXTERNAL = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.I)


@dataclass(eq=False)
class Element:
    """An element with its attributes; of the pieces of text of its page it holds those from ``first`` to ``last``."""

    tag: str
    attributes: dict[str, str]
    parents: list[Element]
    pieces: list[str]
    first: int
    last: int

    @cached_property
    def text(self) -> str:
        """All text inside the element."""
        return "".join(self.pieces[self.first : self.last])

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


@dataclass(eq=False)
class Html(HTMLParser):
    """A page as a flat list of elements in their order."""

    source: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        assert not self.open, [element.tag for element in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag}: an attribute stands twice"
        begun = len(self.pieces)
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, [*self.open], self.pieces, begun, begun)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1].tag if self.open else ''}"
        self.open.pop().last = len(self.pieces)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def all(self, tag: str, name: str = "") -> list[Element]:
        return [one for one in self.elements if one.tag == tag and (not name or name in one.classes)]

    @cached_property
    def by_id(self) -> dict[str, Element]:
        return {one.attributes["id"]: one for one in self.elements if "id" in one.attributes}

    @cached_property
    def article(self) -> Element:
        return self.all("article")[0]

    @cached_property
    def marks(self) -> list[Element]:
        return [one for one in self.all("a", "m") if self.article in one.parents]

    @cached_property
    def marked(self) -> dict[str, str]:
        """The text of all marks that belong to an anchor, by the anchor."""
        texts: dict[str, str] = {}
        for one in self.marks:
            for anchor in one.attributes["data-f"].split():
                texts[anchor] = texts.get(anchor, "") + one.text
        return texts


def template() -> EvidenceTemplate:
    loaded, issues = load_evidence_template(TEMPLATES)
    assert loaded is not None and issues == ()
    return loaded


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module", params=["samples_build", "real_build"])
def pages(request: pytest.FixtureRequest) -> list[tuple[CompiledReport, Html]]:
    built: Built = request.getfixturevalue(request.param)
    folder = built.out / EVIDENCE
    return [
        (report, Html((folder / name).read_text(encoding="utf-8")))
        for name, report in evidence_names(built.gathered.reports)
    ]


def page_of(
    tmp_path: Path, report: CompiledReport, issues: tuple[Issue, ...] = (), name: str = "page.html"
) -> tuple[Html, str]:
    ledger, _ = build_ledger([report], made.rulebook())
    path = tmp_path / name
    assert write_evidence(path, report, ledger, ToVerify(issues), made.rulebook(), template(), made.INFO) == ()
    source = path.read_bytes().decode("utf-8")
    return Html(source), source


# --- whole builds ------------------------------------------------------------------------------


def test_the_article_is_the_source_character_by_character(pages: list[tuple[CompiledReport, Html]]) -> None:
    for report, page in pages:
        assert page.article.text == report.text[slice(*report.span)]


def test_every_fact_is_set_off_where_it_stands(pages: list[tuple[CompiledReport, Html]]) -> None:
    for report, page in pages:
        rows = [row for row in page.all("tr", "row") if row.attributes["data-k"] != "open"]
        assert len(rows) == len(report.facts)
        ids = page.by_id
        for fact in report.facts:
            text = page.marked[fact.id]
            if fact.figure_start >= 0:
                assert text == report.text[fact.figure_start : fact.figure_end]
            else:
                assert squeezed(text) in squeezed(report.text[fact.start : fact.end]) and text
            assert fact.kind.value in ids[fact.id].classes | ids[fact.id].parents[-1].classes
            assert ids[f"r-{fact.id}"].attributes["data-t"] == fact.theme


def test_a_mark_stands_at_its_offset(pages: list[tuple[CompiledReport, Html]]) -> None:
    """The text before the mark is the source before the figure: of two equal figures the right one is marked."""
    for report, page in pages:
        source = page.source[page.source.index("<article>") :]
        for fact in report.facts:
            if fact.figure_start < 0:
                continue
            at = re.search(rf'<(?:a|span)[^>]* id="{fact.id}"', source)
            assert at is not None
            before = re.sub(r"<[^>]*$", "", source[: at.start()])
            plain = re.sub(r"<[^>]*>", "", before)
            assert len(_unescaped(plain)) == fact.figure_start - report.span[0]


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def test_every_uncovered_figure_is_underlined(pages: list[tuple[CompiledReport, Html]]) -> None:
    for report, page in pages:
        items = sorted(report.uncovered, key=lambda item: (item.start, item.end))
        for number, item in enumerate(items, 1):
            assert page.marked[f"open-{number}"] == report.text[item.start : item.end]
        assert sum(row.attributes["data-k"] == "open" for row in page.all("tr", "row")) == len(items)


def test_ids_are_unique_and_links_lead_both_ways(pages: list[tuple[CompiledReport, Html]]) -> None:
    for _, page in pages:
        ids = Counter(one.attributes["id"] for one in page.elements if "id" in one.attributes)
        assert [name for name, count in ids.items() if count > 1] == []
        for link in page.all("a"):
            target = link.attributes["href"]
            assert target == INDEX or target.removeprefix("#") in ids, target
        marks = {anchor for mark in page.marks for anchor in mark.attributes["data-f"].split()}
        for row in page.all("tr", "row"):
            anchor = row.attributes["data-m"]
            assert row.attributes["id"] == f"r-{anchor}" and anchor in marks and f"c-{anchor}" in ids
        for anchor in marks:
            assert f"r-{anchor}" in ids and anchor in ids


def test_every_issue_is_shown_at_its_figure(samples_build: Built) -> None:
    gathered = samples_build.gathered
    told = 0
    for name, report in evidence_names(gathered.reports):
        page = Html((samples_build.out / EVIDENCE / name).read_text(encoding="utf-8"))
        ids = page.by_id
        own = {fact.id for fact in report.facts}
        for issue in gathered.issues:
            for fact in own.intersection(issue.facts) if kind(issue) else ():
                told += 1
                assert ids[f"r-{fact}"].attributes["data-q"] == "1"
                assert "check" in ids[fact].classes | ids[fact].parents[-1].classes
    assert told


def test_nothing_is_fetched(samples_build: Built) -> None:
    for path in (samples_build.out / EVIDENCE).glob("*.html"):
        page = Html(path.read_text(encoding="utf-8"))
        assert not {"img", "link", "iframe", "object", "embed", "base", "form"} & {one.tag for one in page.elements}
        for one in page.elements:
            assert "src" not in one.attributes
            assert not EXTERNAL.match(one.attributes.get("href", ""))
        styles = page.all("style")[0].text
        assert "url(" not in styles and "@import" not in styles
        policy = [one for one in page.all("meta") if "http-equiv" in one.attributes]
        assert policy[0].attributes["content"].startswith("default-src 'none'")


def test_the_index_lists_every_report(samples_build: Built) -> None:
    folder = samples_build.out / EVIDENCE
    page = Html((folder / INDEX).read_text(encoding="utf-8"))
    links = [unquote(link.attributes["href"]) for link in page.all("a")]
    assert links == [name for name, _ in evidence_names(samples_build.gathered.reports)]
    assert {*links, INDEX} == {path.name for path in folder.iterdir()}
    rows = [row for row in page.all("tr") if "tbody" in [one.tag for one in row.parents]]
    for row, report in zip(rows, samples_build.gathered.reports, strict=True):
        cells = [cell.text for cell in page.all("td") if row in cell.parents]
        assert cells[0] == f"{report.identity.place}{report.identity.report_year}年政府工作报告"
        results = sum(fact.kind is Kind.RESULT for fact in report.facts)
        assert cells[2:4] == [str(results), str(len(report.facts) - results)]
        assert cells[5] == str(len(report.uncovered))
    record = json.loads((samples_build.out / "build.json").read_text(encoding="utf-8"))
    assert {f"{EVIDENCE}/{name}" for name in (*links, INDEX)} <= set(record["outputs"])


# --- one page ----------------------------------------------------------------------------------


def test_a_card_says_what_it_must(tmp_path: Path) -> None:
    report = made.second_year()
    page, _ = page_of(tmp_path, report)
    ids = page.by_id
    for fact in report.facts:
        text = ids[f"c-{fact.id}"].text
        for wanted in (
            fact.rule,
            fact.heading,
            f"{fact.start}–{fact.end}",
            fact.printed_name,
            fact.status_note,
            fact.id,
        ):
            assert wanted in text


def test_the_status_of_the_ledger_is_on_the_card(tmp_path: Path) -> None:
    reports = made.two_years()
    ledger, issues = build_ledger(reports, made.rulebook())
    path = tmp_path / "page.html"
    write_evidence(path, reports[1], ledger, ToVerify(issues), made.rulebook(), template(), made.INFO)
    text = Html(path.read_text(encoding="utf-8")).by_id["list"].text
    words = made.ledger_rules().words
    assert all(words[f"status.{status}"] in text for status in ("met", "missed", "exceeded"))


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}{% raw %}</article></textarea>-->"


@pytest.mark.parametrize(
    ("raw", "percent", "shown"),
    [
        ("2.1倍", "210", "增长2.1倍"),
        ("210%", "210", "增长210%"),
        ("4倍", "300", "增长300%"),  # 是上年的4倍: the multiple is not the growth
        ("三成", "30", "增长30%"),
    ],
)
def test_a_growth_in_multiples_is_shown_as_printed(raw: str, percent: str, shown: str) -> None:
    fact = replace(made.second_year().facts[0], measure=Measure.GROWTH, raw=raw, unit="%", text="")
    fact = replace(fact, low=Decimal(percent), high=Decimal(percent), bound=Bound.EQ)
    assert as_said(fact, Terms.of(made.ledger_rules())) == shown


def test_what_is_to_be_verified_is_found_by_its_report() -> None:
    one, two = made.two_years()
    issues = [
        Issue("F201", source=one.source, report=one.number),
        Issue("F201", source=one.source, report=one.number + 1),  # another report of the file
        Issue("F201", source=two.source, facts=(one.facts[0].id,)),
        Issue("L101", place=one.identity.place),
        Issue("F201", source=one.source, report=one.number),  # the same matter twice
    ]
    wanted = [issue for issue in issues[:4] if kind(issue)]
    assert ToVerify(issues).of(one) == [issue for issue in wanted if issue is not issues[1]]


def test_text_of_reports_is_never_code(tmp_path: Path) -> None:
    line = Line(
        f"{HOSTILE}地区生产总值812亿元{HOSTILE}，另有18家",
        Part.REVIEW,
        (f"一、{HOSTILE}",),
        (Figure("gdp", "level", "812", quote="地区生产总值812亿元", raw="812亿元", name=HOSTILE),),
        (("18家", HOSTILE),),
    )
    report = made.make_report(HOSTILE, 2017, [line], source=f"报告/{HOSTILE}.txt")
    fact = replace(
        report.facts[0], indicator=HOSTILE, theme=HOSTILE, rule=HOSTILE, modifier=HOSTILE, raw=HOSTILE, id=HOSTILE
    )
    sentence = report.sentences[0]._replace(text=HOSTILE)
    report = replace(report, facts=(fact,), sentences=(sentence,))
    issue = Issue(
        "F202", {"place": HOSTILE, "first": HOSTILE}, source=report.source, report=1, start=2, end=9, indicator=HOSTILE
    )
    page, source = page_of(tmp_path, report, (issue,))
    assert page.article.text == report.text
    assert len(page.all("script")) == 1 and not page.all("img") and "49" not in page.article.text
    assert all(not name.startswith("on") for one in page.elements for name in one.attributes)
    assert source.count("<script>") == source.count("</script>") == 1
    assert {one.attributes["data-t"] for one in page.all("tr", "result")} == {HOSTILE}
    index = tmp_path / INDEX
    assert write_evidence_index(index, [report], ToVerify([issue]), template(), made.INFO, ()) == ()
    listed = Html(index.read_text(encoding="utf-8"))
    assert not listed.all("script") and not listed.all("img") and HOSTILE in listed.all("td")[0].text


def test_characters_that_html_cannot_hold_become_one_mark_each(tmp_path: Path) -> None:
    report = made.make_report("云川市", 2017, [Line("产值\x00\x0b\ud8005亿元\u202e，增长6%。", Part.REVIEW)])
    page, source = page_of(tmp_path, report)
    assert len(page.article.text) == len(report.text)
    assert "产值\ufffd" in source and not re.search("[\x00\x0b\u202e]", source)


def test_figures_that_share_or_cross_are_all_marked(tmp_path: Path) -> None:
    """One figure of two indicators, words around a figure, and a figure that a line break cuts."""
    report = made.make_report(
        "云川市",
        2017,
        [Line("城乡收入均增长6%左右，外贸增速高于全省5%，财政收入48.\n　　3亿元。", Part.PLAN)],
    )
    text = report.text

    def fact(id: str, words: str, figure: str = "", **more: object) -> object:
        start = text.index(words)
        at = text.index(figure) if figure else -1
        return made.make_fact(
            "gdp", "growth", "6", kind="target", id=id, start=start, end=start + len(words), quote=words, sentence=1,
            figure_start=at, figure_end=at + len(figure) if figure else -1, **more,
        )  # fmt: skip

    facts = (
        fact("F1", "城乡收入均增长6%左右", "6%"),
        fact("F2", "城乡收入均增长6%左右", "6%"),
        replace(fact("F3", "外贸增速高于全省5%"), text="高于全省5%"),  # type: ignore[type-var]
        fact("F4", "外贸增速高于全省5%", "5%"),
        fact("F5", "财政收入48.\n　　3亿元", "48.\n　　3亿元"),
    )
    page, source = page_of(tmp_path, replace(report, facts=facts))  # type: ignore[arg-type]
    assert page.article.text == text
    marked = {name: page.marked[name] for name in ("F1", "F2", "F3", "F4", "F5")}
    assert marked == {"F1": "6%", "F2": "6%", "F3": "高于全省5%", "F4": "5%", "F5": "48.\n　　3亿元"}
    assert 'data-n="1、2"' in source
    ids = page.by_id
    assert {f"{before}{name}" for name in marked for before in ("", "r-", "c-")} <= ids.keys()
    hidden = [one for one in page.elements if "w" in one.classes and "\n" in one.text and page.article in one.parents]
    assert any("m" in one.classes for one in hidden)


def test_ids_that_are_missing_or_twice_still_link(tmp_path: Path) -> None:
    report = made.second_year()
    facts = tuple(replace(fact, id="" if number % 2 else "F1") for number, fact in enumerate(report.facts))
    page, _ = page_of(tmp_path, replace(report, facts=facts))
    rows = [row.attributes["data-m"] for row in page.all("tr", "row")]
    assert len(rows) == len(set(rows)) and {*rows} <= page.by_id.keys()


def test_an_issue_without_a_fact_is_marked_by_itself(tmp_path: Path) -> None:
    report = made.second_year()
    at = report.text.index("政府工作报告")
    here = Issue("F202", {}, source=report.source, report=1, start=at, end=at + 2)
    nowhere = Issue("I403", {}, source=report.source, report=1)
    other = Issue("F202", {}, source="别的.txt", report=1, start=at, end=at + 2)
    page, _ = page_of(tmp_path, report, (here, nowhere, other))
    assert page.marked["check-1"] == "政府"
    assert len([one for one in page.all("li") if one.attributes.get("id", "").startswith("r-check-")]) == 2


def test_headings_are_found_for_the_contents(samples_build: Built) -> None:
    name, report = next(iter(evidence_names(samples_build.gathered.reports)))
    page = Html((samples_build.out / EVIDENCE / name).read_text(encoding="utf-8"))
    headings = {squeezed(p.text) for p in page.all("p", "heading")}
    above = {squeezed(text) for sentence in report.sentences for text in sentence.headings}
    assert headings and headings <= above


def test_lines_that_belong_to_no_sentence_stay(tmp_path: Path) -> None:
    report = made.second_year()
    kept = tuple(one for one in report.sentences if one.number not in (1, 4))
    page, _ = page_of(tmp_path, replace(report, sentences=kept))
    assert page.article.text == report.text
    page, _ = page_of(tmp_path, replace(report, sentences=()))
    assert page.article.text == report.text


def shown_text(block: ShownParagraph) -> str:
    pieces = [piece for run in block.runs for piece in run.pieces]
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


def test_a_long_report_keeps_its_pieces_few() -> None:
    """60,000 characters with 1,500 figures: the work is along the text, not figures times sentences."""
    (report,) = made.many(1500, 1500)
    ledger, _ = build_ledger([report], made.rulebook())
    page = _Page(report, ledger, ToVerify(()), made.rulebook())
    blocks = page.blocks()
    text = "".join(block.before + shown_text(block) for block in blocks)
    assert text == report.text
    pieces = sum(len(run.pieces) for block in blocks for run in block.runs)
    assert pieces <= 2 * (len(report.facts) + len(report.uncovered)) + 2 * len(report.sentences) + len(blocks)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    report = made.second_year()
    _, one = page_of(tmp_path, report, name="one.html")
    later = replace(made.INFO, started="2030-01-01T00:00:00+08:00")
    ledger, _ = build_ledger([report], made.rulebook())
    write_evidence(tmp_path / "two.html", report, ledger, ToVerify(()), made.rulebook(), template(), later)
    assert (tmp_path / "two.html").read_bytes().decode() == one


@pytest.mark.parametrize(
    ("place", "year", "expected"),
    [
        ("锦州市", 2017, "锦州市2017年政府工作报告.html"),
        ("", 0, "乙政府工作报告.html"),
        ('../a\\b:*?"<>|#%&', 2017, "ab2017年政府工作报告.html"),
        ("云\x00川\u202e\ud800", 2017, "云川2017年政府工作报告.html"),
        ("长" * 300, 2017, ""),
    ],
)
def test_file_names_are_safe(place: str, year: int, expected: str) -> None:
    report = made.second_year()
    report = replace(report, identity=replace(report.identity, place=place, report_year=year))
    (name,) = (name for name, _ in evidence_names([report]))
    assert name == expected if expected else name.endswith("2017年政府工作报告.html")
    assert len(name.encode()) < 230


def test_file_names_are_unique() -> None:
    report = made.second_year()
    lower = replace(report, identity=replace(report.identity, place="ab"))
    upper = replace(report, identity=replace(report.identity, place="AB"))
    names = [name for name, _ in evidence_names([report, report, lower, upper])]
    assert len({name.casefold() for name in names}) == 4


# --- templates and builds that go wrong --------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("{% set tiers =", "{% sett tiers =", "E103", True),
        ("<title>", "<script src='https://example.org/a.js'></script><title>", "E105", True),
        ("{{ entry.characters }}", "", "", False),
        ("{% set tiers =", "{% macro m() %}{% endmacro %}{% set tiers =", "E103", True),
        ("{{ entry.characters }}", "{{ entry.place.__class__ }}", "E103", True),
        ("{{ entry.characters }}", "{{ entry.place.upper() }}", "E103", True),
        ("{{ entry.characters }}", "{{ entry.place|safe }}", "E103", True),
        ("{{ entry.characters }}", "{% include '/etc/passwd' %}", "E103", True),
        ("{{ entry.characters }}", "{{ 9 ** 9 ** 9 }}", "E103", True),
    ],
)
def test_mistakes_in_the_template_are_told(tmp_path: Path, old: str, new: str, code: str, line: bool) -> None:
    source = (TEMPLATES / "evidence.html").read_text(encoding="utf-8")
    assert old in source
    (tmp_path / "evidence.html").write_text(source.replace(old, new, 1), encoding="utf-8")
    loaded, issues = load_evidence_template(tmp_path)
    assert [issue.code for issue in issues] == ([code] if code else [])
    assert (loaded is None) is (code == "E103")
    for issue in issues:
        assert issue.where is not None and (issue.where.line > 0) is line
        assert "?" not in render(issue).replace("？", "?") or code == "E103"


AN_OLDER_ARTICLE = (
    '{% for block in blocks %}{% if block.before %}<span class="w">{{ block.before }}</span>{% endif %}'
    '{% if block.runs %}<p class="{{ block.kind }}{% if block.level %} level{{ block.level }}{% endif %}"'
    '{% if block.anchor %} id="{{ block.anchor }}" role="heading" aria-level="{{ block.level + 1 }}"{% endif %}>'
    '{% for run in block.runs %}{% if run.number %}<span class="s" data-s="{{ run.number }}">{% endif %}'
    '{% for piece in run.pieces %}{% if piece.hidden and not piece.rows %}<span class="w">{{ piece.text }}</span>'
    "{% elif piece.rows %}<a class=\"{% if piece.hidden %}w {% endif %}m {{ piece.kinds|join(' ') }}"
    '{% if piece.ends %} end{% endif %}"{% if piece.anchors %} id="{{ piece.anchors[0] }}"{% endif %}'
    ' href="#r-{{ piece.rows[0] }}" data-f="{{ piece.rows|join(\' \') }}"'
    "{% if piece.facts %} data-n=\"{{ piece.facts|map(attribute='number')|join('、') }}\"{% endif %} title=\""
    "{% for row in piece.facts %}{{ row.fact.indicator }}　{{ row.fact.year }}年{{ kinds[row.fact.kind.value] }}　"
    "{{ row.value }}{% if not loop.last %}；{% endif %}{% endfor %}"
    "{% for row in piece.opens %}{{ kinds.open }}{% if row.noun %}：{{ row.noun }}{% endif %}{% endfor %}"
    '{% for row in piece.checks %}{{ row.message }}{% endfor %}">'
    '{% for anchor in piece.anchors[1:] %}<span id="{{ anchor }}"></span>{% endfor %}{{ piece.text }}</a>'
    "{% else %}{{ piece.text }}{% endif %}{% endfor %}{% if run.number %}</span>{% endif %}{% endfor %}</p>{% endif %}"
    "{% endfor %}"
)


def test_a_template_that_writes_the_text_itself_gives_the_same_page(samples_build: Built, tmp_path: Path) -> None:
    source = (TEMPLATES / "evidence.html").read_text(encoding="utf-8")
    assert "{{ blocks|article(kinds) }}" in source
    (tmp_path / "evidence.html").write_text(
        source.replace("{{ blocks|article(kinds) }}", AN_OLDER_ARTICLE), encoding="utf-8"
    )
    older, issues = load_evidence_template(tmp_path)
    assert older is not None and issues == ()
    gathered = samples_build.gathered
    for name, report in evidence_names(gathered.reports):
        path = tmp_path / name
        to_verify = ToVerify(gathered.issues)
        told = write_evidence(path, report, gathered.ledger, to_verify, gathered.rulebook, older, gathered.info)
        assert told == ()
        assert path.read_bytes() == (samples_build.out / EVIDENCE / name).read_bytes()


def test_a_folder_without_the_template_takes_ours(tmp_path: Path) -> None:
    loaded, issues = load_evidence_template(tmp_path)
    assert loaded is not None and [issue.code for issue in issues] == ["E101"]
    (tmp_path / "evidence.html").write_bytes("政府".encode("gb18030"))
    loaded, issues = load_evidence_template(tmp_path)
    assert loaded is None and [issue.code for issue in issues] == ["E102"]


@pytest.mark.parametrize(
    ("old", "new", "codes", "written"),
    [
        ("{% set tiers =", "{% sett tiers =", {"E103"}, False),
        ("{{ entry.characters }} 字；", "{{ entry.nothing }} 字；", {"E104"}, True),
        ("<h1>{{ name }}</h1>", "<h1>{{ nobody }}</h1>", {"E104"}, True),
        ("<h1>{{ name }}</h1>", "<h1>{{ 'x' * 1000000000 }}</h1>", {"E104"}, True),
    ],
)
def test_a_bad_template_leaves_the_other_outputs(
    tmp_path: Path, old: str, new: str, codes: set[str], written: bool
) -> None:
    from compiler.app.build import build
    from compiler.app.options import Options
    from compiler.workspace import choose_folder

    shutil.copytree(TEMPLATES, tmp_path / "templates")
    path = tmp_path / "templates" / "evidence.html"
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    rules = choose_folder(TOP / "rules", "rules")
    templates = choose_folder(tmp_path / "templates", "templates")
    outcome = build(Options(sample_files()[:1], rules, templates, tmp_path / "out", 1))
    found = [issue for issue in outcome.issues if issue.code.startswith("E")]
    assert {issue.code for issue in found} == codes
    assert all(issue.where is not None and issue.where.line > 1 for issue in found)
    assert (tmp_path / "out" / "目标与结果.xlsx").is_file() and (tmp_path / "out" / EVIDENCE).is_dir() is written
    if written and (tmp_path / "out" / EVIDENCE / INDEX).is_file():
        assert not Html((tmp_path / "out" / EVIDENCE / INDEX).read_text(encoding="utf-8")).all("a")


def test_pages_of_an_earlier_build_are_named(tmp_path: Path) -> None:
    build_into(tmp_path / "out", sample_files()[0], only=frozenset({Output.EVIDENCE}))
    outcome = build_into(tmp_path / "out", sample_files()[-1], only=frozenset({Output.EVIDENCE}))
    assert "E106" in [issue.code for issue in outcome.issues]


# --- in a browser ------------------------------------------------------------------------------

ACTIONS = """<script>
var report = [], $ = function (id) { return document.getElementById(id); };
function on() { return Array.from(document.querySelectorAll(".row.on, .card.on, .m.on")).map(function (one) {
  return one.id || one.dataset.f; }).join(","); }
function press(key) { document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true })); }
function click(one, by) { one.dispatchEvent(
  new MouseEvent("click", { bubbles: true, cancelable: true, detail: by === undefined ? 1 : by })); }
function note() { report.push(on()); }
var rows = document.querySelectorAll("#facts .row"), first = rows[0].dataset.m, second = rows[1].dataset.m;
click(rows[0]); note();
press("ArrowDown"); note();
click(document.activeElement, 0); report.push(document.activeElement.dataset.f.split(" ").indexOf(second) >= 0);
click(document.activeElement, 0); report.push(document.activeElement.closest("tr").id === "r-" + second);
document.activeElement.blur(); press("/"); report.push(document.activeElement.id);
$("find").value = "没有这样的字"; $("find").dispatchEvent(new Event("input"));
report.push(document.querySelectorAll("#facts .row:not([hidden])").length, $("none").hidden);
click($("reset")); report.push(document.querySelectorAll("#facts .row:not([hidden])").length === rows.length);
$("kind").value = "target"; $("kind").dispatchEvent(new Event("change"));
report.push(document.querySelectorAll("#facts .row.result:not([hidden])").length);
var open = document.querySelector("main a.m.open"); click(open); note();
report.push(open.dataset.f, !$("opens").hidden, location.hash.slice(1));
document.title = JSON.stringify([first, second].concat(report));
</script></body>"""


@pytest.mark.slow
def test_clicks_and_keys_in_a_browser(samples_build: Built, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no browser")
    name, _ = next(pair for pair in evidence_names(samples_build.gathered.reports) if pair[1].uncovered)
    source = (samples_build.out / EVIDENCE / name).read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(source.replace("</body>", ACTIONS), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([*command, "--dump-dom", page.as_uri()], capture_output=True, timeout=120, check=True)
    title = re.search(r"<title>(.*?)</title>", done.stdout.decode("utf-8"), re.S)
    assert title is not None
    first, second, *told = json.loads(_unescaped(title[1]))
    opened = told[-3]
    assert told == [
        f"{first},r-{first},c-{first}",
        f"{second},r-{second},c-{second}",
        True,
        True,
        "find",
        0,
        False,
        True,
        0,
        f"{opened},r-{opened},c-{opened}",
        opened,
        True,
        opened,
    ]


def test_rows_of_a_table_stand_on_lines_of_their_own(rulebook: RuleBook) -> None:
    rows = ["固定资产投资　　160亿元　　8.2%", "粮食产量　　　　251万吨　　1.2%"]
    text = "\n".join(
        [
            "锦州市2025年政府工作报告",
            "各位代表：",
            "一、2024年工作回顾",
            "全年经济平稳运行，主要指标如下：",
            "指标名称　　　　总量　　　　比上年增长",
            *rows,
            "我们加快发展，就业稳定。",
            "二、2025年工作安排",
            "固定资产投资增长9%。",
        ]
    )
    ((report,), _) = compile_one(Source("报告.txt", text, "utf-8", "0" * 64), rulebook)
    ledger, _ = build_ledger([report], rulebook)
    page = _Page(replace(report, text=text), ledger, ToVerify(()), rulebook)
    shown = [shown_text(block) for block in page.blocks()]
    assert set(rows) < set(shown)


def test_of_a_long_line_only_the_place_meant_is_shown() -> None:
    line = "{{ entry.place }}" * 40 + "{{ nobody }}" + "{{ entry.year }}" * 40
    where = Location("evidence.html", 7, line.index("nobody") + 1, 6, ((6, "<article>"), (7, line)))
    _, before, shown, carets, *_ = render(Issue("E104", {"name": "页", "problem": ""}, where=where)).splitlines()
    assert before == "   6 | <article>" and len(shown) < 180 and "…" in shown[:9] and shown.endswith("…")
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "nobody"
