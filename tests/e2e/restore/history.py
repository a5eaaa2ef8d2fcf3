# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All states of some objects, in the order in which the API server stored them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.own_testbed import OwnTestbed

Item = dict[str, Any]
# After everything that was stored.
NEVER = 2**63


class History:
    """The states since the beginning of the recording.

    The testbed has one etcd, so resourceVersions count the writes of objects of all kinds.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def states(self, kind: str) -> Iterator[tuple[int, Item]]:
        """Return the states of the objects of a kind, each with its resourceVersion."""
        for line in (self._folder / kind).read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                event = json.loads(line)
                assert event["type"] in ("ADDED", "MODIFIED", "DELETED"), line
                yield int(event["object"]["metadata"]["resourceVersion"]), event["object"]

    def first(self, kind: str, check: Callable[[Item], bool]) -> int:
        """Return when an object of a kind was first in a state; NEVER where none was."""
        return next((version for version, item in self.states(kind) if check(item)), NEVER)


@contextmanager
def recorded(testbed: OwnTestbed, folder: Path, **paths: str) -> Iterator[History]:
    """Record the states of objects while the block runs.

    :param paths: of their lists in the API, by kind.
    """
    folder.mkdir()
    watches = []
    try:
        for kind, path in paths.items():
            start = testbed.client.request("GET", path, what=f"list {kind}")["metadata"]["resourceVersion"]
            raw = f"{path}?watch=1&resourceVersion={start}"
            argv = [testbed.find_kubectl(), f"--kubeconfig={testbed.kubeconfig}", "get", "--raw", raw]
            with (folder / kind).open("wb") as output:
                watches.append(subprocess.Popen(argv, stdout=output))
        yield History(folder)
        assert [watch.poll() for watch in watches] == [None] * len(watches), "a watch has ended"
    finally:
        for watch in watches:
            watch.kill()
            watch.wait()
