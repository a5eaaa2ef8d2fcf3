# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import server as workload
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

from support.rendered import RENDERER

PROXIED = {"metrics": {"enabled": True}}


def mcpserver(containers=(), init=(), **spec):
    meta = {"name": "wiki", "namespace": "team", "uid": "u-1"}
    if containers or init:
        pod = {"containers": list(containers), "initContainers": list(init)}
        spec["podTemplate"] = {"spec": {name: found for name, found in pod.items() if found}}
    return {"apiVersion": "x", "kind": "MCPServer", "metadata": meta, "spec": {"image": "a:1", **spec}}


def container(*ports, **more):
    return {"name": "more", "image": "b:1", "ports": list(ports), **more}


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ({"containerPort": 8081}, "has the port 8081, on which the sidecar listens"),
        ({"containerPort": 9090, "protocol": "TCP"}, "has the port 9090, on which the sidecar listens"),
        (
            {"containerPort": 7000, "name": "http"},
            "a port with the name 'http', which is that of the sidecar's port 8081",
        ),
        ({"containerPort": 7000, "name": "metrics"}, "a port with the name 'metrics'"),
    ],
)
def test_a_container_with_a_port_of_the_sidecar_is_refused(port, said):
    with pytest.raises(ManifestError, match=said):
        RENDERER.render(mcpserver([container(port)], **PROXIED))
    with pytest.raises(ManifestError, match=said):
        RENDERER.render(mcpserver(init=[container(port, restartPolicy="Always")], **PROXIED))
    with pytest.raises(ManifestError, match=said):
        RENDERER.render(mcpserver([{"name": "mcp-server", "ports": [port]}], **PROXIED))
    with pytest.raises(ManifestError, match=said):  # Flagger keeps the sidecar among the containers
        RENDERER.render(mcpserver([container(port)], rollout={"managedBy": "flagger"}, **PROXIED))


@pytest.mark.parametrize(
    "port",
    [{"containerPort": 7000}, {"containerPort": 7000, "name": "admin"}, {"containerPort": 9090, "protocol": "UDP"}],
)
def test_other_ports_are_accepted(port):
    assert RENDERER.render(mcpserver([container(port)], **PROXIED))
    assert RENDERER.render(mcpserver([container(port)], rollout={"managedBy": "flagger"}, **PROXIED))


def test_a_container_that_ends_before_the_sidecar_is_in_nobody_s_way():
    assert RENDERER.render(mcpserver(init=[container({"containerPort": 8081})], **PROXIED))


@pytest.mark.parametrize(
    "port", [{"containerPort": 8081}, {"containerPort": 9090}, {"containerPort": 7000, "name": "x"}]
)
def test_without_a_sidecar_ports_are_free(port):
    assert RENDERER.render(mcpserver([container(port)]))


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({}, []),
        ({"transport": {"config": {"http": {"port": 80}}}}, []),
        ({**PROXIED, "sidecar": {"port": 443}}, ["spec.sidecar.port 443"]),
        ({"metrics": {"enabled": True, "port": 90}}, ["spec.metrics.port 90"]),
        ({"limits": {"session": {"requestsPerSecond": 1}}, "sidecar": {"port": 1023}}, ["spec.sidecar.port 1023"]),
        ({"sidecar": {"port": 1024}, **PROXIED}, []),
        (
            {"transport": {"type": "stdio", "config": {"http": {"port": 80}}}, "command": ["/server"]},
            ["spec.transport.config.http.port 80"],
        ),
    ],
)
def test_a_privileged_port_of_the_sidecar_has_a_warning(spec, fields):
    found = [text for text in workload.warnings(mcpserver(**spec)) if "below 1024" in text]
    assert [text.partition(" is below")[0] for text in found] == fields
    assert all(len(text) <= 120 for text in found), "the result of a run cuts it"


def test_with_the_sysctl_a_privileged_port_has_none():
    sysctls = {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]}
    spec = {"podTemplate": {"spec": {"securityContext": sysctls}}, "sidecar": {"port": 443}, **PROXIED}
    assert not [text for text in workload.warnings(mcpserver(**spec)) if "below 1024" in text]
