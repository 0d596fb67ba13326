"""From paths to decoded texts: which files to read, and reading one of them."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from compiler.files import visible
from compiler.model import Issue, Source
from compiler.text.limits import DEFAULT, Limits
from compiler.text.readers import Decoded, Members, Unreadable, _recognition, is_page, megabytes, readers

_CONVERTED_BY_HAND = frozenset({".uof", ".uot", ".wpd", ".lwp"})
_TABLES_BY_HAND = frozenset({".xls", ".et", ".ett", ".ods", ".xlsb", ".uos"})
_OF_APPLE = frozenset({".pages", ".numbers"})
_FIXED_LAYOUT = frozenset({".ofd", ".ceb", ".cebx", ".caj"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".heic"})
_NOT_INPUT = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

BY_HAND = "reports.yaml"
"""What a person says of the place and year of reports lies beside them in this file (:mod:`compiler.facts.by_hand`)."""

#: Data and notes that lie beside reports in a folder: passed over with a note, refused only where they are named.
_COMPANIONS = frozenset(
    {".xls", ".et", ".ods", ".xlsb", ".json", ".jsonl", ".yaml", ".yml", ".log", ".ini", ".toml", ".lock"}
)
#: These may hold reports and mostly do not; in a folder one that turns out not to is passed over as well.
_NOTES = frozenset({".md", ".markdown", ".csv", ".tsv", ".xlsx", ".xlsm"})
#: A page that somebody saved as a text is read as the page that it is.
_PLAIN = frozenset({".txt"})
#: A note is shorter than this many characters, a report several times as long.
_SHORTEST = 1000


class Input(NamedTuple):
    """A file to read, the path that outputs show, and whether it was found in a folder rather than named."""

    path: Path
    relative: str
    walked: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a file: its texts (several for archives and tables), issues, and whether it is no report.

    ``beside`` is the reason why a file found in a folder is passed over: the code of the note that counts such files.
    """

    sources: tuple[Source, ...] = ()
    issues: tuple[Issue, ...] = ()
    beside: str = ""


def readable() -> str:
    """Return the suffixes that can be read, as shown to users."""
    return "、".join(sorted(readers()))


def takes_long(suffix: str) -> bool:
    """Tell whether pages of such a file may have to be recognised, which takes seconds a page."""
    return suffix == ".pdf" and _recognition.is_available()


def read(path: Path, relative: str, limits: Limits = DEFAULT, *, walked: bool = False) -> Read:
    """Read one file. ``relative`` is the path shown in outputs; there are no sources where nothing can be read."""
    suffix = path.suffix.lower()
    if path.is_symlink() and _leads_nowhere(path):
        return Read(issues=(Issue("I165", {"path": visible(path)}, source=relative),))
    if suffix not in readers():
        unnamed = Issue("I166", {"path": visible(path.name), "readable": readable()})
        return Read(issues=(_placed(_unsupported(suffix) if suffix else unnamed, relative),))
    try:
        status = path.stat()
        # A pipe would keep us waiting for ever, and a device never ends.
        if not stat.S_ISREG(status.st_mode):
            return Read(issues=(Issue("I139", {"path": visible(path)}, source=relative),))
        if status.st_size > limits.size:
            return Read(issues=(_placed(_too_large(status.st_size, limits), relative),))
        data = path.read_bytes()
    except OSError as error:
        return Read(issues=(_unreadable(path, relative, error),))
    return read_bytes(data, relative, limits, walked=walked)


