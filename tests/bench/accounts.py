# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is used: CPU and memory of a process tree, CPU of the control plane, requests to the API server."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections import Counter
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

_V1, _V2 = Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")
_TICKS = os.sysconf("SC_CLK_TCK")
_SAMPLE = 0.5
_REQUESTS = re.compile(r"^apiserver_request_total\{([^}]*)\} (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
WRITES = frozenset({"POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"})
# What nodes and elections write for ever, with or without anybody.
_HEARTBEATS = frozenset({"leases", "nodes", "tokenreviews", "subjectaccessreviews", "serviceaccounts/token"})


class Tree:
    """A control group for a process and all that it ever starts: what has ended counts, whoever waited for it."""

    def __init__(self, name: str) -> None:
        self._v2 = not _V1.is_dir()
        self._group = (_V2 if self._v2 else _V1) / name
        self._group.mkdir(exist_ok=True)
        self.peak = 0.0
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    def wrap(self, command: list[str]) -> list[str]:
        """Return a command that does the same within the group."""
        return ["sh", "-c", f'echo $$ > {self._group}/cgroup.procs && exec "$@"', "sh", *command]

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used so far."""
        if self._v2:
            text = (self._group / "cpu.stat").read_text(encoding="ascii")
            return int(text.split()[1]) / 1e6
        return int((self._group / "cpuacct.usage").read_text(encoding="ascii")) / 1e9

    def memory(self) -> float:
        """Return the MiB of memory that it holds; pages that its processes share count once."""
        total = 0
        for pid in (self._group / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(OSError):
                text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
                found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
                total += int(found[1]) if found else 0
        return total / 1024

    def forget_peak(self) -> None:
        """Begin to look for the peak anew."""
        self.peak = 0.0

    def close(self) -> None:
        """Give the group back, after all in it has ended."""
        self._over.set()
        self._sampler.join()
        with contextlib.suppress(OSError):
            self._group.rmdir()

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLE):
            self.peak = max(self.peak, self.memory())


def cpu_of(pids: dict[str, int]) -> dict[str, float]:
    """Return the seconds of CPU that processes have used so far."""
    used = {}
    for name, pid in pids.items():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            used[name] = (int(fields[11]) + int(fields[12])) / _TICKS
    return used


class Requests:
    """What the API server has been asked since this was made, by whomever."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._before = self._read()

    def since(self) -> Counter[tuple[str, str]]:
        """Return how often, by verb and resource."""
        return self._read() - self._before

    def _read(self) -> Counter[tuple[str, str]]:
        response = self._client.open("/metrics", what="read the API server's metrics", accept="text/plain", timeout=60)
        try:
            text = response.read().decode()
        finally:
            response.close()
        found: Counter[tuple[str, str]] = Counter()
        for labels, value in _REQUESTS.findall(text):
            label = dict(_LABEL.findall(labels))
            resource = "/".join(filter(None, (label.get("resource"), label.get("subresource"))))
            found[label["verb"], resource] += int(float(value))
        return found


def by_verb(requests: Counter[tuple[str, str]]) -> dict[str, int]:
    """Return how often, by verb; without what goes on by itself."""
    found: Counter[str] = Counter()
    for (verb, resource), count in requests.items():
        if resource not in _HEARTBEATS and resource.partition("/")[0] not in _HEARTBEATS:
            found[verb] += count
    return dict(sorted(found.items()))


def writes(requests: Counter[tuple[str, str]]) -> int:
    """Return how many of them write."""
    return sum(count for verb, count in by_verb(requests).items() if verb in WRITES)


def status_patches(requests: Counter[tuple[str, str]]) -> int:
    """Return how often the status of an MCPServer was written."""
    return sum(
        count for (verb, resource), count in requests.items() if verb in WRITES and resource == "mcpservers/status"
    )
