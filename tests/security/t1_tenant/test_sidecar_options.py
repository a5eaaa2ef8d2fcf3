# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""No text of a manifest becomes an option of the sidecar, and no port leads past one that controls access."""

from __future__ import annotations

import re

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

from support.rendered import objects_of

TEXTS = [
    "--listen=:1",
    "a --listen=:1",
    "a\n--listen=:1",
    "-- sh -c id",
    "--",
    "'",
    '"',
    "$(id)",
    "$(HOME)",
    "$$(HOME)",
    "a$",
    "{{ 1 }}",
]
AUTH = {"issuers": ["https://login.example.com"]}


def mcpserver(**spec):
    meta = {"name": "wiki", "namespace": "team", "uid": "u"}
    head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta}
    transport = {"config": {"http": {"port": 3001}}}
    return {**head, "spec": {"image": "wiki:1", "transport": transport, **spec}}


def args(spec):
    pod = objects_of(mcpserver(**spec))["Deployment"]["spec"]["template"]["spec"]
    return [expanded(word) for word in pod["initContainers"][0]["args"]]


def expanded(word):
    """Return an argument as the kubelet passes it if all variables are set."""
    return re.sub(r"\$(?:\$|\(\w+\))", lambda found: "$" if found[0] == "$$" else "value", word)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("prefix", "spec"),
    [
        ("--tool=", lambda text: {"metrics": {"enabled": True, "tools": [text]}}),
        ("--otlp-endpoint=", lambda text: {"metrics": {"enabled": True, "otlpEndpoint": text}}),
        ("--tls-client-san=", lambda text: {"tls": {"secretName": "a", "mode": "mutual", "clientSANs": [text]}}),
        ("--auth-issuer=", lambda text: {"auth": {"issuers": [text]}}),
        ("--auth-audience=", lambda text: {"auth": {**AUTH, "audience": text}}),
        ("--auth-subject-header=", lambda text: {"auth": {**AUTH, "forwardSubjectHeader": text}}),
        ("--auth-scope=", lambda text: {"auth": {**AUTH, "scopes": [text]}}),
        ("--auth-tool-scope=", lambda text: {"auth": {**AUTH, "toolScopes": [{"tool": "t", "scopes": [text]}]}}),
    ],
)
def test_a_text_is_the_value_of_its_option(prefix, spec, text):
    found = args(spec(text))
    assert [word for word in found if word.endswith(text)] == [
        f"{prefix}{'t=' if 'tool-scope' in prefix else ''}{text}"
    ]
    assert all(word.startswith("--") for word in found)
    assert [word for word in found if word.startswith("--listen=")] == ["--listen=:8080"]


@pytest.mark.parametrize("target", [3001, "server", 9090, "metrics", "3001"])
@pytest.mark.parametrize("control", [{"auth": AUTH}, {"tls": {"secretName": "a"}}])
def test_no_port_of_the_service_leads_past_the_sidecar(control, target):
    with pytest.raises(ManifestError, match="past the sidecar"):
        manifest.check(mcpserver(**control, service={"targetPort": target}))


def test_a_stdio_server_gets_no_header():
    fields = {"auth": {**AUTH, "forwardSubjectHeader": "X-Forwarded-User"}, "transport": {"type": "stdio"}}
    with pytest.raises(ManifestError, match="a stdio server has no headers"):
        manifest.check(mcpserver(**fields, command=["/server"]))


def test_the_server_gets_no_key_of_the_sidecar():
    pod = objects_of(mcpserver(tls={"secretName": "wiki-tls"}))["Deployment"]["spec"]["template"]["spec"]
    [server], [sidecar] = pod["containers"], pod["initContainers"]
    assert "volumeMounts" not in server
    assert server["securityContext"]["runAsUser"] != sidecar["securityContext"]["runAsUser"]
    [volume] = pod["volumes"]
    assert volume["secret"]["defaultMode"] & 0o007 == 0
