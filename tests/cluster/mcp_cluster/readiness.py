# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What has to be so, beyond processes that answer, before a Pod can be run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import addresses
from .api import Api, NotFoundError
from .errors import ClusterError
from .progress import duration, say
from .supervisor import REPORT_EVERY

NODE_TIMEOUT = 120.0
ACCOUNT_TIMEOUT = 60.0
PODS_TIMEOUT = 60.0


def node_trouble(api: Api, name: str) -> str:
    """Why the Node is not Ready; empty if it is."""
    found: dict[str, Any] = next((n for n in api.get("/api/v1/nodes")["items"] if n["metadata"]["name"] == name), {})
    if not found:
        return "it has not registered"
    for condition in found.get("status", {}).get("conditions", []):
        if condition["type"] == "Ready":
            if condition["status"] != "True":
                return str(condition.get("message") or condition.get("reason") or "no reason given")
            network = found["spec"].get("podCIDR")
            return (
                "" if network == addresses.NODE_PODS else f"its Pods' network is {network}, not {addresses.NODE_PODS}"
            )
    return "kubelet has not reported yet"


def wait_for_node(api: Api, name: str, log: Path) -> None:
    began = said = time.monotonic()
    while trouble := node_trouble(api, name):
        now = time.monotonic()
        if now - said > REPORT_EVERY:
            said = now
            say(f"  waiting for the Node, {duration(now - began)} so far: {trouble}")
        if now - began > NODE_TIMEOUT:
            raise ClusterError(
                f"The Node {name} does not become Ready: {trouble}.",
                advice=f"kubelet's log is {log}. To begin anew: `python3 tests/cluster down --name {name}`, then `up`.",
            )
        time.sleep(0.2)


def wait_for_pods(api: Api, name: str) -> None:
    """Until a kubelet that was started anew has heard of the Pods that run already, it denies that they exist."""
    running = api.get(f"/api/v1/pods?fieldSelector={quote(f'spec.nodeName={name},status.phase=Running')}")["items"]
    expected = {pod["metadata"]["uid"] for pod in running}
    deadline = time.monotonic() + PODS_TIMEOUT
    while expected:
        expected -= {pod["metadata"]["uid"] for pod in api.get(f"/api/v1/nodes/{name}/proxy/pods")["items"] or ()}
        if expected and time.monotonic() > deadline:
            raise ClusterError(f"kubelet does not take up {len(expected)} Pod(s) that ran before it was started again.")
        time.sleep(0.1)


def wait_for_default_account(api: Api) -> None:
    """Until the controllers have made it, every Pod in the default namespace is refused."""
    deadline = time.monotonic() + ACCOUNT_TIMEOUT
    while True:
        try:
            api.get("/api/v1/namespaces/default/serviceaccounts/default")
            return
        except NotFoundError:
            if time.monotonic() > deadline:
                raise ClusterError(
                    "The namespace default gets no ServiceAccount: kube-controller-manager does not do its work."
                ) from None
        time.sleep(0.1)
