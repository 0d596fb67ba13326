"""What a user would otherwise run, on the same texts in the same run; what is missing is named and left out.

None of these does the whole of what the program does: a plain script finds figures behind names, a recogniser finds
numbers with units anywhere, a writer of workbooks only writes. They tell what the parts cost elsewhere.

In an environment of its own: ``pip install recognizers-text-number-with-unit "emoji<2" jionlp spacy docxtpl``.
"""

from __future__ import annotations

import logging
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from compiler.model import RuleBook, Source

TOP = Path(__file__).resolve().parents[2]
Say = Callable[..., None]


def sources_of(folder: Path) -> list[Source]:
    """Read the reports of a folder."""
    from compiler.text.read import find_inputs, read

    inputs, _ = find_inputs([folder])
    return [source for one in inputs for source in read(one.path, one.relative).sources]


def _timed(work: Callable[[], object]) -> float:
    """Return the least processor seconds of three runs."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def compare(folder: Path, say: Say) -> None:
    """Print milliseconds a report of the program and of others, then of cells and of documents."""
    from compiler.facts.compile import compile_source
    from compiler.rules.rulebook import load_rulebook

    rulebook, _ = load_rulebook(TOP / "rules")
    assert rulebook is not None
    sources = sources_of(folder)[:10]
    texts = [source.text for source in sources]
    compile_source(sources[0], rulebook)
    say("figures in texts", "ms a report", "of ours")
    ours = _timed(lambda: [compile_source(source, rulebook) for source in sources])
    say("  text to facts, ours", f"{ours * 1000 / len(texts):.1f}", "1.00")
    makers: dict[str, Callable[[RuleBook], Callable[[str], object]]] = {
        "a regular expression an indicator": _expressions,
        "jieba.cut": _jieba,
        "recognizers-text, numbers with units": _recognizers,
        "jionlp, money": _jionlp,
        "spaCy EntityRuler, the same names": _spacy,
    }
    for name, make in makers.items():
        try:
            read = make(rulebook)
        except ImportError as error:
            say(f"  {name}", f"left out: {error}")
            continue
        read(texts[0])
        taken = _timed(lambda read=read: [read(text) for text in texts])  # type: ignore[misc]
        say(f"  {name}", f"{taken * 1000 / len(texts):.1f}", f"{taken / ours:.2f}")
    _cells(say)
    _documents(say)


def _names(rulebook: RuleBook) -> list[tuple[str, tuple[str, ...]]]:
    """Return id and plain names of each indicator."""
    found = []
    for rule in rulebook.indicators:
        names = [name for name in (rule.name, *rule.aliases) if not re.search("[〔〕…]", name)]
        found.append((rule.id, tuple(names)))
    return found


def _expressions(rulebook: RuleBook) -> Callable[[str], object]:
    """What somebody writes in an afternoon: a name, a few characters, a figure with its unit."""
    figure = r"[^。；\d]{0,12}?(\d+(?:\.\d+)?)(万亿元|亿元|万元|亿美元|万人|万吨|%|个百分点|个|人|元)?"
    patterns = [re.compile(f"(?:{'|'.join(map(re.escape, names))}){figure}") for _, names in _names(rulebook) if names]
    return lambda text: [pattern.findall(text) for pattern in patterns]


def _jieba(rulebook: RuleBook) -> Callable[[str], object]:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return lambda text: list(jieba.cut(text))


def _recognizers(rulebook: RuleBook) -> Callable[[str], object]:
    from recognizers_number import recognize_number
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    def read(text: str) -> list[Any]:
        found: list[Any] = []
        for sentence in re.split("(?<=[。；\n])", text):
            if re.search(r"\d", sentence):
                found += [*recognize_number(sentence, "zh-cn"), *recognize_currency(sentence, "zh-cn")]
                found += recognize_dimension(sentence, "zh-cn")
        return found

    return read


def _jionlp(rulebook: RuleBook) -> Callable[[str], object]:
    import jionlp

    return lambda text: jionlp.ner.extract_money(text)


def _spacy(rulebook: RuleBook) -> Callable[[str], object]:
    import spacy

    language = spacy.blank("zh")
    language.max_length = 10_000_000
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": name, "pattern": word} for name, names in _names(rulebook) for word in names])
    return lambda text: language(text).ents


# --- what is written -------------------------------------------------------------------------------

_ROWS, _COLUMNS = 4_000, 12


def _cells(say: Say) -> None:
    """Print thousand cells a second: half words, half figures, each with a style."""
    from datetime import datetime
    from decimal import Decimal

    from compiler.workbook.package import save_book
    from compiler.workbook.xlsx import Book, Style

    values: list[str | Decimal] = ["一般公共预算收入", Decimal("812.5")]
    moment = datetime(2020, 1, 1)

    def ours(path: Path) -> None:
        book = Book()
        sheet, style = book.sheet("a"), book.styles.number(Style())
        for row in range(1, _ROWS + 1):
            sheet.row(row, [(column, values[column % 2], style) for column in range(1, _COLUMNS + 1)])
        save_book(book, path, moment)

    def xlsxwriter(path: Path) -> None:
        from xlsxwriter import Workbook

        book = Workbook(str(path), {"constant_memory": True})
        sheet, style = book.add_worksheet(), book.add_format({"border": 1})
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                value = values[column % 2]
                sheet.write(row, column, value if isinstance(value, str) else float(value), style)
        book.close()

    def openpyxl(path: Path) -> None:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for _ in range(_ROWS):
            sheet.append([values[column % 2] for column in range(_COLUMNS)])
        book.save(path)

    say("cells", "1000 a second", "of ours")
    _written(say, {"ours": ours, "XlsxWriter": xlsxwriter, "openpyxl, no styles": openpyxl}, ".xlsx", 0.048)


def _documents(say: Say) -> None:
    """Print documents a second: thirty paragraphs and a table of fifteen rows."""
    paragraphs = [f"推进第{n}号重点项目建设，新增产能{n}万吨，确保年内建成投产见效。" for n in range(30)]
    rows = [[f"指标{n}", f"{n}.5亿元", "7%", "6.5%"] for n in range(15)]

    def plain(path: Path) -> None:
        from docx import Document

        document = Document()
        for text in paragraphs:
            document.add_paragraph(text)
        table = document.add_table(0, 4)
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
        document.save(str(path))

    def template(path: Path) -> None:
        from docx import Document
        from docxtpl import DocxTemplate

        source = path.with_name("template.docx")
        if not source.exists():
            document = Document()
            for text in ("{%p for text in paragraphs %}", "{{ text }}", "{%p endfor %}"):
                document.add_paragraph(text)
            table = document.add_table(3, 4)
            table.cell(0, 0).text = "{%tr for row in rows %}"
            for number in range(4):
                table.cell(1, number).text = f"{{{{ row[{number}] }}}}"
            table.cell(2, 0).text = "{%tr endfor %}"
            document.save(str(source))
        filled = DocxTemplate(str(source))
        filled.render({"paragraphs": paragraphs, "rows": rows})
        filled.save(str(path))

    say("documents (ours: bench_briefing.py)", "a second", "of the first")
    _written(say, {"python-docx": plain, "docxtpl": template}, ".docx", 0.001)


def _written(say: Say, writers: dict[str, Callable[[Path], None]], suffix: str, thousands: float) -> None:
    """Print how much each writer writes a second; ``thousands`` is what one file counts for."""
    with tempfile.TemporaryDirectory() as temporary:
        first = 0.0
        for name, write in writers.items():
            path = Path(temporary) / f"a{suffix}"
            try:
                taken = _timed(lambda write=write, path=path: write(path))  # type: ignore[misc]
            except ImportError as error:
                say(f"  {name}", f"left out: {error}")
                continue
            rate = thousands * 1000 / taken
            first = first or rate
            say(f"  {name}", f"{rate:.0f}" if suffix == ".xlsx" else f"{rate:.1f}", f"{rate / first:.2f}")
