"""Small reports made up for the tests of the stages before extraction, and the stages run on them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from compiler.model import Identity, Issue, Lexicon, Normalised, Paragraph, ReportText
from compiler.text.identify import identify
from compiler.text.normalise import normalise
from compiler.text.outline import outline
from compiler.text.split import split
from help.cases import read_yaml

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "reports"


@cache
def lexicon() -> Lexicon:
    """Return the word lists of the default lexicon, all that these stages ask for, straight from its file."""
    content = read_yaml(ROOT / "rules" / "lexicon.yaml")
    lists: dict[str, tuple[str, ...]] = {}

    def collect(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for key, below in node.items():
                collect(below, f"{path}.{key}" if path else str(key))
        elif isinstance(node, list) and all(isinstance(word, str) for word in node):
            lists[path] = tuple(sorted(node, key=lambda word: (-len(word), word)))

    collect(content, "")
    return Lexicon({}, (), lists)


def normalised(text: str) -> Normalised:
    return normalise(text, lexicon())[0]


def reports(text: str) -> tuple[Normalised, tuple[ReportText, ...], tuple[Issue, ...]]:
    plain = normalised(text)
    found, issues = split(plain, lexicon())
    return plain, found, issues


def identity(text: str, path: str = "报告.txt") -> tuple[Identity, list[str]]:
    """Return the identity of the first report of a text and the codes of the issues."""
    plain, found, _ = reports(text)
    result, issues = identify(plain, found[0], path, lexicon())
    return result, [issue.code for issue in issues]


def outlined(text: str, path: str = "报告.txt") -> tuple[list[tuple[Paragraph, str]], list[str], Identity]:
    """Return the paragraphs of the first report with their texts, the codes of the issues, and the identity."""
    plain, found, _ = reports(text)
    who, _ = identify(plain, found[0], path, lexicon())
    paragraphs, issues = outline(plain, found[0], who, lexicon())
    return [(p, plain.text[p.start : p.end]) for p in paragraphs], [issue.code for issue in issues], who


REVIEW = (
    "过去一年，面对多重考验，我们稳住了发展的基本盘。",
    "全年实现生产总值812.5亿元，增长6.5%；一般公共预算收入48.3亿元，增长4%。",
    "项目建设提速，新开工重点项目126个，当年投资突破190亿元。",
)
PLAN = (
    "今年是承上启下的一年，做好各项工作意义重大。",
    "今年全市经济社会发展的主要预期目标是：生产总值增长6%左右，居民收入与经济增长同步。",
    "我们将把扩大投资放在突出位置，安排重点项目150个。",
)


def report(title: str = "", meeting: str = "", speaker: str = "", year: int = 2017, government: str = "市") -> str:
    """Return a short report with the usual headings."""
    lines = [line for line in (title, meeting, speaker) if line]
    lines += ["各位代表：", f"现在，我代表{government}政府向大会报告工作，请予审议。"]
    lines += [f"一、{year - 1}年工作回顾", *REVIEW, f"二、{year}年工作安排", *PLAN]
    lines.append("各位代表！蓝图已经绘就，让我们同心协力，为建设美好家园而努力奋斗！")
    return "\n".join(lines)
