# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The bench itself, started by `__main__` where Pods can be reached: floor and operator in turn, for each size."""

from __future__ import annotations

import argparse
import functools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import cores
import fenced
import gates
import phases
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from operator_process import Operator
from options import BEFORE, NOW, ROOT, arguments


class Figures:
    """All that was measured; written after each measurement, for a bench may be interrupted."""

    def __init__(self, path: Path, options: argparse.Namespace) -> None:
        self._path = path
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._all: list[dict[str, Any]] = []
        self._about = {"began": time.strftime("%FT%TZ", time.gmtime()), "preload": not options.no_preload}
        self._throttled = options.throttled

    def add(self, phase: str, count: int, found: dict[str, Any], *, real: bool, of: str = NOW) -> None:
        """Keep and print."""
        self._all.append(
            {"phase": phase, "count": count, "real": real, "throttled": self._throttled, "of": of, **found}
        )
        self._path.write_text(json.dumps({**self._about, "figures": self._all}, indent=1) + "\n", encoding="utf-8")
        shown = {name: value for name, value in found.items() if name not in ("requests", "plane_cpu_s")}
        plane = found.get("plane_cpu_s", {})
        if plane:
            shown["apiserver_cpu_s"] = plane.get("kube-apiserver")
            shown["plane_cpu_s"] = round(sum(plane.values()), 1)
        print(
            f"{phase:<8} {count:>5}{' real' if real else ''}{' ' + of if of != NOW else ''}  "
            + "  ".join(f"{name} {value}" for name, value in shown.items()),
            flush=True,
        )


@contextmanager
def mcp_server(program: str) -> Iterator[None]:
    """Let one real MCP server answer on the addresses of all fake Pods."""
    process = subprocess.Popen([program], env={"PORT": "8080"}, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Measure."""
    # Whoever ends the bench ends the operator too: it would answer for the next bench's.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = arguments()
    kubeconfig = os.environ["KUBECONFIG"]
    figures = Figures(options.output, options)
    pinned = cores.apart(options.pids.values()) if options.pinned else nullcontext()
    with pinned, mcp_server(options.server):
        for real, sizes in ((False, options.sizes), (True, options.real)):
            bench = phases.Bench(Client({"kubeconfig": kubeconfig}, timeout=60), options.pids, real)
            for count in sizes:
                for pair in range(options.pairs):
                    last = pair + 1 == options.pairs
                    rest = bool(options.idle) and (last or options.each)
                    for phase, found in phases.of_floor(bench, count, rest=rest):
                        figures.add(phase, count, found, real=real)
                    for of, root in _checkouts(options, pair):
                        add = functools.partial(figures.add, count=count, real=real, of=of)
                        with credentials(bench.client, kubeconfig, options, of) as used:
                            operator = of_checkout(root, used, options)
                            measure(bench, operator, count, add, rest=rest, idle=options.idle if last else 0)
        if options.gates:
            measure_gates(kubeconfig, figures, options)


def _checkouts(options: argparse.Namespace, pair: int) -> list[tuple[str, Path]]:
    """Return whose operators take turns: who comes first does so every other time."""
    found = [(NOW, ROOT), *([(BEFORE, options.before.resolve())] if options.before else [])]
    return found if pair % 2 else found[::-1]


@contextmanager
def credentials(client: Client, kubeconfig: str, options: argparse.Namespace, of: str) -> Iterator[str]:
    """Yield the kubeconfig of an operator: the administrator's, or one that the admission policies judge."""
    if not options.fenced or of == BEFORE:
        yield kubeconfig
        return
    with fenced.account(client, options.output.parent) as path:
        yield path


def of_checkout(root: Path, kubeconfig: str, options: argparse.Namespace) -> Operator:
    """Return the operator of a checkout, not started yet."""
    return Operator(root, options.output.parent, kubeconfig, preload=not options.no_preload, flags=options.flag)


def measure_gates(kubeconfig: str, figures: Figures, options: argparse.Namespace) -> None:
    """Measure how long gates take, with an operator that has been there for a while."""
    operator = of_checkout(ROOT, kubeconfig, options)
    client = Client({"kubeconfig": kubeconfig}, timeout=60)
    try:
        operator.start()
        operator.calm_down()
        for count in options.gates:
            for _pair in range(options.pairs):
                figures.add("gates", count, gates.of_gates(client, count), real=True)
    finally:
        operator.close()


def measure(
    bench: phases.Bench, operator: Operator, count: int, add: Callable[..., None], *, rest: bool, idle: float
) -> None:
    """Measure the operator with one fleet.

    :param add: takes the name of a phase and its figures.
    :param rest: also what happens to a fleet that is there.
    """
    try:
        operator.start()
        operator.calm_down()
        with phases.fleet(bench, operator, count) as (name, created):
            add("create", found=created)
            if idle:
                add("idle", found=phases.idle(bench, operator, idle))
            if rest:
                add("repair", found=phases.repair(bench, name, count))
                add("revalidate", found=phases.revalidate(bench, operator, name, count))
                add("restart", found=phases.restart(bench, operator))
                if not bench.real:
                    add("change", found=phases.change_images(bench, operator, name, count))
                add("delete", found=phases.delete(bench, operator, name, count))
    finally:
        operator.close()


if __name__ == "__main__":
    main()
