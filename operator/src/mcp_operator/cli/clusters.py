# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The clusters that a command reads: which ones, and all of them at once, each with a deadline of its own."""

from __future__ import annotations

import argparse
import collections
import threading
import time
import typing as t
from concurrent import futures

from .._vendor._kube import kubeconfig as kubeconfigs
from .._vendor._kube.errors import ApiUnreachable, KubeError
from ..errors import ArgumentsInvalid

CURRENT: t.Final = "current"
_PARALLEL: t.Final = 16
_DEFAULT_TIMEOUT: t.Final = 30.0


class Place(t.NamedTuple):
    """A cluster.

    :param name: its name in results.
    :param kubeconfig: the kubeconfig, or several joined as in ``KUBECONFIG``; None for the default.
    :param context: None for the current one.
    """

    name: str
    kubeconfig: str | None
    context: str | None


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--kubeconfig", metavar="FILE", help="the kubeconfig (default K8S_AUTH_KUBECONFIG or KUBECONFIG)"
    )
    parser.add_argument(
        "--context",
        metavar="NAME",
        action="append",
        default=[],
        help="a cluster by its context in the kubeconfig; repeatable (default: the current context)",
    )
    parser.add_argument(
        "--contexts", metavar="NAME,...", default="", help="several clusters by their contexts, separated by commas"
    )
    parser.add_argument("--all-contexts", action="store_true", help="the clusters of all contexts of the kubeconfig")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=_DEFAULT_TIMEOUT,
        help=f"seconds until a cluster must have answered (default {_DEFAULT_TIMEOUT:g}); all are read in parallel",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds


def places(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> list[Place]:
    """Return the clusters that the options name.

    :raises ArgumentsInvalid: the options contradict each other.
    :raises KubeError: the kubeconfig cannot be read.
    """
    kubeconfig = flags.kubeconfig or environment.get("K8S_AUTH_KUBECONFIG") or None
    named = [*flags.context, *(name.strip() for name in flags.contexts.split(",") if name.strip())]
    if flags.all_contexts:
        if named or flags.contexts:
            raise ArgumentsInvalid("--all-contexts is given together with contexts.", "Give one of them.")
        return [Place(one.label, one.kubeconfig, one.name) for one in kubeconfigs.contexts(kubeconfig)]
    if flags.contexts and not named:
        raise ArgumentsInvalid("--contexts names no context.", "Separate the names by commas.")
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise ArgumentsInvalid(f"The context {', '.join(twice)} is given twice.", "Name each cluster once.")
    if named:
        return [Place(name, kubeconfig, name) for name in named]
    context = environment.get("K8S_AUTH_CONTEXT") or None
    return [Place(context or CURRENT, kubeconfig, context)]


class Read[T](t.NamedTuple):
    """What the clusters returned, and why others did not, both in the order of the clusters."""

    found: dict[str, T]
    errors: dict[str, str]


def read_all[T](clusters: t.Sequence[Place], read: t.Callable[[Place], T], timeout: float) -> Read[T]:
    """Read all clusters in parallel, at most 16 at once. One that does not answer delays no other.

    :param read: returns the result of a cluster, or raises a KubeError.
    :param timeout: seconds for each cluster, from when it is begun.
    """
    waiting = collections.deque(clusters)
    running: dict[futures.Future[T], tuple[Place, float]] = {}
    results: dict[str, T] = {}
    errors: dict[str, str] = {}
    while waiting or running:
        while waiting and len(running) < _PARALLEL:
            place = waiting.popleft()
            running[_start(place, read)] = (place, time.monotonic() + timeout)
        left = min(deadline for _place, deadline in running.values()) - time.monotonic()
        futures.wait(running, timeout=max(0.0, left), return_when=futures.FIRST_COMPLETED)
        for future, (place, deadline) in list(running.items()):
            if future.done():
                try:
                    results[place.name] = future.result()
                except KubeError as exc:
                    errors[place.name] = str(exc)
            elif time.monotonic() >= deadline:
                errors[place.name] = str(_timed_out(timeout))
            else:
                continue
            del running[future]
    names = [place.name for place in clusters]
    return Read(
        {name: results[name] for name in names if name in results},
        {name: errors[name] for name in names if name in errors},
    )


def _start[T](place: Place, read: t.Callable[[Place], T]) -> futures.Future[T]:
    future: futures.Future[T] = futures.Future()

    def run() -> None:
        try:
            future.set_result(read(place))
        except BaseException as exc:  # noqa: BLE001 - raised again in the main thread
            future.set_exception(exc)

    # Not an executor: at exit, Python would wait for a thread that hangs.
    threading.Thread(target=run, name=f"cluster {place.name}", daemon=True).start()
    return future


def _timed_out(timeout: float) -> ApiUnreachable:
    return ApiUnreachable(
        f"Reading the MCPServers took longer than {timeout:g} s.", "Check the cluster, or increase --timeout."
    )
