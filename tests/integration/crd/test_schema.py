# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the API makes of a manifest beyond the reference operator's samples: defaults, rules, and what stays open."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes import client
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
DIGEST = "sha256:" + "0123456789abcdef" * 4


def http(**settings: Any) -> dict[str, Any]:
    return {"config": {"http": settings}}


def test_defaults(admit: Admit) -> None:
    everything = {
        "image": "a/b",
        "service": {},
        "healthCheck": {},
        "hpa": {},
        "transport": http(sse={}),
        "validation": {},
        "metrics": {"enabled": False},
        "sidecar": {"tls": {"enabled": False, "secretName": ""}},
    }
    assert admit(everything)["spec"] == {
        "image": "a/b",
        "replicas": 1,
        # No default for the port: it follows the transport's.
        "service": {"type": "ClusterIP", "protocol": "TCP", "sessionAffinity": "auto"},
        "healthCheck": {"enabled": True, "path": "/health"},
        "hpa": {"enabled": False, "minReplicas": 1, "maxReplicas": 10},
        "transport": {
            "type": "http",
            "protocol": "auto",
            "config": {
                "http": {
                    "port": 8080,
                    "sse": {"enableSessionAffinity": False, "terminationGracePeriodSeconds": 60, "maxSurge": "25%"},
                },
            },
        },
        "autoscaling": "manifest",
        "validation": {"enabled": True, "strictMode": False, "rollback": "auto", "onFailure": "keep"},
        "metrics": {"enabled": False, "port": 9090},
        "sidecar": {"tls": {"enabled": False, "secretName": "", "minVersion": "1.2"}},
    }


@pytest.mark.parametrize(
    "image",
    [
        "a",
        "team/server",
        "team/server:v1.2.3",
        f"team/server@{DIGEST}",
        f"team/server:1.2@{DIGEST}",
        "localhost:5000/server",
        "registry.example.com:5000/team/sub/server:latest",
        "192.0.2.10:5000/server:1",
        "[2001:db8::1]:5000/server",
        "REGISTRY.Example.com/server",
        "team/my__server",
        "team/my--server",
        "team/server:_tag",
    ],
)
def test_images_as_registries_name_them(image: str, admit: Admit) -> None:
    assert admit({"image": image})["spec"]["image"] == image


@pytest.mark.parametrize(
    "image",
    ["", " a", "a b", "a/", "/a", "a//b", "a:", "team/Server", "a:tag:tag", "a@sha256:", "http://a/b", "a\nb", "a;rm"],
)
def test_images_that_nobody_can_pull(image: str, admit: Admit) -> None:
    assert "must be an image reference" in refusal(admit, {"image": image})


