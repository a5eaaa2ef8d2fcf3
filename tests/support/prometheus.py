# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A real Prometheus that can connect to Pods, and its answers to the queries of the dashboards."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from . import cluster

# In the cluster's network namespace, where nothing else listens on it.
PORT = 19090
URL = f"http://127.0.0.1:{PORT}"
_WITHIN = [sys.executable, "tests/cluster", "run", "--"]
Boards = dict[str, dict[str, Any]]


@contextmanager
def prometheus(target: str, token: str, servers: Sequence[dict[str, Any]] = ()) -> Iterator[None]:
    """Run a Prometheus that scrapes a Pod of the operator every second.

    :param target: address and port.
    :param token: of a ServiceAccount that can read the metrics.
    :param servers: static configurations of the sidecars of MCPServers.
    """
    program = Path(cluster.tool("tests/cluster", "prometheus")[0]) / "prometheus"
    scrape = {
        "job_name": "mcp-operator",
        "scheme": "https",
        "authorization": {"credentials": token},
        "tls_config": {"insecure_skip_verify": True},
        "static_configs": [{"targets": [target]}],
    }
    sidecars = {"job_name": "mcpservers", "static_configs": list(servers)}
    config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"}, "scrape_configs": [scrape, sidecars]}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "prometheus.yml")
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        options = [
            f"--config.file={file}",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{PORT}",
        ]
        with Path(folder, "log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [*_WITHIN, str(program), *options], cwd=cluster.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)
            print(Path(folder, "log").read_text(encoding="utf-8")[-500:])


def ask(path: str, **query: str) -> Any:
    """Return what the API of Prometheus answers, None while it does not answer."""
    program = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())"
    address = f"{URL}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    argv = [*_WITHIN, sys.executable, "-c", program, address]
    done = subprocess.run(argv, cwd=cluster.ROOT, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)["data"] if done.returncode == 0 else None


def panels(name: str, minutes: float = 2.0) -> Boards | None:
    """Return what each panel of each dashboard shows; None while it does not answer.

    :param name: the MCPServer that the dashboard of one server is about.
    """
    tool = str(cluster.ROOT / "tests" / "tools" / "panels.py")
    argv = [*_WITHIN, sys.executable, tool, URL, "--name", name, "--minutes", str(minutes)]
    done = subprocess.run(argv, cwd=cluster.ROOT, capture_output=True, text=True, timeout=120, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def empty(boards: Boards) -> list[str]:
    """Return the panels that show nothing."""
    return [
        f"{board}: {panel['title']}"
        for board, found in boards.items()
        for panel in found["panels"]
        if panel["type"] != "row" and not any(series["points"] for series in panel["series"])
    ]
