# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A neighbor in the network calls tools without the token for it, and looks for tokens of others.

MCP basic/authorization; RFC 6750, 8705, 8725 and 9068.
"""

from __future__ import annotations

import base64
import json
import time

import pytest
import requests

from support.bridging.attacks import JSON, head, send, status
from support.bridging.secured import accepting
from support.bridging.tokens import Signer, encoded, issuer
from support.cluster import until

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def tool(name, **more):
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": name}, **more}


def post(running, body, *authorization, path="/mcp", **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {**JSON, "Content-Length": len(data), "Connection": "close", **headers}
    start = head("POST", path, **fields)
    for value in authorization:
        start = start[:-2] + f"Authorization: {value}\r\n\r\n".encode()
    return send(running, start + data)


def forged(tokens):
    """Return tokens that the issuer has not signed for this server."""
    evil, now, claims = Signer(), int(time.time()), tokens.claims()
    good = tokens.token().split(".")
    return {
        "another key": evil.sign(claims),
        "the own key in the header": evil.sign(claims, jwk=evil.jwk()),
        "a link to the own keys": evil.sign(claims, jku="https://evil.example/keys", x5u="https://evil.example/x"),
        "HMAC with the public key": tokens.forge(claims),
        "no algorithm": f"{encoded({'alg': 'none'})}.{encoded(claims)}.",
        "no signature": f"{good[0]}.{good[1]}.",
        "another subject": f"{good[0]}.{encoded(tokens.claims(sub='admin'))}.{good[2]}",
        "for another server": tokens.token(aud="https://other.team.svc/mcp"),
        "for no server": tokens.token(aud=None),
        "of another issuer": tokens.token(iss="https://evil.example"),
        "expired": tokens.token(exp=now - 60),
        "never expires": tokens.token(exp=None),
        "of the future": tokens.token(nbf=now + 60),
        "a logout token": tokens.sign(claims, typ="logout+jwt"),
        "bound to a key of DPoP": tokens.token(cnf={"jkt": "x"}),
        "bound to a certificate": tokens.token(cnf={"x5t#S256": "x"}),
    }


def test_forged_tokens_reach_no_server(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens)) as running:
        for what, token in forged(tokens).items():
            assert status(post(running, PING, f"Bearer {token}")) == 401, what
        assert status(post(running, PING)) == 401
        assert status(post(running, PING, f"Basic {base64.b64encode(b'a:b').decode()}")) == 401
        assert status(post(running, PING, f"Bearer {tokens.token()}", f"Bearer {tokens.token()}")) == 400
        assert status(post(running, PING, f"Bearer {tokens.token(scope='mcp:x')}")) == 403
        assert status(post(running, PING, path=f"/mcp?access_token={tokens.token()}")) == 400
        assert behind.heads == []
        assert status(post(running, PING, f"Bearer {tokens.token()}")) == 200
        assert len(behind.heads) == 1


HIDDEN = {
    "in a batch": [PING, tool("delete")],
    "twice": b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","name":"read"}}',
    "twice, the other way": b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","name":"delete"}}',
    "in another case": b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","Name":"read"}}',
    "a method twice": b'{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete"}}',
    "parameters twice": b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{},"params":{"name":"delete"}}',
    "escaped": b'{"jsonrpc":"2.0","id":1,"m\\u0065thod":"tools\\/call","params":{"n\\u0061me":"d\\u0065lete"}}',
    "in UTF-16": json.dumps(tool("delete")).encode("utf-16"),
    "a notification": {"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "delete"}},
    "behind a byte order mark": b"\xef\xbb\xbf" + json.dumps(tool("delete")).encode(),
    "after another message": json.dumps(PING).encode() + json.dumps(tool("delete")).encode(),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_tool_without_its_scope_cannot_be_hidden(sidecar, tokens, behind, what):
    with sidecar(behind.url, **accepting(tokens), auth_tool_scope=["delete=admin"]) as running:
        for kind in ("application/json", "text/plain", "application/json; charset=utf-16"):
            headers = {"Content_Type": kind}
            response = post(running, HIDDEN[what], f"Bearer {tokens.token()}", **headers)
            assert 400 <= status(response) < 500, response
        assert behind.heads == []


def test_a_header_does_not_hide_a_tool(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens), auth_tool_scope=["delete=admin"]) as running:
        for headers in ({"Mcp_Method": "ping"}, {"Mcp_Method": "tools/call", "Mcp_Name": "read"}):
            assert status(post(running, tool("delete"), f"Bearer {tokens.token()}", **headers)) in (400, 403)
        assert behind.heads == []


def test_the_server_and_the_log_get_no_token(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens), auth_subject_header="X-Subject", audit=True) as running:
        token = tokens.token()
        spoofed = {"X_Subject": "admin", "Connection": "close, X-Subject, Authorization"}
        assert status(post(running, PING, f"Bearer {token}", X_Subject="admin")) == 200
        post(running, PING, f"Bearer {token}", **spoofed)
        post(running, PING, f"Bearer {token}", path=f"/mcp?access_token={token}")
        # WSGI servers take an underscore for a hyphen.
        answer = requests.post(
            f"{running.url}/mcp",
            json=PING,
            headers={"Authorization": f"Bearer {token}", "X_Subject": "admin"},
            timeout=10,
        )
        assert answer.status_code == 200
        for request in behind.heads:
            assert token not in request
            assert "authorization" not in request.lower()
            assert request.lower().replace("_", "-").count("x-subject:") == 1
            assert "X-Subject: alice" in request
        assert token not in running.log()
        assert "access_token" not in running.log()


def test_hostile_names_do_not_forge_the_audit_log(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens), audit=True) as running:
        name = 'x"}\n{"subject":"admin","tool":"delete\u202e\x1b[2J' + "y" * 5000
        subject = "alice\n{}"
        assert status(post(running, tool(name), f"Bearer {tokens.token(sub=subject)}")) == 200
        lines = [line for line in running.log().splitlines() if line.startswith("{")]
        assert len(lines) == 1
        assert lines[0].isascii()
        assert len(lines[0]) < 4096
        record = json.loads(lines[0])
        assert record["subject"] == subject
        assert record["tool"].startswith('x"}\n')


def test_a_lying_issuer_is_not_followed(sidecar, behind):
    with issuer() as elsewhere, issuer() as found:
        for lie in ("redirect", "jwks_uri", "issuer", "file"):
            found.redirect, found.metadata = "", {"issuer": found.url, "jwks_uri": f"{found.url}/keys"}
            elsewhere.requests.clear()
            if lie == "redirect":
                found.redirect, elsewhere.keys = elsewhere.url, found.keys
                elsewhere.metadata = found.metadata
            elif lie == "jwks_uri":
                found.metadata["jwks_uri"] = "http://169.254.169.254/latest/meta-data"
            elif lie == "file":
                found.metadata["jwks_uri"] = "file:///var/run/secrets/kubernetes.io/serviceaccount/token"
            else:
                found.metadata["issuer"] = elsewhere.url
            with sidecar(behind.url, **accepting(found)) as running:
                assert status(post(running, PING, f"Bearer {found.token()}")) == 503, lie
                assert elsewhere.requests == []
        assert behind.heads == []


def test_unknown_keys_do_not_flood_the_issuer(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens)) as running:
        until("the keys", lambda: status(post(running, PING, f"Bearer {tokens.token()}")) == 200)
        before = len(tokens.requests)
        for number in range(100):
            assert status(post(running, PING, f"Bearer {Signer(f'k{number}').sign(tokens.claims())}")) == 401
        assert len(tokens.requests) - before <= 4  # metadata and keys, twice at most


def test_clients_without_a_token_take_no_memory(sidecar, tokens, behind):
    with sidecar(behind.url, **accepting(tokens)) as running:
        # The body is announced and never sent: the refusal does not wait for it.
        start = head("POST", "/mcp", **JSON, Content_Length=1 << 30)
        began = time.monotonic()
        assert status(send(running, start)) == 401
        assert time.monotonic() - began < 5