REFUSED = [
    ({"hpa": {"enabled": True, "minReplicas": 11}}, "hpa.minReplicas (default 1) must not be greater"),
    ({"hpa": {"enabled": True, "minReplicas": 3, "maxReplicas": 2}}, "hpa.minReplicas (default 1) must not be greater"),
    ({"hpa": {"maxReplicas": 0}}, "spec.hpa.maxReplicas"),
    ({"metrics": {"enabled": True, "port": 8080}}, "metrics.port and transport.config.http.port (default 8080) must"),
    ({"metrics": {"enabled": True, "port": 8081}}, "metrics.port and sidecar.port (default 8080, or 8081"),
    ({"metrics": {"enabled": True, "port": 8080}, "transport": http(port=3001)}, "metrics.port and sidecar.port"),
    ({"metrics": {"enabled": True}, "sidecar": {"port": 9090}}, "metrics.port and sidecar.port"),
    ({"metrics": {"enabled": True}, "sidecar": {"port": 8080}}, "sidecar.port and transport.config.http.port"),
    ({"metrics": {"enabled": True}, "service": {"port": 9090}}, "service.port and metrics.port (default 9090) must"),
    ({"metrics": {"enabled": True, "port": 80}, "service": {"port": 80}}, "service.port and metrics.port"),
    ({"metrics": {"port": 9090}}, "spec.metrics.enabled: Required value"),
    ({"sidecar": {"tls": {"enabled": True, "secretName": ""}}}, "secretName is required if tls.enabled is true"),
    ({"security": {"runAsUser": 0}}, "runAsUser 0 is root and requires runAsNonRoot to be false"),
    ({"security": {"runAsUser": 0, "runAsNonRoot": True}}, "runAsUser 0 is root"),
    ({"transport": http(path="mcp")}, 'must begin with \\"/\\"'),
    ({"transport": http(path="/a b")}, 'must begin with \\"/\\"'),
    ({"transport": http(port=0)}, "spec.transport.config.http.port"),
    ({"transport": http(port=65536)}, "spec.transport.config.http.port"),
    ({"transport": http(sse={"maxSurge": 0})}, "must be a number of Pods (2) or a percentage"),
    ({"transport": http(sse={"maxSurge": "0%"})}, "must be a number of Pods (2) or a percentage"),
    ({"transport": http(sse={"maxSurge": "2"})}, "must be a number of Pods (2) or a percentage"),
    ({"transport": {"type": "custom"}}, "spec.transport.type: Unsupported value"),
    ({"transport": {"protocol": "websocket"}}, "spec.transport.protocol: Unsupported value"),
    ({"validation": {"runner": "nobody"}}, "spec.validation.runner: Unsupported value"),
    ({"validation": {"toolCall": {}}}, "spec.validation.toolCall.name: Required value"),
    ({"validation": {"toolCall": {"name": ""}}}, "spec.validation.toolCall.name"),
    (
        {"validation": {"toolCall": {"name": "a", "argument": {}}}},
        'unknown field \\"spec.validation.toolCall.argument\\"',
    ),
    (
        {"validation": {"toolCall": {"name": "a", "arguments": {str(n): n for n in range(33)}}}},
        "must have at most 32 items",
    ),
    ({"validation": {"toolCall": {"name": "a", "arguments": []}}}, "spec.validation.toolCall.arguments"),
    ({"validation": {"expect": ["tools"] * 17}}, "must have at most 16 items"),
    ({"validation": {"expect": ["t" * 501]}}, "spec.validation.expect[0]: Too long"),
    ({"replicas": -1}, "spec.replicas"),
    ({"resources": {"limits": {"cpu": "lots"}}}, "spec.resources.limits"),
    ({"environment": [{"value": "nameless"}]}, "spec.environment[0].name: Required value"),
    ({"replica": 2}, 'unknown field \\"spec.replica\\"'),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED, ids=[json.dumps(fields) for fields, _ in REFUSED])
def test_what_cannot_be_right_is_refused_in_plain_words(fields: dict[str, Any], message: str, admit: Admit) -> None:
    assert message in refusal(admit, {"image": "a/b", **fields})


ACCEPTED = [
    {"hpa": {"enabled": False, "minReplicas": 20}},
    {"metrics": {"enabled": False, "port": 8080}},
    {"metrics": {"enabled": True}, "transport": http(port=3001)},
    {"metrics": {"enabled": True, "port": 9091}, "sidecar": {"port": 9090}},
    {"security": {"runAsUser": 0, "runAsNonRoot": False}},
    {"transport": http(sse={"maxSurge": 2})},
    {"transport": http(path="/mcp?key=value")},
    {"replicas": 0},
    {"validation": {"toolCall": {"name": "a", "arguments": {"where": {"cities": ["Bern", 1, None]}}}}},
    {"validation": {"expect": ["tools.count > `1`"]}},
    # Of two, the last one counts; server-side apply would refuse them in a map.
    {"environment": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]},
    {"service": {"protocol": "UDP", "targetPort": "http"}},
]


