"""Whatever a file holds, reading and compiling it ends in reports and messages: no exception, no hang.

Some five hundred inputs in every run, many thousands under the nightly mark (``pytest -m nightly``). Times are those of
the processor, so that a busy machine fails nothing.
"""

from __future__ import annotations

import html
import io
import random
import time
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from help.pdf_maker import lines_of, pdf, set_in_lines

from compiler.facts.batch import misquoted
from compiler.facts.compile import compile_source
from compiler.issues import CATALOGUE, render
from compiler.model import RuleBook, Source
from compiler.processes import Lost, in_processes
from compiler.text.limits import DEFAULT
from compiler.text.read import Read, read_bytes
from compiler.workspace import sample_files

SLOWEST = 5.0
"""Seconds that one input may take."""


@cache
def sample() -> str:
    path = next(path for path in sample_files() if path.suffix == ".txt" and "2024" in path.name)
    return path.read_text(encoding="utf-8")[:600]


def word() -> bytes:
    import docx

    document, stream = docx.Document(), io.BytesIO()
    for line in sample().split("\n"):
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("指标", "单位", "2024年实际"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("地区生产总值", "亿元", "812.5"), strict=True):
        cell.text = text
    document.save(stream)
    return stream.getvalue()


def sheet() -> bytes:
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["地区", "年份", "正文"])
    book.active.append(["某", 2024, sample()])
    book.save(stream)
    return stream.getvalue()


def page() -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in sample().split("\n"))
    return f'<html><head><meta charset="utf-8"></head><body><div>{body}</div></body></html>'.encode()


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("报告.txt", sample())
        made.writestr("内/报告.html", page())
    return stream.getvalue()


