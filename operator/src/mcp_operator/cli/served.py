# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reports of MCPServers that ``validate`` is given by name: a Pod of each is reached by a port-forward."""

from __future__ import annotations

import argparse
import dataclasses
import typing as t
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.served_offers import find_servers
from .._vendor._engine.served_probe import probe_served
from .._vendor._mcp.formats.formats import ServerReport
from .._vendor._mcp.report.report import Report
from .._vendor._workload.names import server_key
from .._vendor._workload.validation import endpoint as service_endpoint
from .cluster_flags import client_of, namespace_of
from .requirements import require

_THREADS: t.Final = 8


def reports(
    flags: argparse.Namespace, environment: t.Mapping[str, str], done: t.Callable[[], None]
) -> list[ServerReport]:
    """Validate the MCPServers and return their reports in the same order.

    :param done: called after each.
    :raises McpKubernetesError: one of them does not exist or has no Pod, or the API server cannot be used.
    """
    require("status", "kubernetes", "yaml")
    client = client_of(flags, environment)
    servers = find_servers(client, flags.urls, namespace_of(flags, environment))

    def read(server: dict[str, t.Any]) -> ServerReport:
        report = Report.from_dict(probe_served(client, server, flags.timeout))
        done()
        if report.endpoint is not None:
            # Of use to others than this process, in contrast to the forwarded port.
            path = urllib.parse.urlsplit(report.endpoint).path
            report = dataclasses.replace(report, endpoint=service_endpoint(server, path))
        return ServerReport(server_key(server), report)

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="validate") as pool:
        return list(pool.map(read, servers))
