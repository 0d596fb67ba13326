"""Where the time of a build goes: seconds by stage, and by kind of output."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compiler.facts.batch import Progress


@dataclass(slots=True)
class Stage:
    """Seconds on the clock and of the processors (children included), how many pieces of work, and the slowest."""

    wall: float = 0.0
    processor: float = 0.0
    count: int = 0
    slowest: str = ""
    most: float = 0.0


class Timings:
    """Gathers the seconds of stages in the order they begin."""

    def __init__(self) -> None:
        self.stages: dict[str, Stage] = {}
        self._open: tuple[Stage, float, float] | None = None

    def begin(self, name: str) -> None:
        """Begin a stage, and with that end the one before: this process, and the children it waited for."""
        self.end()
        self._open = self.stages.setdefault(name, Stage()), time.perf_counter(), _processor()

    def end(self) -> None:
        """End the stage that runs, where one does."""
        if self._open is not None:
            stage, wall, processor = self._open
            stage.wall += time.perf_counter() - wall
            stage.processor += _processor() - processor
            self._open = None

    def add(self, name: str, label: str, seconds: float) -> None:
        """Add a piece of work of which several kinds run side by side: its processor time counts, not the clock."""
        self.stages.setdefault(name, Stage()).processor += seconds
        self.note(name, label, seconds)

    def note(self, name: str, label: str, seconds: float) -> None:
        """Count a piece of work of a stage that is measured as a whole."""
        stage = self.stages.setdefault(name, Stage())
        stage.count += 1
        if seconds > stage.most:
            stage.slowest, stage.most = label, seconds

    def lines(self) -> Iterator[str]:
        """Yield the table, and how much memory it took where the system tells."""
        yield "用时（秒）：　时钟　处理器　份数　最慢的一份"
        for name, stage in self.stages.items():
            wall = f"{stage.wall:8.2f}" if stage.wall else " " * 8
            count = f"{stage.count:6d}" if stage.count else " " * 6
            slowest = f"  {stage.slowest}（{stage.most:.2f}）" if stage.slowest else ""
            yield f"  {name:　<8}{wall}{stage.processor:9.2f}{count}{slowest}".rstrip()
        memory = _megabytes()
        if memory:
            yield "内存最多：本进程 {:.0f} MB，最大的子进程 {:.0f} MB".format(*memory)


class Timed:
    """A progress that also notes the seconds of each step."""

    def __init__(self, progress: Progress, timings: Timings, name: str) -> None:
        self._progress, self._timings, self._name = progress, timings, name

    def start(self, total: int, what: str) -> None:
        """A phase with ``total`` steps begins."""
        self._progress.start(total, what)

    def step(self, label: str, seconds: float = 0.0) -> None:
        """One step is done; what was known from before took no time."""
        if seconds:
            self._timings.note(self._name, label, seconds)
        self._progress.step(label, seconds)

    def finish(self) -> None:
        """The phase is over."""
        self._progress.finish()


def _processor() -> float:
    """Return the processor seconds of this process and of the children that have ended."""
    import os

    found = os.times()
    return found.user + found.system + found.children_user + found.children_system


def _megabytes() -> tuple[float, float] | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1024 if sys.platform.startswith("linux") else 1024 * 1024
    own, children = (
        resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own, children
