# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""mcp-sidecar in the Pods of servers with metrics."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import (
    manifest,
    ports,
    server,
    status,
    validation,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.service_port import unresolved_target_port

IMAGES = {"inject": "sidecar:1", "package": "runtimes:1"}
READY = Rollout(desired=1, replicas=1, updated=1, ready=1, available=1, observed=True)
STDIO = {"transport": {"type": "stdio", "config": {"http": {"port": 3000}}}, "command": ["server"]}


def mcpserver(port=3001, **spec):
    transport = {"type": "http", "config": {"http": {"port": port}}}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u-1", "generation": 1},
        "spec": {"image": "wiki:1", "transport": transport, "metrics": {"enabled": True}, **spec},
    }


def view(**spec):
    return server.template_context(mcpserver(**spec), None, IMAGES)


def proxy(**spec):
    (container,) = view(**spec)["init_containers"]
    return container


def test_a_server_without_metrics_has_no_sidecar():
    found = view(metrics={"enabled": False, "port": 9090}, sidecar={"port": 8080})
    assert found["init_containers"] == []
    assert found["container"]["ports"] == [{"name": "http", "containerPort": 3001, "protocol": "TCP"}]
    assert found["service"]["ports"] == [{"name": "http", "port": 3001, "targetPort": 3001, "protocol": "TCP"}]


def test_the_proxy_is_a_native_sidecar_with_the_names_and_ports_of_the_reference_operator():
    """Sample 04: only metrics.enabled and the server's port 3001."""
    container = proxy()
    assert (container["name"], container["image"], container["restartPolicy"]) == ("mcp-proxy", "sidecar:1", "Always")
    assert container["command"] == ["/usr/local/bin/mcp-sidecar", "proxy"]
    assert container["args"] == [
        "--target=http://127.0.0.1:3001",
        "--listen=:8080",
        "--metrics-listen=:9090",
        "--metrics-names=compatible",
        "--server-name=team/wiki",
    ]
    assert [(port["name"], port["containerPort"]) for port in container["ports"]] == [("http", 8080), ("metrics", 9090)]
    assert view()["container"]["ports"] == [{"name": "server", "containerPort": 3001, "protocol": "TCP"}]
    assert view()["service"]["ports"] == [
        {"name": "http", "port": 8080, "targetPort": "http", "protocol": "TCP"},
        {"name": "metrics", "port": 9090, "targetPort": 9090, "protocol": "TCP"},
    ]


def test_ports_and_resources_of_the_manifest_are_used():
    """Sample 05, and a port of the sidecar."""
    resources = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "500m", "memory": "256Mi"}}
    container = proxy(metrics={"enabled": True, "port": 9091}, sidecar={"resources": resources, "port": 8443})
    assert [port["containerPort"] for port in container["ports"]] == [8443, 9091]
    assert container["resources"] == resources
    assert proxy(sidecar={"resources": {"limits": {"memory": "1Gi"}}})["resources"] == {"limits": {"memory": "1Gi"}}


def test_the_sidecar_avoids_the_default_port_of_the_server():
    assert ports.served_port(mcpserver(port=8080)) == 8081
    assert ports.served_port(mcpserver(port=8081)) == 8080


def test_the_settings_of_metrics_are_options():
    metrics = {"enabled": True, "names": "otel", "tools": ["search", "get"], "otlpEndpoint": "http://collector:4318"}
    options = proxy(metrics=metrics)["args"]
    assert "--metrics-names=otel" in options
    assert [option for option in options if option.startswith("--tool=")] == ["--tool=search", "--tool=get"]
    assert "--otlp-endpoint=http://collector:4318" in options


def test_the_sidecar_is_restricted_and_runs_as_another_user_than_the_server():
    security = proxy(security={"runAsUser": 0, "runAsNonRoot": False})["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["runAsUser"] not in (0, 1000)
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}


def test_the_kubelet_connects_to_the_metrics_port_only():
    found = view()
    (container,) = found["init_containers"]
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": 9090}
    assert container["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": 9090}
    assert "startupProbe" not in container, "it would keep the server from starting"
    optional = found["container"]["optional"]
    for probe in ("startupProbe", "readinessProbe"):
        assert optional[probe]["httpGet"] == {"path": "/readyz", "port": 9090}
    assert "livenessProbe" not in optional


def test_a_health_check_of_the_manifest_stays():
    optional = view(healthCheck={"path": "/health"})["container"]["optional"]
    assert optional["livenessProbe"]["httpGet"] == {"path": "/health", "port": 3001}
    off = view(healthCheck={"enabled": False})["container"]["optional"]
    assert not any(name.endswith("Probe") for name in off)


