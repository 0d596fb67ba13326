"""``build --watch``: build, then build again whenever rules, templates or reports change, and say what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from compiler.app.build import Outcome, build
from compiler.app.options import Options
from compiler.app.record import workspace_files
from compiler.app.terminal import say as on_terminal
from compiler.app.terminal import show_issues, show_outcome
from compiler.authoring.preview import shown_impact
from compiler.facts.batch import Cache
from compiler.facts.written_tables import Changes, changes, impacts
from compiler.model import Fact
from compiler.numbers import decimal_text

#: Seconds between two looks at the files.
INTERVAL = 0.5

#: So many changed facts are printed one by one.
SHOWN = 12

Snapshot = dict[Path, tuple[int, int]]


def watch(
    options: Options,
    *,
    say: Callable[[str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    rounds: int | None = None,
) -> int:
    """Build and keep watch until Ctrl+C, or for so many ``rounds`` of looking."""

    say = say or on_terminal
    cache = Cache()
    seen = snapshot(options)
    outcome = build(options, cache=cache)
    show_outcome(outcome)
    facts: Sequence[Fact] = outcome.facts
    say("守着规则、模板和报告，一改就重新编译；按 Ctrl+C 结束。")
    try:
        while rounds is None or rounds > 0:
            rounds = None if rounds is None else rounds - 1
            sleep(INTERVAL)
            now = snapshot(options)
            if now == seen:
                continue
            edited = sorted(path for path in {*now, *seen} if now.get(path) != seen.get(path))
            seen = now
            say("改动：" + "、".join(path.name for path in edited[:5]) + ("……" if len(edited) > 5 else ""))
            began = time.monotonic()
            outcome = build(options, cache=cache)
            facts = _tell(outcome, facts, time.monotonic() - began, say)
    except KeyboardInterrupt:
        say("不再守着了。")
    return 0


def snapshot(options: Options) -> Snapshot:
    """Return size and time of change of every file that a build reads."""
    found: Snapshot = {}
    for path in _watched(options):
        try:
            status = path.stat()
        except OSError:  # an editor replaces a file by removing it first
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _watched(options: Options) -> Iterator[Path]:
    for folder in (options.rules.folder, options.templates.folder, *options.paths):
        if folder.is_dir():
            yield from workspace_files(folder)
        else:
            yield folder


def _tell(outcome: Outcome, before: Sequence[Fact], seconds: float, say: Callable[[str], None]) -> Sequence[Fact]:
    """Say what a new build changed; return the facts that stand now."""
    from compiler.issues import severity

    if outcome.stopped:
        show_issues(outcome.issues)
        say("没有写出结果，原来的还在。")
        return before
    show_issues([issue for issue in outcome.issues if severity(issue) == "error"])
    for line in described(changes(before, outcome.facts)):
        say(line)
    say(f"重新编译好了，用了 {seconds:.1f} 秒。")
    return outcome.facts


def described(found: Changes) -> Iterator[str]:
    """Yield lines that say which facts changed."""
    if not found:
        yield "数字没有变化。"
        return
    yield f"数字：新增 {len(found.added)}，去掉 {len(found.removed)}，改变 {len(found.changed)}"
    yield from (f"  {shown_impact(impact)}" for impact in impacts(found)[:SHOWN])
    lines = [f"  ＋ {_shown(fact)}" for fact in found.added]
    lines.extend(f"  － {_shown(fact)}" for fact in found.removed)
    lines.extend(f"  ～ {_shown(old)} → {_value(new)}" for old, new in found.changed)
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  ……还有 {len(lines) - SHOWN} 条"


def _shown(fact: Fact) -> str:
    kind = "目标" if fact.kind == "target" else "完成"
    return f"{fact.place}{fact.year}年{kind} {fact.indicator} {_value(fact)}"


def _value(fact: Fact) -> str:
    if fact.text:
        return fact.text
    low, high = decimal_text(fact.low), decimal_text(fact.high)
    if low and high:
        return f"{low}{fact.unit}" if low == high else f"{low}～{high}{fact.unit}"
    return f"≥{low}{fact.unit}" if low else f"≤{high}{fact.unit}"
