# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What users wrote into their MCPServers, a compromised operator may not change."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import path_of

from support.rendered import HPA

Item = dict[str, Any]


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        ({"spec": {"image": "evil.example/server"}}, "may not change the spec"),
        ({"spec": {"replicas": 7, "image": "evil.example/server"}}, "may not change the spec"),
        ({"spec": {"podTemplate": {"serviceAccountName": "admin"}}}, "may not change the spec"),
        ({"spec": {"hpa": None}}, "may not change the spec"),
        ({"metadata": {"labels": {"a": "b"}}}, "may only change annotations and finalizers"),
        ({"metadata": {"annotations": {"example.com/a": "b"}}}, "may only change annotations and finalizers"),
        ({"metadata": {"annotations": {"users": None}}}, "may only change annotations and finalizers"),
        ({"metadata": {"finalizers": ["example.com/forged"]}}, "may only change annotations and finalizers"),
        ({"metadata": {"finalizers": []}}, "may only change annotations and finalizers"),
    ],
    ids=str,
)
def test_an_mcpserver_keeps_what_its_user_wrote(
    client: Client, operator: Client, mcpserver, patch: Item, why: str
) -> None:
    server = mcpserver("kept-as-is", hpa=HPA)
    path = path_of(server)
    users = {"metadata": {"annotations": {"users": "yes"}, "finalizers": ["example.com/users"]}}
    client.request("PATCH", path, what="annotate as a user", body=MergePatch(users))
    try:
        with pytest.raises(ApiInvalid, match=why):
            operator.request("PATCH", path, what="attack", body=MergePatch(patch), query={"dryRun": "All"})
    finally:
        client.request("PATCH", path, what="clean up", body=MergePatch({"metadata": {"finalizers": []}}))


@pytest.mark.parametrize("regarding", [{"kind": "Node", "name": "node-1"}, {"kind": "Pod", "name": "x"}])
def test_its_events_are_about_mcpservers(operator: Client, tenant: str, regarding: Item) -> None:
    event = {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": "forged", "namespace": tenant if regarding["kind"] == "Pod" else "default"},
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "type": "Warning",
        "reason": "Forged",
        "action": "Forge",
        "regarding": {"apiVersion": "v1", **regarding},
        "reportingController": "mcp.mcp-operator.io/operator",
        "reportingInstance": "x",
    }
    if regarding["kind"] == "Pod":
        event["regarding"]["namespace"] = tenant
    path = f"/apis/events.k8s.io/v1/namespaces/{event['metadata']['namespace']}/events"
    with pytest.raises(ApiInvalid, match="may only write its own Events about MCPServers"):
        operator.request("POST", path, what="forge an Event", body=event, query={"dryRun": "All"})


def test_it_neither_creates_nor_deletes_nor_scales_mcpservers(operator: Client, mcpserver) -> None:
    server = mcpserver("stays")
    path = path_of(server)
    another = {**server, "metadata": {"name": "another", "namespace": server["metadata"]["namespace"]}}
    scale = MergePatch({"spec": {"replicas": 5}})
    for method, place, body in (
        ("POST", path.rpartition("/")[0], another),
        ("DELETE", path, None),
        ("PATCH", f"{path}/scale", scale),
    ):
        with pytest.raises(ApiInvalid, match="may not create, delete or scale MCPServers"):
            operator.request(method, place, what="attack", body=body, query={"dryRun": "All"})
