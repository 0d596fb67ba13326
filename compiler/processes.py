"""The same function over many tasks, in as many processes as are worth it; none can take the others with it.

A task that runs too long is stopped, and one whose process dies (out of memory, a fault in a library) is given up:
for both ``lost`` says what comes in place of a result.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Input = TypeVar("Input")
Output = TypeVar("Output")


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a task has no result: it took longer than ``seconds``, or its process ended by itself (``reason``)."""

    seconds: float = 0.0
    reason: str = ""


class TaskOutOfTime(BaseException):
    """Raised in the middle of a task whose time is over; no ``except Exception`` on the way may swallow it."""


def in_processes(
    function: Callable[[Input], Output],
    tasks: Sequence[Input],
    jobs: int,
    *,
    seconds: float = 0.0,
    lost: Callable[[Input, Lost], Output] | None = None,
    alone: bool = False,
    wear: Callable[[Input], float] | None = None,
) -> Iterator[Output]:
    """Yield ``function`` of each task in order, from forked processes where there are several and fork is safe.

    ``jobs`` 0 is as many as there are processors. A task gets ``seconds`` (0: no limit). ``alone`` runs even a single
    task in a process of its own. The forked children inherit the tasks, so that neither rules nor ledger are copied
    through a pipe. What a child touches of that it copies, so one makes room for a fresh one when the ``wear`` of
    what it has done adds up to 1. Without ``lost`` the death of a process is a :class:`ChildProcessError`.
    """
    jobs = min(jobs or processors(), len(tasks))
    if not tasks or not _forks(2 if alone else jobs):
        for task in tasks:
            try:
                with time_limit(seconds):
                    result = function(task)
            except TaskOutOfTime:
                result = _in_place(task, Lost(seconds=seconds), lost)
            yield result
        return
    yield from _Workers(function, tasks, jobs, seconds, lost, wear).results()