# --- changes -------------------------------------------------------------------------------------


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut out or doubled."""
    made = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(made) + 1)
        made[at : at + chance.choice((0, 1, 1, 1, 40))] = chance.randbytes(chance.choice((0, 1, 1, 3)))
    return bytes(made)


def mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """Return a package of which one part is mutated and the package itself is sound, or all of it is."""
    if chance.random() < 0.25:
        return mutated(data, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        main = [name for name in names if name.endswith(("document.xml", "sheet1.xml", "sharedStrings.xml", ".txt"))]
        victim = chance.choice(main if main and chance.random() < 0.6 else names)
        for name in names:
            content = old.read(name)
            new.writestr(name, rewritten(content, chance) if name == victim else content)
    return stream.getvalue()


def rewritten(content: bytes, chance: random.Random) -> bytes:
    """Return XML with elements swapped, doubled or with other values, which a parser still takes; or any bytes."""
    if chance.random() < 0.3:
        return mutated(content, chance)
    pieces = content.split(b"<")
    for _ in range(chance.randrange(1, 8)):
        a, b = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        change = chance.randrange(4)
        if change == 0:
            pieces[a], pieces[b] = pieces[b], pieces[a]
        elif change == 1:
            pieces.insert(a, pieces[b])
        elif change == 2:
            pieces[a] = pieces[a].replace(
                b'="', b'="' + chance.choice((b"-1", b"x", b"99999999999", b"", b"\xef\xbf\xbd"))
            )
        elif len(pieces) > 1:
            del pieces[a]
    return b"<".join(pieces)


def with_private_use(chance: random.Random) -> bytes:
    """Return a text with characters that have no meaning of their own, of which programs make marks."""
    text = list(sample())
    for _ in range(chance.randrange(1, 80)):
        at = chance.randrange(len(text) + 1)
        mark = chr(chance.choice((0xE000, 0xE001, 0xE002, 0xE003, chance.randrange(0xE000, 0xF900))))
        text[at : at + chance.choice((0, 0, 1))] = mark * chance.choice((1, 1, 1, 2, 30))
    return "".join(text).encode()


Maker = Callable[[random.Random], bytes]


def made_from(whole: Callable[[], bytes], change: Callable[[bytes, random.Random], bytes]) -> Maker:
    kept = cache(whole)
    return lambda chance: change(kept(), chance)


KINDS: dict[str, tuple[str, Maker, int, int]] = {
    # suffix, what makes one, how many in every run, how many at night
    "private use": (".txt", with_private_use, 120, 20_000),
    "word": (".docx", made_from(word, mutated_inside), 90, 2_000),
    "pdf": (".pdf", made_from(lambda: pdf(set_in_lines(lines_of(sample()))), mutated), 60, 500),
    "sheet": (".xlsx", made_from(sheet, mutated_inside), 60, 500),
    "page": (".html", made_from(page, mutated), 40, 2_000),
    "archive": (".zip", made_from(archive, mutated_inside), 40, 1_000),
    "utf-8": (".txt", made_from(lambda: sample().encode(), mutated), 30, 2_000),
    "utf-16": (".txt", made_from(lambda: sample().encode("utf-16"), mutated), 20, 1_000),
    "utf-32": (".txt", made_from(lambda: sample().encode("utf-32"), mutated), 20, 1_000),
    "gb18030": (".txt", made_from(lambda: sample().encode("gb18030"), mutated), 30, 1_000),
}


def check(kind: str, count: int, seed: int, rulebook: RuleBook) -> None:
    suffix, make, _, _ = KINDS[kind]

    def run(number: int) -> str:
        """Read and compile one input; return what is wrong, empty where nothing is."""
        data = make(random.Random(f"{seed} {number}"))
        began = time.process_time()
        read = read_bytes(data, f"报告{suffix}", DEFAULT)
        if not isinstance(read, Read) or not (read.sources or read.issues):
            return "neither a text nor a message"
        issues = list(read.issues)
        for source in read.sources[:3]:
            reports, found = compile_source(source, rulebook)
            issues.extend((*found, *misquoted(reports)))
        for issue in issues:
            if issue.code not in CATALOGUE or issue.code == "B108" or not render(issue):
                return f"{issue}"
        taken = time.process_time() - began
        return f"{taken:.1f} s" if taken > SLOWEST else ""

    # As a build does it: in a process of its own, which a library of C may end.
    wrong = {}
    tasks = range(count)
    results = in_processes(run, tasks, 1, seconds=60, lost=lambda _, loss: lost(loss), alone=True)
    for number, found in zip(tasks, results, strict=True):
        if found:
            wrong[number] = found
    assert not wrong, f"seed {seed}: {wrong}"


def lost(loss: Lost) -> str:
    """Return what a process that is gone counts as: its death is told by a build, its hanging must not be."""
    return "hangs" if loss.seconds else f"dies: {loss.reason}"


@pytest.mark.parametrize("kind", KINDS)
def test_some(kind: str, rulebook: RuleBook) -> None:
    check(kind, KINDS[kind][2], 20261129, rulebook)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_very_many(kind: str, rulebook: RuleBook) -> None:
    check(kind, KINDS[kind][3], 1, rulebook)


LONG = {
    "clauses": "，".join(f"地区生产总值增长{n % 9 + 1}.5%" for n in range(1_000)),
    "list of known names": "、".join(["地区生产总值", "粮食产量", "固定资产投资"][n % 3] for n in range(1_000))
    + "分别增长"
    + "、".join(f"{n % 9 + 1}.5%" for n in range(1_000)),
    "list of unknown names": "、".join(f"第{n}样" for n in range(2_000)) + "分别增长" + "、".join(["6.5%"] * 2_000),
    "names without a figure": "全市地区生产总值增长" * 1_000 + "3%",
    "one character": "产" * 20_000 + "达到3.5亿元",
    "one figure": "1" * 20_000 + "亿元",
    "brackets": "（" * 5_000 + "3亿元" + "）" * 5_000,
    "joins": "、" * 20_000 + "增长3%",
    "blanks": "全市" + " " * 300_000 + "增长3%",
    "leaders": "全市" + "." * 40_000 + "5亿元" + "l0" * 20_000,
}


@pytest.mark.parametrize("what", LONG)
def test_long_sentences_end(what: str, rulebook: RuleBook) -> None:
    """Time grows with the length of a sentence and not with its square: each of these takes less than a second."""
    text = f"云川市2017年政府工作报告\n各位代表：\n一、2016年工作回顾\n{LONG[what]}。\n"
    began = time.process_time()
    compile_source(Source("报告.txt", text, "utf-8", ""), rulebook)
    assert time.process_time() - began < 2 * SLOWEST  # a hang, not a measure of speed


def test_every_run_has_five_hundred() -> None:
    assert sum(counts[2] for counts in KINDS.values()) >= 500
