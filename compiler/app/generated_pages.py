"""What is generated beside rules and templates: the pages of every key and every message, and the JSON Schemas.

``python -m compiler.app.generated_pages`` writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from compiler.authoring import file_kinds as schema
from compiler.issues import CATALOGUE, SEVERITY_WORDS
from compiler.rules.shapes import Key, ListOf, OneOf, records

TOP = Path(__file__).resolve().parents[2]
RULES = TOP / "rules"
IN_README = ("indicators", "sections")
_MARKS = ("<!-- 键：开始 -->", "<!-- 键：结束 -->")


def keys_page() -> str:
    """Return the page with the keys of every kind of file."""
    head = (
        "# 所有的键\n\n由 `python -m compiler.app.generated_pages` 生成，不要手改。怎么用见 [README.md](README.md)。\n"
    )
    return "\n".join([head, *(_tables(kind, "##") for kind in schema.KINDS)]).rstrip("\n") + "\n"


def _tables(kind: str, level: str) -> str:
    """Return the keys of one kind of file as tables."""
    known = schema.KINDS[kind]
    parts = [f"{level} {known.title}（{known.files}）\n"]
    places: dict[tuple[Key, ...], list[str]] = {}
    for path, keys in records("", known.record):
        places.setdefault(keys, []).append(path)
    for keys, paths in places.items():  # the same keys in several places are told once
        heading = "、".join(f"`{path}`" for path in paths) + " 里的键" if paths[0] else "最上层的键"
        parts.append(f"{level}# {heading}\n")
        often = [key for key in keys if not key.rare]
        rarely = [key for key in keys if key.rare]
        parts.extend(_table(often))
        if rarely:
            parts.append("少用的：\n")
            parts.extend(_table(rarely))
    return "\n".join(parts)


def _table(keys: Sequence[Key]) -> Iterator[str]:
    yield "| 键 | 名称 | 用途 | 不写时 | 例 |\n|---|---|---|---|---|"
    yield from (_row(key) for key in keys)
    yield ""


def _row(key: Key) -> str:
    shape = key.shape.item if isinstance(key.shape, ListOf) else key.shape
    use = key.about
    if isinstance(shape, OneOf):
        use += "".join(f"<br>`{word}` {title}" for word, title in shape.choices)
    absent = "**必须写**" if key.required else key.default
    example = f"`{key.example}`" if key.example else ""
    cells = (f"`{key.name}`", key.title, use, absent, example)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def readme(text: str) -> str:
    """Return the README with its tables of keys made anew."""
    tables = "\n".join(_tables(kind, "###") for kind in IN_README)
    before, _, rest = text.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    return f"{before}{_MARKS[0]}\n\n{tables.strip()}\n\n{_MARKS[1]}{after}"


def pages() -> dict[Path, str]:
    """Return what stands in each generated page."""
    manual = RULES / "README.md"
    return {
        RULES / "keys.md": keys_page(),
        RULES / "messages.md": messages_page(),
        manual: readme(manual.read_text(encoding="utf-8")),
        **{
            TOP / schema.schema_path(kind): json.dumps(schema.json_schema(kind), ensure_ascii=False, indent=2) + "\n"
            for kind in schema.KINDS
        },
    }


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
    "E": "原文核对页",
}


def messages_page() -> str:
    """Return the page that lists every message: code, severity, wording, meaning and remedy."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 提示一览"
    yield ""
    yield "程序给出的每条提示都有编号。下面按编号说明意思和改法；`{…}` 处是当时的具体内容。"
    yield "这一页由 `python -m compiler.app.generated_pages` 从 `compiler/messages/*.yaml` 生成，不要手改。"
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
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")
        print(path)
