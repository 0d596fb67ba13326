"""What a person sees on the terminal: exit codes, progress, issues and the closing summary of a build."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.app.build import Outcome
    from compiler.model import Issue

PROGRAM = "report-compiler"
DONE, CONTENT_AT_FAULT, WRONG_USE_OR_CRASH = 0, 1, 2

#: So many issues of one severity are printed one by one; build.json and the workbook hold them all.
SHOWN = 20
#: Where there are more of them, so many with one code: twenty stray files must not hide what else there is.
OF_ONE_KIND = 5

#: Up to so many steps each has a line of its own where there is no bar; of more, so many lines tell how far it is.
MANY, LINES = 60, 20


class WrongUse(Exception):
    """The command line asks for something that cannot be; the message says what, in Chinese."""


class _Log:
    """The file that ``--log`` names, while it is open."""

    def __init__(self) -> None:
        self.stream: IO[str] | None = None


_log = _Log()


@contextmanager
def logging_to(path: Path | None) -> Iterator[None]:
    """Also write to a file what is said meanwhile, with the time; :class:`WrongUse` where it cannot be written."""
    if path is None:
        yield
        return
    try:
        _log.stream = path.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise WrongUse(f"--log 写不了 {path}：{error.strerror}") from None
    try:
        yield
    finally:
        _log.stream.close()
        _log.stream = None


def say_to_log(text: str) -> None:
    """Write to the log alone, where there is one."""
    if _log.stream is not None:
        moment = datetime.now().astimezone().isoformat(timespec="milliseconds")
        _log.stream.write(f"{moment} {text}\n")
        _log.stream.flush()


def log_issues(issues: Iterable[Issue]) -> None:
    """Write every issue to the log; the terminal shows some of them only."""
    from compiler.issues import render

    for issue in issues if _log.stream is not None else ():
        say_to_log(render(issue))


def show_outcome(outcome: Outcome, *, verbose: bool = False) -> None:
    """Print the issues of a build and its closing summary."""
    from compiler.app.record import counts

    show_issues(outcome.issues, verbose=verbose)
    if outcome.unchanged is not None:
        kept = outcome.unchanged["counts"]
        print(
            f"没有变化：报告、规则、模板和上次编译时一样，结果也没有人动过，什么也没有重写"
            f"（报告 {kept['reports']} 份，事实 {kept['facts']} 条，警告 {kept['warnings']} 条，见 build.json；"
            "想重新编译就加 --no-cache）"
        )
        return
    if outcome.record is not None:
        made, parts = outcome.record["counts"], outcome.record["parts"]
        print(
            f"编译完成：报告 {made['reports']} 份，事实 {made['facts']} 条"
            f"（逐字核对 {made['quotes_verified']}/{made['facts']} 一致），分 {parts} 片，"
            f"警告 {made['warnings']} 条、提示 {made['notes']} 条（全部在 data/issues.jsonl）"
        )
        print("\n".join(("结果：", *(f"  {place}" for place in _places(outcome.written)))))
        return
    if outcome.gathered is None or not outcome.written:
        say("没有写出结果。")
        return
    total = counts(outcome.gathered)
    gathered = outcome.gathered
    covered = total["figures"] - total["uncovered"]
    share = f"，覆盖 {covered / total['figures']:.0%}" if total["figures"] else ""
    lines = [
        *_first(outcome.issues),
        f"编译完成：报告 {total['reports']} 份，事实 {total['facts']} 条"
        f"（逐字核对 {total['quotes_verified']}/{total['facts']} 一致），"
        f"待核 {total['to_verify']} 条，未覆盖 {total['uncovered']} 个数字{share}",
        f"规则：{gathered.info.rules_root}（版本 {gathered.info.rules_version}，"
        f"指纹 {gathered.info.rules_fingerprint[:12]}）",
        "结果：",
    ]
    lines.extend(f"  {place}" for place in _places(outcome.written))
    print("\n".join(lines))


def _first(issues: Sequence[Issue]) -> Iterable[str]:
    """Return a line that names the reports that gave little or nothing; the warnings above say why."""
    from compiler.issues import comes_first

    named = dict.fromkeys(issue.place or issue.source for issue in issues if comes_first(issue))
    if named:
        yield f"先看：{'、'.join(filter(None, named))}没有摘全，原因见上面的警告，也写在工作簿“说明”的最前面"


def _places(written: Sequence[Path]) -> Iterable[str]:
    """Return the outputs: what people read first, those of one sub-folder as one line."""
    lines: dict[Path, int] = {}
    top = min((len(path.parts) for path in written), default=0)
    suffixes = (".xlsx", ".docx", ".html", ".csv", ".jsonl", ".json")
    for path in sorted(written, key=lambda path: suffixes.index(path.suffix) if path.suffix in suffixes else 0):
        place = path if len(path.parts) == top else path.parent
        lines[place] = lines.get(place, 0) + 1
    for place, number in lines.items():
        yield str(place) if place in written else f"{place}（{number} 个文件）"


def show_issues(issues: Sequence[Issue], *, verbose: bool = False) -> None:
    """Print issues on the terminal, errors first; those that a checklist of the workbook holds only by number."""
    from compiler.issues import comes_first, kind, render, severity

    listed = [issue for issue in issues if verbose or not kind(issue) or severity(issue) == "error"]
    shown = len(listed) if verbose else SHOWN
    for weight in ("error", "warning", "note"):
        same = [issue for issue in listed if severity(issue) == weight]
        same.sort(key=lambda issue: not comes_first(issue))
        first = same[:shown] if len(same) <= shown else _of_each_kind(same, shown)
        for issue in first:
            say(render(issue), log=False)  # the log has them all
        if len(same) > len(first):
            rest = Counter(issue.code for issue in same) - Counter(issue.code for issue in first)
            most = "、".join(f"{code} {number} 条" for code, number in rest.most_common(3))
            more = " 等" if len(rest) > 3 else ""
            say(f"……还有 {len(same) - len(first)} 条没有列出（{most}{more}），见 build.json，或加 --verbose")
    by_kind: dict[str, int] = {}
    for issue in issues:
        if kind(issue):
            by_kind[kind(issue)] = by_kind.get(kind(issue), 0) + 1
    if by_kind:
        say("待核清单：" + "，".join(f"{name} {number} 条" for name, number in by_kind.items()))


def _of_each_kind(issues: Sequence[Issue], number: int) -> list[Issue]:
    """Return so many issues in their order, of no kind so many that the others are not seen."""
    seen: Counter[str] = Counter()
    chosen: list[Issue] = []
    for issue in issues:
        seen[issue.code] += 1
        if seen[issue.code] <= OF_ONE_KIND:
            chosen.append(issue)
    return chosen[:number]


def say(text: str, *, log: bool = True) -> None:
    """Print on standard error, so that standard output holds results only; the log takes it as well."""
    print(text, file=sys.stderr, flush=True)
    if log:
        say_to_log(text)


class Shown:
    """Progress on the terminal: a bar where there is one, plain lines elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._done = 0
        self._total = 0
        self._what = ""
        self._began = 0.0
        self._slowest, self._most = "", 0.0

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""
        self._done, self._total, self._what = 0, total, what
        self._began = time.monotonic()
        self._slowest, self._most = "", 0.0
        if sys.stderr.isatty():
            from tqdm import tqdm

            say_to_log(f"{what}：共 {total} 份")
            tqdm.monitor_interval = 0  # no thread beside us: processes are forked while the bar stands
            self._bar = tqdm(total=total, desc=what, unit="份", leave=False, ncols=80)
        else:
            say(f"{what}：共 {total} 份")

    def step(self, label: str, seconds: float = 0.0) -> None:
        """One step is done."""
        self._done += 1
        if seconds > self._most:
            self._slowest, self._most = label, seconds
        line = f"  [{self._done}/{self._total}] {label}"
        if self._bar is not None:
            say_to_log(line)
            self._bar.set_postfix_str(label, refresh=False)
            self._bar.update()
        elif self._total <= MANY:
            say(line)
        else:
            say_to_log(line)
            if self._done * LINES // self._total > (self._done - 1) * LINES // self._total:
                say(f"{line}　{self._rate()}", log=False)

    def _rate(self) -> str:
        """Return how many steps a second there were, and how long the rest takes at that."""
        taken = max(time.monotonic() - self._began, 1e-6)
        return f"每秒 {self._done / taken:.1f} 份，还要 {taken / self._done * (self._total - self._done):.0f} 秒"

    def finish(self) -> None:
        """The phase is over: of many steps tell how long they took, and which took longest."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        if self._total > MANY:
            taken = max(time.monotonic() - self._began, 1e-6)
            slowest = f"；最慢的是 {self._slowest}（{self._most:.1f} 秒）" if self._slowest else ""
            say(f"{self._what}：{self._done} 份用了 {taken:.0f} 秒，每秒 {self._done / taken:.1f} 份{slowest}")


def report_crash() -> None:
    """Tell of a crash without a traceback; the traceback goes to a file that the user can send."""
    from compiler.crashes import log_crash

    error = sys.exc_info()[1]
    assert error is not None
    say(f"{PROGRAM}：程序出错了，{_outputs_now()}。请把 {log_crash(error)} 发给维护人员。")


def report_interrupt() -> None:
    """Tell that the user or the system ended the program."""
    say(f"已中断，{_outputs_now()}。")


def _outputs_now() -> str:
    from compiler.app.swap import outputs_changed

    return "结果已经换成这次的" if outputs_changed() else "原来的结果没有改动"
