# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How validation authenticates, and over TLS: what is admitted, and which contradictions are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]


def http(**settings: Any) -> dict[str, Any]:
    return {"config": {"http": settings}}


def refusal(admit: Admit, spec: dict[str, Any]) -> str:
    with pytest.raises(ApiException) as refused:
        admit(spec)
    return str(json.loads(refused.value.body)["message"])


CA = {"name": "ca", "key": "ca.crt"}


@pytest.mark.parametrize("tls", [{}, {"caConfigMapRef": CA}, {"caSecretRef": CA, "serverName": "a.example.com"}])
def test_servers_with_tls(tls: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", "transport": http(tls=tls)})["spec"]["transport"]["config"]["http"]["tls"] == tls


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"transport": http(tls={"caConfigMapRef": CA, "caSecretRef": CA})}, "must not be set together"),
        ({"transport": http(tls={"serverName": "a b"})}, "should match"),
        (
            {"transport": {"type": "stdio", **http(tls={})}, "command": ["c"]},
            'not allowed if transport.type is "stdio"',
        ),
        ({"transport": http(tls={}), "validation": {"runner": "job"}}, "not allowed together with transport.config"),
    ],
)
def test_contradictions_about_tls(spec: dict[str, Any], message: str, admit: Admit) -> None:
    assert message in refusal(admit, {"image": "a/b", **spec})


TOKEN = {"secretKeyRef": {"name": "token", "key": "token"}}


OAUTH = {"tokenURL": "https://login.example.com/token", "clientID": "c", "clientSecretRef": {"name": "c", "key": "s"}}
ACCOUNT = {"audience": "mcp", "serviceAccountName": "reader"}


@pytest.mark.parametrize(
    "auth",
    [
        {"type": "none"},
        {"type": "bearerToken", "bearerToken": TOKEN},
        {"type": "clientCredentials", "clientCredentials": {**OAUTH, "scopes": ["a:b"], "resource": "urn:x"}},
        {"type": "serviceAccountToken", "serviceAccountToken": ACCOUNT},
    ],
)
def test_ways_to_authenticate(auth: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", "validation": {"auth": auth}})["spec"]["validation"]["auth"] == auth


@pytest.mark.parametrize(
    ("validation", "message"),
    [
        ({"auth": {}}, "auth.type: Required value"),
        ({"auth": {"type": "basic"}}, "Unsupported value"),
        ({"auth": {"type": "bearerToken"}}, 'bearerToken is required if type is "bearerToken"'),
        ({"auth": {"type": "none", "bearerToken": TOKEN}}, "is not allowed otherwise"),
        ({"auth": {"type": "clientCredentials"}}, "clientCredentials is required if type"),
        ({"auth": {"type": "none", "clientCredentials": OAUTH}}, "clientCredentials is required if type"),
        ({"auth": {"type": "serviceAccountToken"}}, "serviceAccountToken is required if type"),
        ({"auth": {"type": "none", "serviceAccountToken": ACCOUNT}}, "serviceAccountToken is required if type"),
        ({"auth": {"type": "serviceAccountToken", "serviceAccountToken": {}}}, "audience: Required value"),
        *(
            ({"auth": {"type": "clientCredentials", "clientCredentials": {**OAUTH, **changed}}}, message)
            for changed, message in (
                ({"tokenURL": "http://login.example.com/token"}, "should match"),
                ({"tokenURL": "https://user:password@login.example.com"}, "should match"),
                ({"scopes": ["a b"]}, "should match"),
                ({"caConfigMapRef": CA, "caSecretRef": CA}, "must not be set together"),
            )
        ),
        ({"auth": {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": "token"}}}}, "key: Required value"),
        ({"runner": "job", "auth": {"type": "bearerToken", "bearerToken": TOKEN}}, 'runner "job" sends no credentials'),
    ],
)
def test_contradictions_in_how_to_authenticate(validation: dict[str, Any], message: str, admit: Admit) -> None:
    assert message in refusal(admit, {"image": "a/b", "validation": validation})
