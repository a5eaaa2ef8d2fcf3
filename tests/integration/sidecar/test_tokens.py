# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The sidecar is an OAuth resource server, and writes an audit log."""

from __future__ import annotations

import json

import pytest
import requests

from support.bridging.client import RefusedError, Sse, Streamable
from support.bridging.secured import accepting
from support.bridging.tokens import RESOURCE, Signer
from support.cluster import until

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "delete", "arguments": {"secret": "s3cret"}},
}


def client(running, token):
    found = Streamable(running.url)
    found.headers["Authorization"] = f"Bearer {token}"
    return found


def ready(running, token):
    """Wait for the server behind the sidecar."""
    headers = {"Authorization": f"Bearer {token}"}
    until("the server", lambda: requests.get(f"{running.url}/healthz", headers=headers, timeout=5).status_code == 200)


def post(running, token, body):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return requests.post(f"{running.url}/mcp", json.dumps(body), headers=headers, timeout=10)


def records(running):
    return [json.loads(line) for line in running.log().splitlines() if line.startswith("{")]


def test_a_stdio_server_is_called_with_a_token(sidecar, tokens):
    with sidecar(**accepting(tokens), auth_tool_scope=["pid=admin"], audit=True) as running:
        ready(running, tokens.token())
        caller = client(running, tokens.token())
        caller.open()
        assert caller.tool("echo", {"text": "hi"}) == "hi"
        with pytest.raises(RefusedError, match="HTTP 403"):
            caller.tool("pid")
        caller.headers["Authorization"] = f"Bearer {tokens.token(scope='mcp admin')}"
        caller.tool("pid")
        calls = [(r["subject"], r.get("tool"), r["outcome"]) for r in records(running) if r["method"] == "tools/call"]
        assert calls == [("alice", "echo", "success"), ("alice", "pid", "403"), ("alice", "pid", "success")]
        assert caller.close() == 204


def test_a_session_is_for_its_subject(sidecar, tokens):
    with sidecar(**accepting(tokens)) as running:
        ready(running, tokens.token())
        caller = client(running, tokens.token())
        caller.open()
        caller.headers["Authorization"] = f"Bearer {tokens.token(sub='mallory')}"
        with pytest.raises(RefusedError, match="HTTP 404"):
            caller.request("ping")
        assert caller.close() == 404
        caller.headers["Authorization"] = f"Bearer {tokens.token(jti='a new token')}"
        caller.request("ping")


def test_the_challenge_leads_to_the_issuer(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens), auth_tool_scope=["delete=admin"]) as running:
        answer = requests.post(f"{running.url}/mcp", json=CALL, timeout=10)
        link = f'resource_metadata="{RESOURCE.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")}"'
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, f'Bearer scope="mcp", {link}')
        for path in ("", "/mcp"):
            document = requests.get(f"{running.url}/.well-known/oauth-protected-resource{path}", timeout=10).json()
            assert document == {
                "resource": RESOURCE,
                "authorization_servers": [tokens.url],
                "scopes_supported": ["admin", "mcp"],
                "bearer_methods_supported": ["header"],
            }
        answer = post(running, tokens.token(), CALL)
        assert answer.status_code == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        assert 'scope="mcp admin"' in answer.headers["WWW-Authenticate"]
        assert behind.heads == []
        assert post(running, tokens.token(scope="mcp admin"), CALL).status_code == 200
        assert behind.tools() == ["delete"]


@pytest.mark.test_all
def test_keys_are_rotated(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens)) as running:
        assert post(running, tokens.token(), CALL).status_code == 200
        new = Signer("second")
        tokens.keys.append(new.jwk())
        # Unknown keys are fetched at most every ten seconds.
        until("the new key", lambda: post(running, new.sign(tokens.claims()), CALL).status_code == 200)


def test_the_subject_and_the_certificate_are_known(sidecar, tokens, behind, volume, authority):
    options = {**volume.options(), "tls_client_ca_file": str(volume.folder / "ca.crt"), **accepting(tokens)}
    with sidecar(behind.url, **options, auth_subject_header="X-Subject", audit=True) as running:
        headers = {"Authorization": f"Bearer {tokens.token(sub='al ice')}", "Content-Type": "application/json"}
        certificate = authority.client("spiffe://cluster.local/ns/team/sa/client")
        url, options = f"https://127.0.0.1:{running.port}/mcp", {"verify": str(authority.file), "cert": certificate}
        assert requests.post(url, json.dumps(CALL), headers=headers, timeout=10, **options).status_code == 200
        assert "X-Subject: al%20ice\n" in behind.heads[0]
        (record,) = records(running)
        assert record.pop("duration_seconds") > 0
        assert record.pop("time").endswith("Z")
        assert record == {
            "issuer": tokens.url,
            "subject": "al ice",
            "client_san": "spiffe://cluster.local/ns/team/sa/client",
            "method": "tools/call",
            "tool": "delete",
            "outcome": "success",
        }
        assert "s3cret" not in running.log()


def test_http_with_sse(sidecar, tokens):
    with sidecar(**accepting(tokens)) as running:
        ready(running, tokens.token())
        with pytest.raises(RefusedError, match="HTTP 401"):
            Sse(running.url)


def test_refusals_are_counted(sidecar, tokens, behind, free_port):
    with sidecar(behind.url, **accepting(tokens), metrics_listen=f"127.0.0.1:{free_port}") as running:
        assert requests.post(f"{running.url}/mcp", json=CALL, timeout=10).status_code == 401
        assert post(running, tokens.token(aud="https://other.team.svc"), CALL).status_code == 401
        text = requests.get(f"http://127.0.0.1:{free_port}/metrics", timeout=10).text
        assert 'mcp_sidecar_auth_refusals_total{reason="missing"} 1' in text
        assert 'mcp_sidecar_auth_refusals_total{reason="audience"} 1' in text