def spread(few: Sequence[Input], many: Sequence[Input]) -> list[Input]:
    """Return tasks in an order in which those ``few`` that touch much of the memory seldom run at a time: evenly among
    the first half of the others."""
    step = max(1, len(many) // (2 * len(few))) if few else 1
    found = [*many]
    for n, task in enumerate(few):
        found.insert(n * (step + 1), task)
    return found


@contextlib.contextmanager
def beside(function: Callable[[], object], jobs: int) -> Iterator[None]:
    """Run a function that leaves its work behind in files, in a process of its own while other work is done, and wait
    for it at the end. Where there are no other processes (``jobs`` as for :func:`in_processes`) it is not run."""
    if not _forks(jobs or processors()):
        yield
        return
    import multiprocessing

    process = multiprocessing.get_context("fork").Process(target=_deaf_to_interrupts, args=(function,), daemon=True)
    process.start()
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        process.join()


def _deaf_to_interrupts(function: Callable[[], object]) -> None:
    # Ctrl+C reaches the whole group; it is the first process that ends the others, without their tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(Exception):  # what is not there is made by whoever needs it
        function()


def _forks(jobs: int) -> bool:
    """Tell whether there are to be other processes: macOS frameworks do not survive a fork, and Windows has none."""
    return jobs > 1 and sys.platform.startswith("linux")


def _in_place(task: Input, loss: Lost, lost: Callable[[Input, Lost], Output] | None) -> Output:
    if lost is None:
        raise ChildProcessError(loss.reason or f"{loss.seconds:g} s")
    return lost(task, loss)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TaskOutOfTime` in this thread after so many seconds, where the system has such an alarm."""
    alarm = seconds > 0 and hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not alarm:
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise TaskOutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Any
    task: int = -1
    worn: float = 0.0
    deadline: float = float("inf")


_ENDING = frozenset({signal.SIGINT, signal.SIGTERM})


class _Workers:
    """Forked processes that take tasks by number; one that dies or hangs is replaced."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        tasks: Sequence[Any],
        jobs: int,
        seconds: float,
        lost: Callable[[Any, Lost], Any] | None,
        wear: Callable[[Any], float] | None,
    ) -> None:
        import multiprocessing

        self._context = multiprocessing.get_context("fork")
        self._function, self._tasks, self._jobs, self._seconds, self._lost = function, tasks, jobs, seconds, lost
        self._wear = wear or (lambda _: 0.0)
        self._workers: list[_Worker] = []
        self._waiting = iter(range(len(tasks)))
        self._done: dict[int, Any] = {}

    def results(self) -> Iterator[Any]:
        """Yield the results in the order of the tasks; whatever happens, no process stays behind."""
        import gc

        # Children that look for garbage among what they inherit would copy every page of it that they touch.
        gc.freeze()
        try:
            for _ in range(self._jobs):
                self._start()
            for number in range(len(self._tasks)):
                while number not in self._done:
                    self._collect()
                yield self._done.pop(number)
        finally:
            gc.unfreeze()
            for worker in self._workers:
                self._end(worker)

    def _start(self) -> None:
        """Start a process and give it a task, where one is left."""
        number = next(self._waiting, None)
        if number is None:
            return
        ours, theirs = self._context.Pipe()
        others = [worker.connection for worker in self._workers]
        process = self._context.Process(target=self._work, args=(theirs, [ours, *others]), daemon=True)
        # What ends a build waits until the process is known here, and until it knows there what is not meant for it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            process.start()
            theirs.close()
            worker = _Worker(process, ours)
            self._workers.append(worker)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._give(worker, number)

    def _work(self, connection: Any, not_ours: Sequence[Any]) -> None:
        # Ctrl+C reaches the whole group; it is the first process that ends the others, without their tracebacks.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        # With the ends of the other pipes closed, the end of the first process is the end of this one.
        for other in not_ours:
            other.close()
        with contextlib.suppress(EOFError, OSError):
            while True:
                number = connection.recv()
                try:
                    answer = (True, self._function(self._tasks[number]))
                except Exception as error:
                    answer = (False, error)
                try:
                    connection.send(answer)
                except (OSError, EOFError):
                    raise
                except Exception as error:  # what cannot be sent is as bad as an error
                    connection.send((False, ChildProcessError(f"{type(error).__name__}: {error}")))

    def _give(self, worker: _Worker, number: int) -> None:
        worker.task = number
        worker.deadline = time.monotonic() + self._seconds if self._seconds else float("inf")
        with contextlib.suppress(OSError):  # dead already: found out when the answer is awaited
            worker.connection.send(number)

    def _collect(self) -> None:
        """Wait for an answer, a death or the end of somebody's time."""
        from multiprocessing.connection import wait

        first = min(worker.deadline for worker in self._workers)
        timeout = None if first == float("inf") else max(0.0, first - time.monotonic())
        ready = wait([worker.connection for worker in self._workers], timeout)
        for worker in list(self._workers):
            if worker.connection in ready:
                self._take(worker)
            elif worker.deadline <= time.monotonic():
                self._lose(worker, Lost(seconds=self._seconds))

    def _take(self, worker: _Worker) -> None:
        try:
            good, answer = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            self._lose(worker, Lost(reason=_ending(worker.process.exitcode)))
            return
        if not good:
            raise answer
        self._done[worker.task] = answer
        worker.worn += self._wear(self._tasks[worker.task])
        number = next(self._waiting, None) if worker.worn < 1 else None
        if number is None:
            self._workers.remove(worker)
            self._end(worker)
            self._start()
        else:
            self._give(worker, number)

    def _lose(self, worker: _Worker, loss: Lost) -> None:
        self._workers.remove(worker)
        self._end(worker)
        self._done[worker.task] = _in_place(self._tasks[worker.task], loss, self._lost)
        self._start()

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()


def _ending(code: int | None) -> str:
    """Return how a process ended: the name of the signal, or its exit code."""
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
