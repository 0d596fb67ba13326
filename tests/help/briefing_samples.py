"""Briefings of invented reports, written once for all tests of a process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from compiler.briefing.template import BriefingTemplate
from compiler.briefing.write import Briefings, load_briefing_template
from compiler.facts.passages import capture_passages
from compiler.ledger.join import build_ledger
from compiler.ledger.rows import Ledger
from compiler.model import CompiledReport, Issue, Paragraph, Part, RuleBook, SectionRule
from help import make_reports as made
from help.make_reports import Line

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

SECTIONS = (
    SectionRule("problems", "困难和问题", "sections/通用.yaml", 1, within="review", openers=("也要看到",)),
    SectionRule("livelihood_projects", "民生实事", "sections/通用.yaml", 2, within="plan", headings=("民生实事",)),
    SectionRule("projects", "重大项目", "sections/通用.yaml", 3, within="plan", headings=("重大项目",)),
    SectionRule("industry", "产业发展", "sections/通用.yaml", 4, within="plan", headings=("产业",)),
    SectionRule("farming", "农业农村", "sections/通用.yaml", 5, within="plan", headings=("农业",)),
)

WORK = (
    (
        ("二、工作安排", "（二）产业升级"),
        (
            "要坚定信心。",
            "推动钢铁、化工两条老链条向下游延伸，建成东湖新材料产业园一期，新增规上企业26户。",
            "同时，抓好服务。",
            "支持“云川机床”等6家企业上云，技术改造投资增长12%。",
            "开工建设云溪抽水蓄能电站等38个亿元以上项目。",
            "大力发展现代物流。",
            "加快建设云川西站货运枢纽，年内完成主体工程。",
            "引进龙头企业5家。",
            "营造尊重企业家的氛围。",
        ),
    ),
    (
        ("二、工作安排", "（三）农业农村"),
        ("新建高标准农田18万亩，除险加固水库4座。", "改造农村危房620户。", "守住耕地红线。"),
    ),
    (
        ("二、工作安排", "（四）重大项目"),
        ("云川至临河高速公路年内通车，云川机场完成可研批复。", "确保南部水厂竣工供水。"),
    ),
    (
        ("二、工作安排", "（五）办好民生实事"),
        (
            "改造老旧小区36个，惠及居民1.2万户。",
            "新建公办幼儿园5所，新增学位1500个。",
            "建设城市书房8座、口袋公园12个。",
        ),
    ),
)


@dataclass(frozen=True)
class Written:
    """A briefing with all that it was made from."""

    path: Path
    report: CompiledReport | None
    reports: tuple[CompiledReport, ...]
    ledger: Ledger
    issues: tuple[Issue, ...]
    rulebook: RuleBook
    told: tuple[Issue, ...]


def template() -> BriefingTemplate:
    """Return the template that we ship."""
    loaded, issues = load_briefing_template(TEMPLATES)
    assert loaded is not None, issues
    return loaded


def with_work(report: CompiledReport) -> CompiledReport:
    """Return a report with a plan of work at its end, and what the section rules capture in all of it."""
    lines = [Line(text, Part.PLAN, headings) for headings, texts in WORK for text in texts]
    more = made.make_report(report.identity.place, report.identity.report_year, lines, source=report.source)
    shift, first = len(report.text), len(report.sentences)
    sentences = (
        *report.sentences,
        *(
            one._replace(
                number=one.number + first,
                paragraph=one.paragraph + 100,
                start=one.start + shift,
                end=one.end + shift,
            )
            for one in more.sentences
        ),
    )
    paragraphs = [Paragraph(one.paragraph, one.start, one.end, one.headings, one.part) for one in sentences]
    passages, _ = capture_passages(sentences, paragraphs, SECTIONS)
    return replace(report, text=report.text + more.text, sentences=sentences, passages=passages)


@cache
def written() -> dict[str, Written]:
    """Write the briefings of two years of one city and of its neighbour, and the summary."""
    reports = (with_work(made.first_year()), with_work(made.second_year()), made.neighbour())
    rulebook = replace(made.rulebook(), sections=SECTIONS)
    ledger, issues = build_ledger(reports, rulebook)
    folder = Path(mkdtemp(prefix="briefings-"))
    briefings = Briefings(reports, ledger, issues, rulebook, template())
    found = {}
    for name, report in zip(("first", "second", "neighbour"), reports, strict=True):
        path = folder / f"{name}.docx"
        told = briefings.write(path, report, made.INFO)
        found[name] = Written(path, report, reports, ledger, issues, rulebook, told)
    path = folder / "summary.docx"
    told = briefings.write_summary(path, made.INFO)
    found["summary"] = Written(path, None, reports, ledger, issues, rulebook, told)
    return found
