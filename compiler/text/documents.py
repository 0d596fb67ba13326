"""What kind of document a text is: a government's report, or one of those that lie beside it.

Title and file name tell papers on the plan and the budget, bulletins of statistics and digests; the signs in the text
tell news, foreign languages and text that was decoded wrongly. A text that opens as a report does is one, whatever
page it stood on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.model import DocumentKind, Lexicon, Part
from compiler.strings import any_of, squeeze
from compiler.text.announcements import heading_part
from compiler.text.split import opens_report

_HEADER_LINES = 14
_TITLE = 60
"""A title has no more characters."""
_HEADING = 30
_BEGINNING = 3000
_LEAST = 60
"""A text of fewer characters shows no language and no damage."""
_FOREIGN, _GARBLED = 0.5, 0.03
"""From this share on of Latin letters a text is in a foreign language, of signs of wrong decoding it is garbled."""
_NEWS_WORDS = 2
_LETTER = re.compile("[A-Za-z]")
_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBERED = re.compile("[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）")
#: UTF-8 read as Latin-1 or GBK, and GBK read as Latin-1, leave these behind.
_DAMAGE = re.compile(
    "[\u00a1-\u00a6\u00aa-\u00af\u00b4\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u00ff\ufffd]|锟斤拷|烫烫|[锘锛銆鐨鍙鏀涓€]"
)

_BY_TITLE = (
    (DocumentKind.BULLETIN, "document.bulletins"),
    (DocumentKind.BUDGET, "document.budgets"),
    (DocumentKind.PLAN_PAPER, "document.plans"),
)


def document_kind(text: str, path: str, lexicon: Lexicon) -> DocumentKind:
    """Return what kind of document a text is that a file of this name holds."""
    if len(text) >= _LEAST and (strange := _strange(text[:_BEGINNING])) is not None:
        return strange
    lines = [line for line in text[:_BEGINNING].split("\n") if line][:_HEADER_LINES]
    above = lines[: next((index for index, line in enumerate(lines) if _begins(line, lexicon)), len(lines))]
    titles = [line for line in above if len(line) <= _TITLE and "。" not in line]
    own = lexicon.words("report.titles")
    if any(word in title for word in own for title in titles):
        return DocumentKind.REPORT
    if _of_other_body(titles, lines, lexicon):
        return DocumentKind.OTHER_BODY
    for kind, name in _BY_TITLE:
        if _names(titles, lexicon.words(name)):
            return kind
    if any(_opens(line, lexicon) for line in lines):
        return DocumentKind.REPORT
    if _names([path.rsplit("/", 1)[-1]], lexicon.words("document.bulletins")):
        return DocumentKind.BULLETIN
    if _names(titles, lexicon.words("document.digests")):
        return DocumentKind.DIGEST
    found = sum(word in text[:_BEGINNING] for word in lexicon.words("document.news"))
    has_parts = any(len(line) <= _HEADING and heading_part(line, lexicon) is not Part.OTHER for line in lines)
    return DocumentKind.NEWS if found >= _NEWS_WORDS and not has_parts else DocumentKind.REPORT


def _strange(text: str) -> DocumentKind | None:
    """Return that a text is garbled or foreign, ``None`` where it is neither."""
    bare = squeeze(text)
    damage = sum(map(len, _DAMAGE.findall(bare)))
    if damage >= _GARBLED * len(bare):
        return DocumentKind.GARBLED
    letters = len(_LETTER.findall(bare.encode("ascii", "ignore").decode()))
    return DocumentKind.FOREIGN if letters >= _FOREIGN * len(bare) and len(_HAN.findall(bare)) < letters / 4 else None


def _of_other_body(titles: Sequence[str], lines: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether title or opening name a body that is no government: 人大常委会工作报告, 我受政协常委会的委托."""
    bodies = lexicon.words("document.bodies")
    if any(body in title and title.endswith(lexicon.words("document.reports")) for body in bodies for title in titles):
        return True
    on_behalf = re.compile(f"(?:{any_of(lexicon.words('report.on_behalf'))})[^，。；：]{{0,24}}(?:{any_of(bodies)})")
    return any(on_behalf.search(line) is not None for line in lines if _opens(line, lexicon))


def _names(titles: Sequence[str], words: Sequence[str]) -> bool:
    return any(word in title for word in words for title in titles)


def _opens(line: str, lexicon: Lexicon) -> bool:
    """Tell whether a line greets a congress or opens a report."""
    return line.startswith(lexicon.words("report.salutations")) or opens_report(line, lexicon.words("report.openings"))


def _begins(line: str, lexicon: Lexicon) -> bool:
    """Tell whether the text begins with a line, so that no title stands below it."""
    return _opens(line, lexicon) or _NUMBERED.match(line) is not None