@pytest.mark.parametrize("fields", ACCEPTED, ids=json.dumps)
def test_what_may_be_right_is_accepted(fields: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", **fields})


def test_the_arguments_of_a_tool_stay_as_they_are(admit: Admit) -> None:
    call = {"name": "a", "arguments": {"where": {"cities": ["Bern", 1, 1.5, True]}, "kebab-case": "x"}}
    assert admit({"image": "a/b", "validation": {"toolCall": call}})["spec"]["validation"]["toolCall"] == call


@pytest.mark.parametrize("name", ["1st", "with.dot", "a" * 64, "UPPER"])
def test_a_name_must_do_for_a_service(name: str, admit: Admit) -> None:
    assert "metadata.name" in refusal(admit, {"image": "a/b"}, name=name)


def refusal(admit: Admit, spec: dict[str, Any], **metadata: Any) -> str:
    with pytest.raises(ApiException) as refused:
        admit(spec, **metadata)
    assert 400 <= refused.value.status < 500
    return str(refused.value.body)


def test_the_status_takes_what_ansible_operator_writes(api: client.ApiClient, served: None) -> None:
    servers = client.CustomObjectsApi(api)
    place = ("mcp.mcp-operator.io", "v1", "default", "mcpservers")
    manifest: dict[str, Any] = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"generateName": "status-test-"},
        "spec": {"image": "a/b"},
    }
    created = servers.create_namespaced_custom_object(*place, manifest)
    try:
        condition = {
            "type": "Running",
            "status": "True",
            "reason": "",
            "message": "Awaiting next reconciliation",
            "observedGeneration": 1,
            "lastTransitionTime": "2026-01-12T00:00:00Z",
            "ansibleResult": {"ok": 3, "changed": 1, "skipped": 0, "failures": 0, "completion": "2026-01-12T00:00:00Z"},
        }
        changed = copy.deepcopy(created)
        changed["status"] = {"conditions": [condition], "selector": "app=a"}
        stored = servers.replace_namespaced_custom_object_status(*place, created["metadata"]["name"], changed)
        assert stored["status"]["conditions"] == [condition]
        scale = servers.get_namespaced_custom_object_scale(*place, created["metadata"]["name"])
        assert (scale["spec"]["replicas"], scale["status"]["selector"]) == (1, "app=a")
    finally:
        servers.delete_namespaced_custom_object(*place, created["metadata"]["name"])


def stdio(**settings: Any) -> dict[str, Any]:
    return {"type": "stdio", "config": {"stdio": settings}}


def test_a_stdio_server_needs_no_image(admit: Admit) -> None:
    spec = admit({"command": ["npx"], "transport": stdio(cache={"claimName": "warm"})})["spec"]
    assert spec["transport"]["config"]["stdio"] == {
        "mode": "session",
        "maxSessions": 8,
        "spare": False,
        "sessionIdleSeconds": 600,
        "startTimeoutSeconds": 60,
        "requestTimeoutSeconds": 300,
        "cache": {"claimName": "warm"},
    }


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({"command": ["npx"]}, "spec.image: Required value: image is required unless transport.type"),
        ({"image": "a/b", "transport": {"type": "stdio"}}, "spec.command: Required value"),
        ({"command": [], "transport": {"type": "stdio"}}, "spec.command: Required value"),
        (
            {"image": "a/b", "transport": {"config": {"stdio": {}}}},
            "transport.config.stdio is allowed only if transport.type",
        ),
        (
            {"image": "a/b", "command": ["c"], "transport": stdio(cache={})},
            "stdio.cache is not allowed together with image",
        ),
        (
            {"command": ["c"], "transport": stdio(cache={"claimName": "a", "sizeLimit": 1})},
            "sizeLimit must not be set together with claimName",
        ),
        ({"command": ["c"], "transport": {"type": "stdio", **http(path="/x")}}, "served on /mcp and /sse"),
        ({"command": ["c"], "transport": stdio(mode="both")}, "Unsupported value"),
        ({"command": ["c"], "transport": stdio(maxSessions=0)}, "greater than or equal to 1"),
    ],
)
def test_what_no_bridge_can_do_is_refused(spec: dict[str, Any], text: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit(spec)
    assert text in json.loads(refused.value.body)["message"]
