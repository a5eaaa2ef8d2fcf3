# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook ``status``: what is there, what needs somebody, and nothing changed."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

SERVERS = "/apis/mcp.mcp-operator.io/v1/namespaces"
STATUSES = {
    "wiki": {"phase": "Running", "validation": {"state": "Validated"}, "message": "MCPServer is running."},
    "web": {"phase": "ValidationFailed", "validation": {"state": "Failed"}, "message": "It answers {{ 6 * 7 }}."},
}


def make(client, namespace) -> None:
    for name, status in STATUSES.items():
        body = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": name},
            "spec": {"image": "localhost/none:1"},
        }
        client.request("POST", f"{SERVERS}/{namespace}/mcpservers", what="make an MCPServer", body=body)
        client.request(
            "PATCH",
            f"{SERVERS}/{namespace}/mcpservers/{name}/status",
            what="write its status",
            body=MergePatch({"status": status}),
        )


def test_the_fleet_and_what_needs_somebody(playbooks, client, namespace) -> None:
    make(client, namespace)
    run = playbooks.run("status", mcp_namespace=namespace)
    assert (run.code, run.changed) == (0, 0), run.output
    rows = {line.split()[0]: line.split()[1] for line in run.output.splitlines() if line.startswith(("wiki ", "web "))}
    assert rows == {"wiki": "Running", "web": "ValidationFailed"}
    assert f"{namespace}/web: It answers {{{{ 6 * 7 }}}}." in run.output
    assert f"{namespace}/wiki:" not in run.output