def test_validation_and_the_status_use_the_port_of_the_clients():
    spec = probe_spec(mcpserver())
    assert (spec.port, spec.authority) == (8080, "wiki.team.svc:8080")
    assert validation.endpoint(mcpserver(), "/mcp") == "http://wiki.team.svc:8080/mcp"
    found = status.status(mcpserver(), Observation(READY, {"state": "Pending"}), "2026-01-01T00:00:00Z")
    assert found["serviceEndpoint"] == "wiki.team.svc:8080"
    assert probe_spec(mcpserver(service={"port": 80})).authority == "wiki.team.svc:80"


@pytest.mark.parametrize(("target", "resolved"), [("http", True), ("metrics", True), ("server", True), ("web", False)])
def test_a_named_target_port_may_be_one_of_the_sidecar(target, resolved):
    assert unresolved_target_port(mcpserver(service={"targetPort": target})) == ("" if resolved else target)
    without = mcpserver(service={"targetPort": "server"}, metrics={"enabled": False})
    assert unresolved_target_port(without) == "server"


def test_a_name_that_the_manifest_takes_from_the_port_of_the_sidecar_is_not_resolved():
    renamed = {"initContainers": [{"name": "mcp-proxy", "ports": [{"containerPort": 8080, "name": "web"}]}]}
    assert unresolved_target_port(mcpserver(podTemplate={"spec": renamed})) == "http"


def resolve(found, name):
    """Return the port with a name in a Pod as Kubernetes does, first in containers, then in native sidecars."""
    containers = [found["container"], *found["init_containers"]]
    return next(port["containerPort"] for one in containers for port in one["ports"] if port["name"] == name)


@pytest.mark.parametrize("port", [3001, 8080])
def test_the_service_finds_the_port_of_each_pod_while_pods_are_replaced(port):
    before, after = view(port=port, metrics=None), view(port=port)
    target = after["service"]["ports"][0]["targetPort"]
    assert resolve(before, target) == port, "Pods without the sidecar serve until the first new Pod is ready"
    assert resolve(after, target) == (8081 if port == 8080 else 8080)


@pytest.mark.parametrize(
    ("target", "warned"), [(None, False), ("http", False), (8080, False), (3001, True), ("server", True)]
)
def test_a_target_port_past_the_sidecar_is_warned_about(target, warned):
    found = server.warnings(mcpserver(service={"targetPort": target}))
    assert any("past the sidecar" in warning for warning in found) is warned


def test_the_proxy_of_the_reference_operator_is_not_started_with_our_options():
    theirs = mcpserver(sidecar={"image": "ghcr.io/vitorbari/mcp-proxy:0.1.0-rc4"})
    (container,) = server.template_context(theirs, None, IMAGES)["init_containers"]
    assert container["image"] == "sidecar:1"
    assert any("spec.sidecar.image" in warning for warning in server.warnings(theirs))
    own = mcpserver(sidecar={"image": "registry.example.com/sidecar:2"})
    assert server.template_context(own, None, IMAGES)["init_containers"][0]["image"] == "registry.example.com/sidecar:2"
    assert server.warnings(own) == []


def test_a_stdio_server_measures_calls_in_its_own_container():
    found = view(**STDIO)
    args = found["container"]["optional"]["args"]
    own = args[: args.index("--")]
    assert {"--metrics-listen=:9090", "--metrics-names=compatible", "--server-name=team/wiki"} <= set(own)
    assert not any(container["name"] == "mcp-proxy" for container in found["init_containers"])
    assert [port["name"] for port in found["container"]["ports"]] == ["http", "metrics"]
    assert [(port["name"], port["port"]) for port in found["service"]["ports"]] == [("http", 3000), ("metrics", 9090)]
    assert probe_spec(mcpserver(**STDIO)).port == 3000


def test_settings_of_a_sidecar_that_is_not_there_are_warned_about():
    assert any("spec.sidecar" in warning for warning in server.warnings(mcpserver(metrics=None, sidecar={"port": 1})))
    assert any("spec.sidecar" in warning for warning in server.warnings(mcpserver(**STDIO, sidecar={"port": 1})))
    assert server.warnings(mcpserver(metrics=None)) == []


def test_a_server_that_serves_https_itself_has_no_sidecar():
    http = {"config": {"http": {"port": 3001, "tls": {}}}}
    with pytest.raises(ManifestError, match="plain HTTP"):
        manifest.check(mcpserver(transport=http))
