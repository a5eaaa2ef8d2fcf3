# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Tokens that are issued for a while: when they are renewed, and which are not requested at all."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import issued_tokens
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.issued_tokens import CachedToken
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.probe_access import read_access
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import (
    ApiForbidden,
    ApiNotFound,
    ApiUnreachable,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.auth.access_token import AccessToken
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import ConnectError, TokenRefused
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ProbeAccessError

from support.clock import FakeClock

from .test_probe_access import Api, server

LABEL = {"mcp.mcp-operator.io/validation-credentials": "true"}
OF_THE_CLUSTER = "https://kubernetes.default.svc.cluster.local"


class Issuer:
    def __init__(self):
        self.count = 0
        self.error = None

    def __call__(self):
        self.count += 1
        if self.error is not None:
            raise self.error
        return f"token-{self.count}", 600.0


def test_a_token_is_renewed_shortly_before_it_expires():
    clock, issue = FakeClock(), Issuer()
    token = CachedToken(issue, clock.now)
    assert [token(), token()] == ["token-1", "token-1"]
    clock.step(479)
    assert token() == "token-1"
    clock.step(2)
    assert token() == "token-2"


def test_a_failure_is_remembered_for_a_moment():
    clock, issue = FakeClock(), Issuer()
    token = CachedToken(issue, clock.now)
    issue.error = ProbeAccessError("no")
    for _pod in range(3):
        with pytest.raises(ProbeAccessError):
            token()
    assert issue.count == 1
    issue.error = None
    clock.step(5)
    assert token() == "token-2"


class Accounts:
    """An API server that issues tokens of ServiceAccounts."""

    def __init__(self, labels=None):
        self.requests = []
        self.labels = labels or {}
        self.error = None

    def get(self, _version, kind, namespace, name):
        assert (kind, namespace) == ("ServiceAccount", "team")
        return {"metadata": {"name": name, "labels": self.labels}}

    def request(self, method, path, *, what, body):
        assert (method, body["kind"]) == ("POST", "TokenRequest")
        assert "token of ServiceAccount team/" in what
        if self.error is not None:
            raise self.error
        audiences = body["spec"].get("audiences") or [OF_THE_CLUSTER]
        self.requests.append((path, tuple(body["spec"].get("audiences", ()))))
        expires = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=body["spec"]["expirationSeconds"])
        status = {"token": f"of {audiences}", "expirationTimestamp": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return {"spec": {**body["spec"], "audiences": audiences}, "status": status}


def account(audience="mcp", **more):
    return server(type="serviceAccountToken", serviceAccountToken={"audience": audience, **more})


def test_the_account_of_the_pods_needs_no_label():
    api = Accounts()
    token = read_access(api, account()).token
    assert [token(), token()] == ["of ['mcp']"] * 2
    path = "/api/v1/namespaces/team/serviceaccounts/wiki/token"
    assert api.requests == [(path, ()), (path, ("mcp",))]


def test_the_account_of_the_pod_template_is_that_of_the_pods():
    api, manifest = Accounts(), account()
    manifest["spec"]["podTemplate"] = {"serviceAccountName": "reader"}
    read_access(api, manifest).token()
    assert {path for path, _audiences in api.requests} == {"/api/v1/namespaces/team/serviceaccounts/reader/token"}


def test_another_account_needs_the_label():
    with pytest.raises(ProbeAccessError, match="has no label"):
        read_access(Accounts(), account(serviceAccountName="vault")).token()
    assert read_access(Accounts(LABEL), account(serviceAccountName="vault")).token() == "of ['mcp']"


def test_a_token_for_the_api_server_is_never_sent():
    api = Accounts(LABEL)
    with pytest.raises(ProbeAccessError, match="is that of the API server"):
        read_access(api, account(OF_THE_CLUSTER)).token()
    assert [audiences for _path, audiences in api.requests] == [()]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ApiForbidden("forbidden", status=403),
            r"validationAccess: \[\{namespace: team, serviceAccounts: \[wiki\]\}\]",
        ),
        (ApiNotFound("not found", status=404), "does not exist"),
        (ApiUnreachable("The API server does not answer."), "was issued: The API server does not answer"),
    ],
)
def test_what_the_api_server_refuses(error, said):
    api = Accounts()
    api.error = error
    with pytest.raises(ProbeAccessError, match=said) as caught:
        read_access(api, account()).token()
    assert caught.value.code == "CREDENTIALS_UNAVAILABLE"  # no evidence against the server


OAUTH = {
    "tokenURL": "https://login.example.com/token",
    "clientID": "mcp-operator",
    "clientSecretRef": {"name": "token", "key": "token"},
    "scopes": ["mcp:read"],
}


@pytest.fixture
def fetched(monkeypatch):
    """Record what is requested from the authorization server."""
    calls, errors = [], []

    def fetch(credentials, resource, options, _deadline, dial):
        calls.append((credentials, resource, options, dial))
        if errors:
            raise errors[0]
        return AccessToken("an-access-token", 300.0)

    monkeypatch.setattr(issued_tokens.access_token, "fetch_access_token", fetch)
    return calls, errors


def oauth(**more):
    return server(type="clientCredentials", clientCredentials={**OAUTH, **more})


def test_client_credentials(fetched):
    calls, _errors = fetched
    access = read_access(Api(), oauth())
    assert [access.token(), access.token()] == ["an-access-token"] * 2
    [(credentials, resource, options, dial)] = calls
    assert (credentials.client_id, credentials.client_secret) == ("mcp-operator", "s3cret-t0ken")
    assert (credentials.scopes, credentials.authentication) == (("mcp:read",), "basic")
    assert resource == "http://wiki.team.svc:8080/"
    assert dial is issued_tokens.dial_outside
    assert options.request_timeout <= 10.0
    assert "s3cret" not in repr(access) + repr(credentials)


def test_the_resource_of_the_manifest_wins(fetched):
    read_access(Api(), oauth(resource="https://mcp.example.com/")).token()
    assert fetched[0][0][0].resource == "https://mcp.example.com/"


def test_without_https_nothing_is_requested(fetched):
    with pytest.raises(ProbeAccessError, match="does not begin with https"):
        read_access(Api(), oauth(tokenURL="http://login.example.com/token")).token()
    assert fetched[0] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TokenRefused("https://x returned HTTP 400", error="invalid_client"), "the error 'invalid_client'"),
        (ConnectError("No connection to 10.0.0.1: refused; <html>secret page"), r"issued no token \(CONNECT_FAILED\)"),
    ],
)
def test_only_a_code_is_shown(fetched, error, said):
    fetched[1].append(error)
    with pytest.raises(ProbeAccessError, match=said) as caught:
        read_access(Api(), oauth()).token()
    assert caught.value.code == "AUTH_TOKEN_FAILED"
    assert "secret page" not in str(caught.value)
