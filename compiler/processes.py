"""The same function over many tasks, in as many processes as are worth it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Input = TypeVar("Input")


Output = TypeVar("Output")


_tasks: Sequence[Any] = ()


_function: Callable[[Any], Any] | None = None


def in_processes(function: Callable[[Input], Output], tasks: Sequence[Input], jobs: int) -> Iterator[Output]:
    """Yield ``function`` of each task in order, from forked processes where there are several and fork is safe.

    The forked children inherit the tasks, so that neither rules nor ledger are copied through a pipe.
    """
    global _tasks, _function
    jobs = min(jobs or processors(), len(tasks))
    # macOS frameworks do not survive a fork; Windows has none.
    if jobs <= 1 or not sys.platform.startswith("linux"):
        yield from map(function, tasks)
        return
    import multiprocessing

    _tasks, _function = tasks, function
    try:
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            yield from pool.imap(_run_task, range(len(tasks)))
    finally:
        _tasks, _function = (), None


def _run_task(index: int) -> Any:
    assert _function is not None
    return _function(_tasks[index])


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
