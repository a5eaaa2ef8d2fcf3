# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The MCPServers of two clusters as hosts."""

from __future__ import annotations

import datetime as dt

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import client as kube
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import list_clusters
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import connections

from support import cluster

IMAGE = "registry.example.com/none:1"
STOP = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
RUNNING = {
    "observedGeneration": 1,
    "phase": "Running",
    "validation": {"state": "Validated", "protocol": "streamable-http", "capabilities": ["tools", "prompts"]},
}


def test_the_graph_of_two_clusters(make, inventory, namespace, second, two_contexts):
    make(namespace, "wikipedia", RUNNING)
    make(namespace, "everything", {"phase": "Failed"})
    make(second, "wikipedia", {**RUNNING, "validation": {"state": "AuthRequired", "protocol": "sse"}})
    path = inventory.write(
        {"kubeconfig": two_contexts, "context": "eu", "namespaces": [namespace]},
        {"kubeconfig": two_contexts, "context": "us", "namespaces": [second]},
    )
    shown = inventory.show(path, "--graph", env=STOP)
    assert shown.code == 0, shown.errors
    tree: dict[str, list[str]] = {}
    for line in shown.output.splitlines():
        text = line.lstrip("| -")
        if text.startswith("@"):
            hosts = tree.setdefault(text.strip("@:"), [])
        else:
            hosts.append(text)
    ours, theirs = namespace.replace("-", "_"), second.replace("-", "_")
    here, there = f"eu/{namespace}/wikipedia", f"us/{second}/wikipedia"
    broken = f"eu/{namespace}/everything"
    assert {name: sorted(hosts) for name, hosts in tree.items()} == {
        "all": [],
        "ungrouped": [],
        "mcpservers": sorted([broken, here, there]),
        "mcp_cluster_eu": [broken, here],
        "mcp_cluster_us": [there],
        f"mcp_namespace_{ours}": [broken, here],
        f"mcp_namespace_{theirs}": [there],
        "mcp_phase_running": [here, there],
        "mcp_phase_failed": [broken],
        "mcp_protocol_streamable_http": [here],
        "mcp_protocol_sse": [there],
        "mcp_validation_validated": [here],
        "mcp_validation_auth_required": [there],
        "mcp_capability_tools": [here],
        "mcp_capability_prompts": [here],
    }


def test_the_variables_of_a_host(make, inventory, namespace, two_contexts):
    annotations = {"note": "{{ 7 * 7 }}", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    spec = {"args": ["{{ lookup('pipe', 'id') }}"]}
    make(namespace, "wikipedia", RUNNING, spec, labels={"team": "search"}, annotations=annotations)
    make(namespace, "other", labels={"team": "research"})
    listing = inventory.list(
        {"kubeconfig": two_contexts, "namespaces": [namespace], "label_selectors": ["team=search"]}
    )
    (found,) = listing.hosts.values()
    assert list(listing.hosts) == [f"{namespace}/wikipedia"]
    found.pop("ansible_python_interpreter")
    assert dt.datetime.fromisoformat(found.pop("mcpserver_created"))
    # The API server adds the defaults of the CustomResourceDefinition.
    assert found["mcpserver_manifest"].pop("spec").items() >= {"image": IMAGE, **spec}.items()
    metadata = {"name": "wikipedia", "namespace": namespace, "labels": {"team": "search"}}
    assert found == {
        "ansible_connection": "local",
        "mcp_api_server": found["mcp_api_server"],
        "mcp_cluster": "eu",
        "mcp_context": "eu",
        "mcp_kubeconfig": two_contexts,
        "mcpserver_manifest": {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {**metadata, "annotations": {"note": "{{ 7 * 7 }}"}},
        },
        "mcpserver_status": RUNNING,
    }


def test_without_connections_the_environment_says_which_cluster(make, inventory, namespace, kubeconfig):
    make(namespace, "wikipedia")
    listing = inventory.list(env={"K8S_AUTH_KUBECONFIG": kubeconfig})
    assert f"{namespace}/wikipedia" in listing.group("mcpservers")


def test_all_pages_are_read(make, client, namespace, kubeconfig, monkeypatch):
    for number in range(5):
        make(namespace, f"server-{number}")
    monkeypatch.setattr(kube, "LIST_LIMIT", 2)
    (found,) = list_clusters(connections([{"kubeconfig": kubeconfig, "namespaces": [namespace]}]), 20.0)
    names = [server["manifest"]["metadata"]["name"] for server in found.servers]
    assert names == [f"server-{number}" for number in range(5)]


def test_a_tenant_names_the_namespaces_that_they_may_list(make, inventory, client, namespace, config, write):
    make(namespace, "wikipedia")
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = client.request("POST", path, what="make a token", body=body)["status"]["token"]
    config["users"][0]["user"] = {"token": token}
    tenant = {"kubeconfig": write(config)}
    refused = inventory.list(tenant, env=STOP)
    assert refused.code != 0
    assert "[API_FORBIDDEN]" in refused.said
    assert "list mcpservers (mcp.mcp-operator.io) in all namespaces, or list the namespaces" in refused.said
    assert token not in refused.errors
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    rule = {"apiGroups": ["mcp.mcp-operator.io"], "resources": ["mcpservers"], "verbs": ["list"]}
    client.request("POST", f"{rbac}/roles", what="make a Role", body={"metadata": {"name": "read"}, "rules": [rule]})
    binding = {
        "metadata": {"name": "read"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "read"},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": namespace}],
    }
    client.request("POST", f"{rbac}/rolebindings", what="bind it", body=binding)

    def listed():
        listing = inventory.list({**tenant, "namespaces": [namespace]}, env=STOP)
        assert token not in listing.output + listing.errors
        return listing.code == 0 and listing.group("mcpservers")

    assert cluster.until("the Role counts", listed) == [f"{namespace}/wikipedia"]


def test_the_role_takes_the_hosts_as_they_are(make, inventory, playbooks, client, namespace, two_contexts, tmp_path):
    """What the cluster has becomes a workload, by somebody's own playbook; a second time nothing is left to do."""
    make(namespace, "wikipedia", spec={"args": ["{{ 7 * 7 }}"]}, labels={"team": "search"})
    path = inventory.write({"kubeconfig": two_contexts, "namespaces": [namespace]})
    way = {"mcpserver_kubeconfig": "{{ mcp_kubeconfig }}", "mcpserver_context": "{{ mcp_context }}"}
    play = {
        "hosts": "mcpservers",
        "gather_facts": False,
        "roles": [{"role": "mcp.kubernetes.mcpserver", "mcpserver_observe": False, **way}],
    }
    playbook = tmp_path / "own.yml"
    playbook.write_text(yaml.safe_dump([play]))
    elsewhere = {"K8S_AUTH_KUBECONFIG": "/nonexistent"}
    run = playbooks.run(str(playbook), "-i", path, env=elsewhere)
    assert run.code == 0, run.output
    deployment = client.get("apps/v1", "Deployment", namespace, "wikipedia")
    assert deployment["spec"]["template"]["spec"]["containers"][0]["args"] == ["{{ 7 * 7 }}"]
    assert playbooks.run(str(playbook), "-i", path, env=elsewhere).changed == 0
