# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A fleet of vitorbari/mcp-operator with ``metrics`` and ``sidecar.tls`` keeps both, under the same names and ports."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack

import pytest
import requests
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _role
from zoo.certificates import Certificates

from support import cluster, reference
from support.calls import calling
from support.deployed import ready_pod, servers_in
from support.forward import forward
from support.tls_secrets import make_secret

pytestmark = pytest.mark.test_all

# What the CustomResourceDefinition of the other operator adds to each manifest.
STORED = {"replicas": 1, "service": {"type": "ClusterIP", "port": 8080, "protocol": "TCP"}}
EVERYTHING = {
    **STORED,
    # In place of an image of a public registry, one with the same port and paths.
    "image": "localhost/mcp-servers/go-sdk:1.8.0",
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "protocol": "auto", "config": {"http": {"port": 3001, "path": "/mcp"}}},
}
RESOURCES = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "256Mi"}}
FLEET = {
    # config/samples/04-metrics-basic.yaml
    "basic": {**EVERYTHING, "metrics": {"enabled": True, "port": 9090}},
    # config/samples/05-metrics-advanced.yaml, with the image of its proxy, which has other options.
    "advanced": {
        **EVERYTHING,
        "metrics": {"enabled": True, "port": 9091},
        "sidecar": {"resources": RESOURCES, "image": "ghcr.io/vitorbari/mcp-proxy:0.1.0-rc4"},
    },
    # docs/advanced/sidecar-architecture.md
    "secure": {
        **EVERYTHING,
        "metrics": {"enabled": True, "port": 9090},
        "sidecar": {"tls": {"enabled": True, "secretName": "good", "minVersion": "1.2"}},
    },
}
METRICS = {"basic": 9090, "advanced": 9091, "secure": 9090}
NAMES = ("mcp_requests_total", "mcp_request_duration_seconds", "mcp_active_connections")


def ports(client, namespace, name):
    """Return the ports of the Service by name."""
    found = client.get("v1", "Service", namespace, name)["spec"]["ports"]
    return {port["name"]: port["port"] for port in found}


@pytest.fixture(scope="module")
def taken(playbooks, client, tmp_path_factory):
    """Make the fleet, take it over while clients call, deploy it, and return what was seen."""
    cluster.load_images("mcp-stdio-bridge", "go-sdk")
    proxy = _role.bridge_images(None)["inject"]
    certificates = Certificates(tmp_path_factory.mktemp("certificates"))
    folder = tmp_path_factory.mktemp("fleet")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:
        make_secret(client, namespace, certificates, "good", host=f"secure.{namespace}.svc")
        reference.lease(client, namespace, dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
        for name, spec in FLEET.items():
            reference.server(client, namespace, name, spec, proxy)
        try:
            for name in FLEET:
                ready_pod(client, namespace, name)
            seen = {"namespace": namespace, "before": {name: ports(client, namespace, name) for name in FLEET}}
            with ExitStack() as stack:
                seen["calls"] = {
                    name: stack.enter_context(calling(url(client, namespace, name))) for name in ("basic", "secure")
                }
                where = {"mcp_namespace": namespace, "mcp_reference_namespace": namespace}
                seen["takeover"] = playbooks.run("takeover", "--diff", **where)
                seen["again"] = playbooks.run("takeover", **where)
                seen["specs"] = {name: server["spec"] for name, server in servers_in(client, namespace).items()}
                for name, spec in FLEET.items():
                    # The user's own manifest, without what the other CustomResourceDefinition stored.
                    kept = {field: value for field, value in spec.items() if field not in STORED}
                    head = {"apiVersion": reference.SERVER[0], "kind": "MCPServer", "metadata": {"name": name}}
                    (folder / f"{name}.yaml").write_text(yaml.safe_dump({**head, "spec": kept}), encoding="utf-8")
                seen["deploy"] = playbooks.run(
                    "deploy", mcp_manifests=str(folder), mcp_namespace=namespace, mcp_wait_timeout=180
                )
                print(seen["takeover"].output, seen["deploy"].output)
            yield seen
        finally:
            for name in FLEET:
                path = f"/apis/mcp.mcp-operator.io/v1/namespaces/{namespace}/mcpservers/{name}"
                body = MergePatch({"metadata": {"finalizers": []}})
                client.request("PATCH", path, what="let it go", body=body)


def url(client, namespace, name):
    """Return where clients reach a server."""
    service = client.get("v1", "Service", namespace, name)["spec"]
    scheme = "https" if name == "secure" else "http"
    return f"{scheme}://{service['clusterIP']}:{service['ports'][0]['port']}"


def test_the_fleet_is_taken_over_once(taken):
    assert taken["takeover"].code == 0, taken["takeover"].output
    assert taken["takeover"].changed > 0
    assert (taken["again"].code, taken["again"].changed) == (0, 0), taken["again"].output
    assert taken["deploy"].code == 0, taken["deploy"].output


def test_what_does_not_map_is_said(taken):
    said = "spec.sidecar.image, the proxy of vitorbari/mcp-operator, has other options; it is not used."
    for run in ("takeover", "deploy"):
        assert said in " ".join(taken[run].output.split())


@pytest.mark.parametrize("name", ["basic", "secure"])
def test_no_call_fails(taken, name):
    print(taken["calls"][name])
    assert taken["calls"][name]["failures"] == []
    assert taken["calls"][name]["calls"] > 20


@pytest.mark.parametrize("name", FLEET)
def test_the_ports_stay_the_same(taken, client, name):
    assert ports(client, taken["namespace"], name) == taken["before"][name] == {"http": 8080, "metrics": METRICS[name]}
    # Pods of both operators have the sidecar there; the port with the name "http" of the other's is that of the server.
    assert taken["specs"][name]["service"]["targetPort"] == 8080


@pytest.mark.parametrize("name", FLEET)
def test_metrics_have_the_same_names_and_paths(taken, client, name):
    namespace = taken["namespace"]
    pod = ready_pod(client, namespace, name)
    [sidecar] = [one for one in pod["spec"]["initContainers"] if one["name"] == "mcp-proxy"]
    assert "vitorbari" not in sidecar["image"]
    if name == "advanced":
        assert sidecar["resources"] == RESOURCES
    with forward(client, namespace, pod["metadata"]["name"], METRICS[name]) as address:
        for path in ("healthz", "readyz"):
            assert requests.get(f"http://{address}/{path}", timeout=10).status_code == 200
        text = requests.get(f"http://{address}/metrics", timeout=10).text
    for metric in NAMES:
        assert metric in text


@pytest.mark.parametrize("name", FLEET)
def test_servers_are_validated_where_clients_call_them(taken, client, name):
    status = servers_in(client, taken["namespace"])[name]["status"]
    scheme = "https" if name == "secure" else "http"
    assert status["validation"]["endpoint"] == f"{scheme}://{name}.{taken['namespace']}.svc:8080/mcp"
    assert status["validation"]["state"] == "Validated", status
