# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fleets that several operators share, started by `__main__` with `--shards`: thousands, so there is no floor.

All namespaces are deleted together after each size, which takes about as long as their creation.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import time
from typing import Any

import phases
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from fleet import IMAGE, collection, for_all, namespaces, server
from inside import Figures, mcp_server
from operator_process import Operator
from options import ROOT, arguments
from watching import Timeline

_IN_NAMESPACE = 50
_REFUSED = re.compile(r'^apiserver_request_total\{[^}]*code="(429|5\d\d)"[^}]*\} (\S+)$', re.MULTILINE)


def main() -> None:
    """Measure."""
    options = arguments()
    figures = Figures(options.output, options)
    bench = phases.Bench(Client({"kubeconfig": os.environ["KUBECONFIG"]}, timeout=60), options.pids, real=False)
    with mcp_server(options.server):
        for count in options.sizes:
            with contextlib.ExitStack() as stack:
                operators = [started(options, shard, stack) for shard in range(options.shards)]
                figures.add("create", count, create(bench, operators, count, stack), real=False)
                figures.add("restart", count, phases.restart(bench, operators[0]), real=False)


def started(options: argparse.Namespace, shard: int, stack: contextlib.ExitStack) -> Operator:
    """Start the operator of a shard, until the stack is closed."""
    flags = [*options.flag, f"--shard={shard}/{options.shards}"]
    kubeconfig, folder = os.environ["KUBECONFIG"], options.output.parent
    operator = Operator(ROOT, folder, kubeconfig, preload=not options.no_preload, flags=flags, shard=shard)
    stack.callback(operator.close)
    operator.start()
    operator.calm_down()
    return operator


def create(bench: phases.Bench, operators: list[Operator], count: int, stack: contextlib.ExitStack) -> dict[str, Any]:
    """Create MCPServers in namespaces of fifty until all are validated, and keep them until the stack is closed."""
    names = [f"shards-{os.getpid()}-{number}" for number in range(-(-count // _IN_NAMESPACE))]
    stack.enter_context(namespaces(bench.client, names))
    servers = [server(names[number // _IN_NAMESPACE], number, real=False) for number in range(count)]
    timeline = Timeline(bench.client, None, IMAGE)
    stack.callback(timeline.close)

    def one(item: dict[str, Any]) -> None:
        path = collection(item["metadata"]["namespace"])
        timeline.created[item["metadata"]["name"]] = time.monotonic()
        bench.client.request("POST", path, what="create an MCPServer", body=item)

    before, refused = [operator.tree.cpu() for operator in operators], _refused(bench.client)
    with phases.measured(bench) as figures:
        start = time.monotonic()
        for_all(one, servers)
        figures["created_s"] = round(time.monotonic() - start, 1)
        figures.update(phases.until_validated(timeline, count, start))
    figures["cpu_s"] = [round(operator.tree.cpu() - used, 1) for operator, used in zip(operators, before, strict=True)]
    figures["peak_mib"] = [round(operator.tree.peak, 1) for operator in operators]
    figures["writes_each"] = round(figures["writes"] / count, 1)
    figures["refused"] = _refused(bench.client) - refused
    return figures


def _refused(client: Client) -> int:
    """Return how many requests the API server has answered with too many requests, or with an error of its own."""
    response = client.open("/metrics", what="read the API server's metrics", accept="text/plain", timeout=60)
    try:
        return sum(int(float(found)) for _code, found in _REFUSED.findall(response.read().decode()))
    finally:
        response.close()


if __name__ == "__main__":
    main()