def _leads_nowhere(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False  # a link to itself, or one that may not be followed
    return False


def read_bytes(data: bytes, relative: str, limits: Limits, *, walked: bool = False) -> Read:
    """Read the content of a file that is called ``relative``."""
    suffix = PurePosixPath(relative).suffix.lower()
    notes: tuple[Issue, ...] = ()
    if suffix in _PLAIN and is_page(data):
        notes = (_placed(Issue("I176", {"suffix": suffix}), relative),)
        suffix = ".html"
    reader = readers().get(suffix)
    if reader is None:
        return Read(issues=(_placed(_unsupported(suffix or PurePosixPath(relative).name), relative),))
    if len(data) > limits.size:
        return Read(issues=(_placed(_too_large(len(data), limits), relative),))
    if not data.strip():
        return Read(issues=(_placed(Issue("I106"), relative),))
    decoded = reader(data, suffix, limits)
    if isinstance(decoded, Unreadable):
        if walked and decoded.beside:
            return Read(beside="B113" if decoded.issue.code == "I115" else "I114")
        return Read(issues=(_placed(decoded.issue, relative),))
    if isinstance(decoded, Members):
        return _members(decoded, relative, limits)
    if walked and suffix in _NOTES and len(decoded.text) < _SHORTEST:
        return Read(beside="I114")
    one = _one(decoded, relative, hashlib.sha256(data).hexdigest(), limits)
    return replace(one, issues=(*notes, *one.issues)) if one.sources else one


def _one(decoded: Decoded, relative: str, digest: str, limits: Limits) -> Read:
    if not decoded.text.strip():
        return Read(issues=(_placed(Issue("I106"), relative),))
    if len(decoded.text) > limits.characters:
        fields = {"count": str(len(decoded.text)), "limit": str(limits.characters)}
        return Read(issues=(_placed(Issue("I141", fields), relative),))
    if _falls_apart(decoded.text):
        return Read(issues=(_placed(Issue("I164"), relative),))
    source = Source(relative, decoded.text, decoded.encoding, digest, decoded.pages, decoded.tables)
    return Read((source,), tuple(_placed(issue, relative) for issue in decoded.issues))


_MANY_LINES, _SHORT_LINE, _MOSTLY = 200, 2, 0.6


def _falls_apart(text: str) -> bool:
    """Tell whether a text stands upright, a character or two a line: no sentence of it could be read rightly."""
    if text.count("\n") < _MANY_LINES - 1:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    short = sum(1 for line in lines if len(line.strip()) <= _SHORT_LINE)
    return len(lines) >= _MANY_LINES and short >= _MOSTLY * len(lines)


def _members(members: Members, relative: str, limits: Limits) -> Read:
    """Read what an archive or a table holds; a member shows as a file in a folder of the archive's name."""
    inner = replace(limits, nesting=limits.nesting - 1)
    found = []
    passed_over: dict[str, list[str]] = {}
    for name, data in members.files:
        parts = [part for part in PurePosixPath(name).parts if part not in (".", "..")]
        if not parts or not all(map(_is_input, parts)):
            continue
        if PurePosixPath(name).suffix.lower() in _COMPANIONS:
            passed_over.setdefault("I114", []).append(parts[-1])
            continue
        member = read_bytes(data, f"{relative}/{visible(name)}", inner, walked=True)
        if member.beside:
            passed_over.setdefault(member.beside, []).append(parts[-1])
        found.append(member)
    for name, decoded in members.texts:
        digest = hashlib.sha256(decoded.text.encode("utf-8", "replace")).hexdigest()
        found.append(_one(decoded, f"{relative}/{visible(name)}", digest, limits))
    issues = [_placed(issue, relative) for issue in members.issues]
    issues.extend(passed_over_notes(passed_over, relative))
    issues.extend(issue for member in found for issue in member.issues)
    sources = tuple(source for member in found for source in member.sources)
    if not sources and not issues:
        issues.append(Issue("I111", {"path": relative, "readable": readable()}, source=relative))
    return Read(sources, tuple(issues))


def passed_over_notes(names: dict[str, list[str]], source: str) -> list[Issue]:
    """Return a note for each reason why files were passed over, with how many they were."""
    return [
        Issue(code, {"count": str(len(found)), "shown": "、".join(map(visible, sorted(found)[:3]))}, source=source)
        for code, found in sorted(names.items())
    ]


def _placed(issue: Issue, relative: str) -> Issue:
    return replace(issue, source=relative)


def _too_large(size: int, limits: Limits) -> Issue:
    return Issue("I107", {"size": megabytes(size), "limit": megabytes(limits.size)})


def _unsupported(suffix: str) -> Issue:
    code = "I105"
    for kinds, named in _NAMED:
        if suffix in kinds:
            code = named
    return Issue(code, {"suffix": suffix, "readable": readable()})


_NAMED = (
    (_CONVERTED_BY_HAND, "I103"),
    (_TABLES_BY_HAND, "I177"),
    (_OF_APPLE, "I178"),
    (_FIXED_LAYOUT, "I140"),
    (_PICTURES, "I104"),
)


def _unreadable(path: Path, relative: str, error: OSError) -> Issue:
    if isinstance(error, FileNotFoundError):
        return Issue("I101", {"path": visible(path)}, source=relative)
    if isinstance(error, PermissionError):
        return Issue("I113", {"path": visible(path)}, source=relative)
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    return Issue("I102", {"path": visible(path), "reason": reason}, source=relative)


_REASONS = {
    errno.EIO: "设备读写出错",
    errno.ELOOP: "链接绕回自己",
    errno.ENAMETOOLONG: "名字太长",
    errno.ENOTDIR: "上一级不是文件夹",
    errno.ENOMEM: "内存不足",
    errno.ESTALE: "网络文件夹断开了",
    errno.ETIMEDOUT: "网络文件夹没有响应",
}


Given = tuple[Sequence[Input], tuple[Issue, ...]]
"""The files that somebody asked for, and what is wrong with the paths."""


def find_inputs(paths: Iterable[Path], limits: Limits = DEFAULT) -> Given:
    """Return the files that ``paths`` name, each with the path to show, and what is wrong with the paths.

    Folders are walked; hidden files, Word's lock files and files of the system are passed over, links to folders
    are not followed. Each file comes once, those of a folder in the order of their names. Where two files would
    show the same path, as many of their parent folders are added as tell them apart.
    """
    issues: list[Issue] = []
    found: list[Input] = []
    seen: set[str] = set()

    def add(path: Path, relative: str, walked: bool) -> None:
        # realpath, unlike resolve, takes a link that points to itself.
        resolved = os.path.realpath(path)
        if resolved not in seen:
            seen.add(resolved)
            found.append(Input(path, visible(relative), walked))

    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises where it may not look)
            inside, trouble = _walk(path, limits)
            issues.extend(trouble)
            for file in inside:
                add(file, file.relative_to(path).as_posix(), True)
            if not inside and not trouble:
                issues.append(Issue("I111", {"path": visible(path), "readable": readable()}, source=visible(path.name)))
            continue
        try:
            os.lstat(path)
        except OSError as error:
            issues.append(_unreadable(path, visible(path.name), error))
        else:
            add(path, path.name, False)
    return _told_apart(found), tuple(issues)


