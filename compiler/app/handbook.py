"""The generated pages beside the rules, of every key and every message: ``python -m compiler.app.handbook``."""

from __future__ import annotations

from pathlib import Path

from compiler.documentation import messages_page
from compiler.rules import keys as schema
from compiler.rules.shapes import Key, ListOf, OneOf

RULES = Path(__file__).resolve().parents[2] / "rules"
IN_README = ("indicators", "sections")
_MARKS = ("<!-- 键：开始 -->", "<!-- 键：结束 -->")


def keys_page() -> str:
    """Return the page with the keys of every kind of file."""
    head = "# 所有的键\n\n由 `python -m compiler.app.handbook` 生成，不要手改。怎么用见 [README.md](README.md)。\n"
    return "\n".join([head, *(_tables(kind, "##") for kind in schema.KINDS)]).rstrip("\n") + "\n"


def _tables(kind: str, level: str) -> str:
    """Return the keys of one kind of file as tables."""
    title, record = schema.KINDS[kind]
    parts = [f"{level} {title}\n"]
    for path, keys in schema._records("", record):
        heading = f"`{path}` 里的键" if path else "最上层的键"
        parts.append(f"{level}# {heading}\n\n| 键 | 名称 | 用途 | 不写时 | 例 |\n|---|---|---|---|---|")
        parts.extend(_row(key) for key in keys)
        parts.append("")
    return "\n".join(parts)


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
    messages = messages_page().replace("python -m compiler.documentation", "python -m compiler.app.handbook")
    return {
        RULES / "keys.md": keys_page(),
        RULES / "messages.md": messages,
        manual: readme(manual.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")
        print(path)
