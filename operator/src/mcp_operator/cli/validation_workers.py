# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validate hundreds of servers in several processes: the threads of one process share a core."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import types
import typing as t

from .._vendor._mcp.api import check_targets, validate_all
from .._vendor._mcp.report.report import Report
from ..errors import ValidationAborted

if t.TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from .._vendor._mcp.api import TargetOptions

# Fewer servers for each process are not worth its start and its memory (20 ms, 10 MiB).
_LEAST_SERVERS: t.Final = 100
_MOST_WORKERS: t.Final = 4


class ValidationWorkers:
    """A context manager that validates servers, in processes of its own if they are many.

    These are forked when it is created, so no other thread may have been started by then. Where forks are not safe, as
    on macOS, this process validates all servers.

    :param concurrency: how many to validate at the same time, 1 to 256.
    :raises InvalidTarget: if one of the targets is invalid; nothing was sent to any of them.
    """

    def __init__(self, jobs: t.Sequence[TargetOptions], concurrency: int) -> None:
        self._jobs, self._concurrency = jobs, concurrency
        self._workers: list[tuple[BaseProcess, Connection]] = []
        count = min(_cores(), len(jobs) // _LEAST_SERVERS, concurrency, _MOST_WORKERS)
        if count > 1:
            check_targets(jobs, concurrency)
            for number in range(count):
                self._workers.append(self._started(number, count))

    def __enter__(self) -> t.Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        for process, pipe in self._workers:
            process.terminate()
            process.join()
            pipe.close()

    def reports(self, on_done: t.Callable[[], None]) -> list[Report]:
        """Return the reports in the order of the servers.

        :param on_done: called after each validation.
        :raises InvalidTarget: if one of the targets is invalid; nothing was sent to any of them.
        :raises ValidationAborted: if one of the processes was ended.
        """
        if not self._workers:
            return validate_all(self._jobs, self._concurrency, on_done)
        from multiprocessing.connection import wait  # noqa: PLC0415

        found: list[Report | None] = [None] * len(self._jobs)
        numbers = {pipe: number for number, (_process, pipe) in enumerate(self._workers)}
        while numbers:
            for pipe in t.cast("list[Connection]", wait(list(numbers))):
                share = self._received(numbers[pipe])
                if share is None:
                    on_done()
                else:
                    found[numbers.pop(pipe) :: len(self._workers)] = share
        return t.cast("list[Report]", found)

    def _started(self, number: int, count: int) -> tuple[BaseProcess, Connection]:
        """Start a process with every so many-th server, so that slow neighbours are spread."""
        # A validation of one server starts without the time for this import.
        import multiprocessing  # noqa: PLC0415

        forks = multiprocessing.get_context("fork")
        ours, theirs = forks.Pipe(duplex=False)
        concurrency = self._concurrency // count + (number < self._concurrency % count)
        inherited = [ours, *(pipe for _process, pipe in self._workers)]
        arguments = (self._jobs[number::count], concurrency, theirs, inherited)
        process = forks.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _received(self, number: int) -> list[Report] | None:
        """Return what a process has sent: None after each validation, and all its reports at the end."""
        process, pipe = self._workers[number]
        try:
            return t.cast("list[Report] | None", pipe.recv())
        except (EOFError, OSError) as exc:
            process.join()
            raise ValidationAborted(
                f"A process that validated 1 of {len(self._workers)} parts of the servers ended with exit code "
                f"{process.exitcode}.",
                "If the kernel ended it for lack of memory, validate fewer servers at the same time: --concurrency 1.",
            ) from exc


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _work(
    jobs: t.Sequence[TargetOptions], concurrency: int, pipe: Connection, inherited: t.Sequence[Connection]
) -> None:
    # While a process has the other end of its own pipe, it does not notice that nobody reads it any more.
    for other in inherited:
        other.close()
    lock = threading.Lock()

    def done() -> None:
        with lock:
            pipe.send(None)

    # Its reader may have been ended.
    with contextlib.suppress(BrokenPipeError):
        pipe.send(validate_all(jobs, concurrency, done))