def is_missing(path: Path) -> bool:
    """Tell whether there is no such file; one that the system will not speak of is told by reading it."""
    try:
        os.lstat(path)
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False


def _walk(folder: Path, limits: Limits) -> tuple[list[Path], list[Issue]]:
    files: list[Path] = []
    issues: list[Issue] = []
    shown = visible(folder.name)

    def failed(error: OSError) -> None:
        where = Path(error.filename or folder)
        issues.append(_unreadable(where, visible(where.name), error))

    beside: list[str] = []
    links: list[str] = []
    for root, folders, names in os.walk(folder, onerror=failed):
        place = Path(root)
        links.extend(name for name in folders if (place / name).is_symlink())
        folders[:] = sorted(name for name in folders if _is_input(name) and not name.startswith("__"))
        for name in sorted(filter(_is_input, names)):
            if name == BY_HAND or is_misnamed(name):
                continue
            if Path(name).suffix.lower() in _COMPANIONS:
                beside.append(name)
            else:
                files.append(place / name)
        if len(files) > limits.files:
            fields = {"path": visible(folder), "limit": str(limits.files)}
            return [], [Issue("I142", fields, source=shown)]
    if links:
        fields = {"count": str(len(links)), "shown": "、".join(map(visible, sorted(links)[:3]))}
        issues.append(Issue("I143", fields, source=shown))
    if beside:
        issues.extend(passed_over_notes({"I114": beside}, shown))
    return sorted(files, key=lambda file: file.relative_to(folder).as_posix()), issues


def is_misnamed(name: str) -> bool:
    """Tell whether a file was meant to be that of corrections: reports.yml, Reports.yaml, reports.yaml.txt."""
    plain = name.lower().removesuffix(".txt")
    return name != BY_HAND and plain in (BY_HAND, BY_HAND.replace(".yaml", ".yml"))


def _is_input(name: str) -> bool:
    return not name.startswith((".", "~")) and name.lower() not in _NOT_INPUT


def _told_apart(found: list[Input]) -> list[Input]:
    shown = [one.relative for one in found]
    depth = 0
    while len(set(shown)) < len(shown) and depth < 64:
        depth += 1
        counts = Counter(shown)
        for index, one in enumerate(found):
            if counts[shown[index]] > 1:
                parts = Path(os.path.realpath(one.path)).parts
                taken = len(PurePosixPath(one.relative).parts) + depth
                shown[index] = visible("/".join(parts[-taken:]).replace("//", "/"))
    return [one._replace(relative=name) for one, name in zip(found, shown, strict=True)]
