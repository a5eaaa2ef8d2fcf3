# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the API server accepts and refuses in ``metrics``, ``tls``, ``auth`` and ``limits``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
TLS = {"secretName": "wiki-tls"}
CA = {"name": "ca", "key": "ca.crt"}
CLIENT = {"clientCertificateSecretRef": {"name": "validation-tls"}}
AUTH = {"issuers": ["https://login.example.com"]}


def http(**settings: Any) -> dict[str, Any]:
    return {"config": {"http": settings}}


REFUSED = [
    ({"metrics": {"enabled": True, "names": "own"}}, "spec.metrics.names: Unsupported value"),
    ({"metrics": {"enabled": True, "tools": ["a", "a"]}}, "spec.metrics.tools[1]: Duplicate value"),
    ({"metrics": {"enabled": True, "tools": [""]}}, "spec.metrics.tools[0]"),
    ({"metrics": {"enabled": True, "otlpEndpoint": "collector:4318"}}, "must be a URL such as"),
    ({"metrics": {"enabled": True, "otlpEndpoint": "grpc://collector:4317"}}, "must be a URL such as"),
    ({"metrics": {"enabled": True}, "transport": http(tls={})}, "transport.config.http.tls is not allowed if metrics"),
    ({"tls": {}}, "set either secretName or issuerRef"),
    ({"tls": {**TLS, "issuerRef": {"name": "ca"}}}, "set either secretName or issuerRef"),
    ({"tls": {"issuerRef": {}}}, "spec.tls.issuerRef.name: Required value"),
    ({"tls": {**TLS, "minVersion": "1.1"}}, "spec.tls.minVersion: Unsupported value"),
    ({"tls": {**TLS, "caConfigMapRef": CA, "caSecretRef": CA}}, "caConfigMapRef and caSecretRef must not be set"),
    ({"tls": {**TLS, "clientSANs": ["a"]}}, 'allowed only if mode is \\"mutual\\"'),
    ({"tls": {**TLS, "mode": "mutual"}}, "validation.clientCertificateSecretRef is required if tls.mode"),
    (
        {"tls": TLS, "transport": http(tls={})},
        "transport.config.http.tls is not allowed if metrics.enabled or strategy.drainSessions is true, nor",
    ),
    ({"tls": TLS, "transport": http(port=9090)}, "metrics.port and transport.config.http.port"),
    ({"tls": TLS, "service": {"targetPort": 8080}}, 'service.targetPort must be \\"http\\"'),
    ({"tls": TLS, "service": {"targetPort": "server"}}, 'service.targetPort must be \\"http\\"'),
    ({"tls": TLS, "validation": {"runner": "job"}}, 'validation.runner \\"job\\" is not allowed together with tls'),
    ({"validation": {"runner": "job", "clientCertificateSecretRef": {"name": "a"}}}, "presents no client certificate"),
    (
        {"tls": TLS, "metrics": {"enabled": True}, "sidecar": {"tls": {"enabled": True, "secretName": "a"}}},
        "tls and sidecar.tls must not be set together",
    ),
    ({"auth": {}}, "spec.auth.issuers: Required value"),
    ({"auth": {"issuers": ["http://login.example.com"]}}, "must be a URL that begins with https://"),
    ({"auth": {**AUTH, "toolScopes": [{"tool": "a=b", "scopes": ["c"]}]}}, "spec.auth.toolScopes[0].tool"),
    ({"auth": {**AUTH, "scopes": ["a b"]}}, "spec.auth.scopes[0]"),
    ({"auth": AUTH, "service": {"targetPort": 8080}}, 'service.targetPort must be \\"http\\"'),
    ({"auth": {**AUTH, "forwardSubjectHeader": "X User"}}, "spec.auth.forwardSubjectHeader"),
    ({"auth": {**AUTH, "forwardSubjectHeader": "Mcp-Session-Id"}}, "must not be a header of HTTP or of MCP"),
    ({"auth": {**AUTH, "forwardSubjectHeader": "authorization"}}, "must not be a header of HTTP or of MCP"),
    (
        {"auth": {"issuers": ["https://a.example", "https://b.example"], "forwardSubjectHeader": "X-Forwarded-User"}},
        "forwardSubjectHeader requires a single issuer",
    ),
    (
        {
            "auth": {**AUTH, "forwardSubjectHeader": "X-Forwarded-User"},
            "transport": {"type": "stdio"},
            "command": ["/server"],
        },
        'auth.forwardSubjectHeader is not allowed if transport.type is \\"stdio\\"',
    ),
    ({"limits": {}}, "spec.limits in body should have at least 1 properties"),
    ({"limits": {"session": {"requestsPerSecond": 0}}}, "spec.limits.session.requestsPerSecond"),
    ({"limits": {"subject": {"requestsPerSecond": 1}}}, "limits.subject requires auth or tls.mode"),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED, ids=[json.dumps(fields) for fields, _ in REFUSED])
def test_what_cannot_be_right_is_refused(fields: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit({"image": "a/b", **fields})
    assert 400 <= refused.value.status < 500
    assert message in str(refused.value.body)


ACCEPTED = [
    {"auth": {**AUTH, "forwardSubjectHeader": "X-Forwarded-User"}},
    {"metrics": {"enabled": True, "names": "otel", "tools": ["search"], "otlpEndpoint": "http://collector.o11y:4318"}},
    {"metrics": {"enabled": True}, "service": {"targetPort": "http"}},
    {"metrics": {"enabled": False}, "transport": http(tls={})},
    {"tls": TLS, "service": {"targetPort": "http"}},
    {"tls": {"issuerRef": {"name": "ca", "kind": "ClusterIssuer"}}},
    {"tls": TLS, "service": {"targetPort": 8081}},
    {"tls": {**TLS, "mode": "mutual", "clientSANs": ["spiffe://a/b"], "clientCASecretRef": CA}, "validation": CLIENT},
    {"tls": {**TLS, "mode": "mutual"}, "validation": {"enabled": False}},
    {"metrics": {"enabled": True}, "sidecar": {"tls": {"enabled": True, "secretName": "a"}}},
    {"auth": {**AUTH, "resource": "https://a.example.com/mcp", "toolScopes": [{"tool": "a", "scopes": ["b"]}]}},
    {"auth": AUTH, "limits": {"subject": {"requestsPerSecond": 5, "burst": 10}}},
    {"limits": {"session": {"requestsPerSecond": 5}}},
]


@pytest.mark.parametrize("fields", ACCEPTED, ids=json.dumps)
def test_what_may_be_right_is_accepted(fields: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", **fields})
