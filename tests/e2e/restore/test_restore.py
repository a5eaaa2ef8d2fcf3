# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers are backed up in one cluster and restored in another one, by the commands of the guide.

No strict server is Running, and none of its Pods receives traffic, before the operator of the new cluster has validated
it, whatever the backup says about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names

from support.gates import GATE
from support.operator import SERVERS

from .conftest import GO, SPECS, TEAM, Site, outcome
from .history import NEVER, History, Item, recorded

# Two testbeds, and the operator in both.
pytestmark = pytest.mark.test_all

STRICT = [name for name, spec in SPECS.items() if "validation" in spec]
PATHS = {
    "MCPServer": f"{SERVERS}/{TEAM}/mcpservers",
    "Pod": f"/api/v1/namespaces/{TEAM}/pods",
    "EndpointSlice": f"/apis/discovery.k8s.io/v1/namespaces/{TEAM}/endpointslices",
}


@pytest.fixture
def record(tmp_path: Path, empty: Site) -> Callable[[], AbstractContextManager[History]]:
    """Return a function that records all states in the new cluster."""
    return lambda: recorded(empty, tmp_path / "history", **PATHS)


def conditions(item: Item) -> dict[str, Item]:
    return {one["type"]: one for one in (item.get("status") or {}).get("conditions") or []}


def opened(history: History, pod: str) -> int:
    """Return when the gate of a Pod was opened for the container that runs in it."""

    def check(item: Item) -> bool:
        gate = conditions(item).get(GATE, {})
        [container] = item["status"].get("containerStatuses") or [{}]
        running = bool(container.get("containerID")) and container["containerID"] in gate.get("message", "")
        return item["metadata"]["name"] == pod and gate.get("status") == "True" and running

    return history.first("Pod", check)


def pods_of(history: History, server: str) -> set[str]:
    return {item["metadata"]["name"] for _version, item in history.states("Pod") if labels(item).get("app") == server}


def labels(item: Item) -> dict[str, str]:
    return item["metadata"].get("labels") or {}


def serving(history: History, server: str) -> dict[str, int]:
    """Return the Pods to which the Service of a server sent connections, and since when."""
    found: dict[str, int] = {}
    for version, item in history.states("EndpointSlice"):
        if labels(item).get("kubernetes.io/service-name") == server:
            for entry in item.get("endpoints") or []:
                if entry["conditions"].get("ready"):
                    found.setdefault(entry["targetRef"]["name"], version)
    return found


def runs(item: Item) -> bool:
    """Return whether the operator of this cluster says that a server works."""
    ours = any(
        (entry.get("manager"), entry.get("subresource")) == (names.STATUS_MANAGER, "status")
        for entry in item["metadata"]["managedFields"]
    )
    said = {conditions(item).get(kind, {}).get("status") for kind in ("Ready", "Available", "Validated")}
    return ours and (item["status"].get("phase") == "Running" or "True" in said)


def proved_first(history: History, server: str) -> int:
    """Check that nothing of a strict server was used or called good before it was validated; return how many served."""
    gates = {pod: opened(history, pod) for pod in pods_of(history, server)}
    served = serving(history, server)
    assert {pod: since for pod, since in served.items() if since <= gates.get(pod, NEVER)} == {}
    running = history.first("MCPServer", lambda item: item["metadata"]["name"] == server and runs(item))
    assert running > min(gates.values()) or running == NEVER
    return len(served)


def test_what_is_restored_is_validated_before_it_is_used(guide, backup, servers, empty, record) -> None:
    with record() as history:
        empty.run(guide["create"], backup)
        empty.becomes(plain="Validated", strict="Validated", pinned="Validated", failed="ValidationFailed")
    assert {name: proved_first(history, name) for name in STRICT} == {"strict": 2, "pinned": 1, "failed": 0}
    for name, old in servers.items():
        found = empty.server(name)
        assert (found["spec"], found["metadata"]["uid"] != old["metadata"]["uid"]) == (old["spec"], True)


def test_a_restored_history_serves_what_passed_after_it_passed_again(guide, backup, servers, empty, record) -> None:
    empty.operator.scale(0)
    try:
        with record() as history:
            for step in ("create", "revisions", "status"):
                empty.run(guide[step], backup)
            restore_status(empty, servers["strict"])
            assert outcome(empty.server("strict")) == "Validated"
            empty.operator.scale(1)
            empty.becomes(plain="Validated", strict="Validated", pinned="Validated", failed="RolledBack")
            serve_the_template_that_passed(empty, servers["failed"])
    finally:
        empty.operator.scale(1)
    assert {name: proved_first(history, name) for name in STRICT} == {"strict": 2, "pinned": 1, "failed": 1}


def restore_status(site: Site, server: Item) -> None:
    """Restore the whole status as other tools do."""
    patch = json.dumps({"status": server["status"]})
    options = ["--subresource=status", "--field-manager=velero", "--type=merge", "-p", patch]
    done = site.kubectl("patch", "mcpserver", server["metadata"]["name"], "-n", TEAM, *options)
    assert done.returncode == 0, done.stderr


def serve_the_template_that_passed(site: Site, old: Item) -> None:
    status = site.server("failed")["status"]
    assert status["provedTemplate"] == old["status"]["provedTemplate"]
    [pod] = site.client.list("v1", "Pod", TEAM, labelSelector="app=failed")
    assert pod["spec"]["containers"][0]["image"] == GO
    assert conditions(pod)["Ready"]["status"] == "True"
