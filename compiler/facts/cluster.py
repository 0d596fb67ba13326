"""The compiling of reports on other machines: the same function of one report, run by the workers of a Dask cluster.

Reports go out in batches; the rule book goes to each worker once, also to those that join later. A worker that dies in
the middle costs the batch it was at, which another one takes (after as many deaths as the scheduler allows, its
reports are given up); the results come back in the order of the reports.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from compiler.facts.store import Compiled
from compiler.model import RuleBook, Source
from compiler.processes import Lost
from compiler.workspace import version

BATCH_CHARACTERS: Final = 200_000
"""Text of a batch: about fifteen reports, some seconds of work, so that little is lost with a worker."""

_SECONDS_TO_CONNECT: Final = 15

_OUT_AT_ONCE: Final = 2
"""So many tasks a worker are out at a time: one that it is at, and one at hand when that is done."""

Answer = tuple[Compiled, float]
Work = TypeVar("Work")
Result = TypeVar("Result")


class Unreachable(Exception):
    """The cluster cannot be used; the message says why, in Chinese."""


class Cluster:
    """The cluster of one scheduler (``tcp://HOST:8786``)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def run(self, sources: Sequence[Source], rulebook: RuleBook) -> Iterator[Answer | Lost]:
        """Yield what each source is compiled to, in order, or why that is not known. Raises :class:`Unreachable`."""
        out = list(batches(sources))
        for batch, answers in zip(out, self.each(compile_batch, out, rulebook), strict=True):
            if isinstance(answers, Lost):
                yield from (answers for _ in batch)
            else:
                yield from answers

    def each(
        self, function: Callable[[Work, RuleBook], Result], tasks: Iterable[Work], rulebook: RuleBook
    ) -> Iterator[Result | Lost]:
        """Yield what the function makes of each task, in order, or why that is not known.

        Tasks are taken as there are workers for them, and not kept here, so that neither this machine nor the scheduler
        holds them all. Raises :class:`Unreachable`.
        """
        import dask

        client = self._client()
        try:
            self._check(client)
            key = _install(client, rulebook)
            out: deque[Any] = deque()
            for number, task in enumerate(tasks):
                name = f"{key}-{number}-{time.time_ns()}"
                with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):  # ours are meant so
                    out.append(client.submit(_work, function, task, key, pure=False, retries=0, key=name))
                while len(out) >= _OUT_AT_ONCE * max(1, sum(client.nthreads().values())):
                    yield _answered(out.popleft())
            while out:
                yield _answered(out.popleft())
        finally:
            client.close()

    def _client(self) -> Any:
        from distributed import Client

        try:
            return Client(self.address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise Unreachable(f"连不上调度器 {self.address}（{type(error).__name__}）") from None

    def _check(self, client: Any) -> None:
        """See that there are workers, and that they run this very program: another one would give other results."""
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        except OSError:
            raise Unreachable(f"调度器 {self.address} 那里没有工作进程") from None
        try:
            found = client.run(edition)
        except Exception as error:
            raise Unreachable(f"工作进程里用不了 report-compiler（{type(error).__name__}），请在那里也装上") from None
        other = sorted(address for address, theirs in found.items() if theirs != edition())
        if other:
            raise Unreachable(f"工作进程 {other[0]} 的程序与这里的不是同一版（{version()}），请装成一样的")


def is_available() -> bool:
    """Tell whether dask and distributed are installed."""
    from importlib.util import find_spec

    return find_spec("distributed") is not None


def _answered(future: Any) -> Any:
    """Return the result of a task, once it is there."""
    from distributed import KilledWorker

    try:
        answer = future.result()
    except KilledWorker:
        answer = Lost(reason="KilledWorker")
    except ImportError as error:
        raise Unreachable(f"工作进程里没有 {error.name}，请在那里也装上") from None
    future.release()
    return answer


def batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """Yield the sources in batches."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        batch.append(source)
        size += len(source.text)
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# --- what runs in a worker -----------------------------------------------------------------------

_rulebooks: dict[str, RuleBook] = {}


def edition() -> str:
    """Return a fingerprint of the program's own files, the same on all machines that have the same program."""
    top = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(top.rglob("*.py")):
        digest.update(f"{path.relative_to(top).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _install(client: Any, rulebook: RuleBook) -> str:
    """Send the rule book to all workers, and to those that come; return the key that it is known by."""
    from distributed import WorkerPlugin

    packed = pickle.dumps(rulebook, pickle.HIGHEST_PROTOCOL)
    key = f"report-compiler-{hashlib.sha256(packed).hexdigest()[:16]}"

    class Rules(WorkerPlugin):  # type: ignore[misc]
        """Puts the rule book into the memory of a worker when it starts."""

        name = key

        def __init__(self, packed: bytes) -> None:
            self.packed = packed

        def setup(self, worker: Any) -> None:
            from compiler.facts.cluster import keep_rules

            keep_rules(key, self.packed)

    client.register_plugin(Rules(packed))
    return key


def keep_rules(key: str, packed: bytes) -> None:
    """Keep a rule book in this worker; those of builds before it go."""
    if key not in _rulebooks:
        _rulebooks.clear()
        _rulebooks[key] = pickle.loads(packed)


def _work(function: Callable[[Work, RuleBook], Result], task: Work, key: str) -> Result:
    return function(task, _rulebooks[key])


def compile_batch(sources: Sequence[Source], rulebook: RuleBook) -> list[Answer]:
    """Compile some reports, each with the seconds of work that it took."""
    from compiler.facts.batch import compile_one

    answers = []
    for source in sources:
        started = time.thread_time()
        answers.append((compile_one(source, rulebook), time.thread_time() - started))
    return answers
