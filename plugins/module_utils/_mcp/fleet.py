# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validate many servers at once. What one of them does costs the others nothing but the place that it takes."""

from __future__ import annotations

import concurrent.futures
import typing as t

from .errors import InvalidTarget
from .validate import check, validate

if t.TYPE_CHECKING:
    from .options import Options, Target
    from .report import Report

    Job = tuple[Target, Options]

MOST_AT_ONCE: t.Final = 256


def validate_all(jobs: t.Sequence[Job], concurrency: int, done: t.Callable[[], None] | None = None) -> list[Report]:
    """Validate the servers, at most ``concurrency`` at the same time, and return their reports in the same order.

    Threads do: a validation mostly waits, and each has a deadline that holds, so none of them stays for ever.

    :param done: is called whenever a report is there, in the thread that made it.
    :raises InvalidTarget: when a target makes no sense; then nothing is sent to any of them.
    """

    def one(job: Job) -> Report:
        report = validate(*job)
        if done is not None:
            done()
        return report

    if not 0 < concurrency <= MOST_AT_ONCE:
        raise InvalidTarget(f"concurrency is {concurrency}.", f"Give a number from 1 to {MOST_AT_ONCE}.")
    for number, job in enumerate(jobs):
        _check(number, job)
    if not jobs:
        return []
    workers = min(concurrency, len(jobs))
    with concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="mcp-validate") as pool:
        return list(pool.map(one, jobs))


def _check(number: int, job: Job) -> None:
    try:
        check(*job)
    except InvalidTarget as exc:
        exc.locate(f"targets[{number}]")
        raise
