"""The list of all messages as a page for people: ``python -m compiler.documentation`` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from compiler.issues import CATALOGUE, SEVERITY_WORDS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "messages.md"

#: The families of codes by their first letter, in the order of a build.
FAMILIES = {
    "R": "规则",
    "I": "读报告",
    "F": "数字",
    "G": "取舍的依据",
    "L": "台账",
    "T": "模板",
    "O": "写出结果",
    "S": "建议规则",
    "P": "比较两套规则",
    "X": "规则与 Excel 表格互换",
    "B": "编译和命令",
}


def messages_page() -> str:
    """Return the page that lists every message: code, severity, wording, meaning and remedy."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 提示一览"
    yield ""
    yield "程序给出的每条提示都有编号。下面按编号说明意思和改法；`{…}` 处是当时的具体内容。"
    yield "这一页由 `python -m compiler.documentation` 从 `compiler/messages/*.yaml` 生成，不要手改。"
    letters = [*FAMILIES, *sorted({code[0] for code in CATALOGUE} - FAMILIES.keys())]
    for letter in letters:
        codes = sorted(code for code in CATALOGUE if code.startswith(letter))
        if not codes:
            continue
        yield ""
        yield f"## {letter}：{FAMILIES.get(letter, '其他')}"
        yield ""
        yield "| 编号 | 轻重 | 提示 | 意思 | 改法 |"
        yield "|---|---|---|---|---|"
        for code in codes:
            known = CATALOGUE[code]
            weight = SEVERITY_WORDS[known.severity] + (f"（{known.kind}）" if known.kind else "")
            yield f"| {code} | {weight} | {_cell(known.message)} | {_cell(known.about)} | {_cell(known.advice)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(messages_page(), encoding="utf-8")
    print(PAGE)
