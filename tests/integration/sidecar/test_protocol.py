# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a client finds behind the bridge: the server, whole, on both transports."""

from __future__ import annotations

import threading

import pytest
import requests
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate

from support.bridging.client import ACCEPT, RefusedError, Sse, Streamable
from support.cluster import until

MIB = 1024 * 1024


@pytest.fixture(params=[Streamable, Sse], ids=["streamable-http", "sse"])
def transport(request):
    return request.param


def test_both_transports_at_once(bridge, mode):
    with bridge(mode=mode) as running:
        clients = [transport(running.url) for transport in (Streamable, Sse, Streamable, Sse)]
        for client in clients:
            assert client.open()["serverInfo"]["name"] == "probe"
        for client in clients:
            assert "echo" in {tool["name"] for tool in client.request("tools/list")["tools"]}
            assert client.tool("echo", {"text": "ÄÖ\u2028<>&"}) == "ÄÖ\u2028<>&"
        assert modern(running.url, "server/discover").status_code == 200


def test_clients_have_processes_of_their_own_or_share_one(bridge, mode):
    with bridge(mode=mode) as running:
        clients = [Streamable(running.url) for _ in range(3)]
        for client in clients:
            client.open()
        assert len({client.tool("pid") for client in clients}) == (3 if mode == "session" else 1)


def test_answers_go_to_who_asked(bridge, mode, transport):
    with bridge(mode=mode) as running:
        clients = [transport(running.url) for _ in range(4)]
        wrong = []

        def work(number):
            clients[number].open()
            for turn in range(25):
                text = f"{number}-{turn}"
                if clients[number].tool("echo", {"text": text}) != text:
                    wrong.append(text)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        assert [client.number for client in clients] == [26] * 4


def test_progress_comes_under_the_clients_own_token(bridge, mode, transport):
    with bridge(mode=mode) as running:
        first, second = transport(running.url), transport(running.url)
        for client in (first, second):
            client.open()
            client.tool("slow", {"seconds": 0.2}, {"progressToken": "mine"})
        for client in (first, second):
            tokens = [m["params"]["progressToken"] for m in client.seen if m["method"] == "notifications/progress"]
            assert tokens == ["mine"] * 5


def test_what_belongs_to_no_call_comes_by_the_clients_own_stream(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url)
        client.open()
        client.listen()
        client.tool("changed")
        until(
            "the notification",
            lambda: "notifications/tools/list_changed" in [message["method"] for message in client.seen],
        )


def test_a_server_of_a_clients_own_can_ask_it(bridge, transport):
    with bridge(mode="session") as running:
        client = transport(running.url)
        client.open({"sampling": {}})
        assert client.tool("ask") == "hello!"


def test_a_shared_server_is_told_that_it_cannot_ask(bridge):
    with bridge(mode="shared") as running:
        client = Streamable(running.url)
        client.open({"sampling": {}})
        with pytest.raises(RefusedError, match="Clients share this server"):
            client.tool("ask")


def test_a_cancelled_call_is_cancelled_in_the_server(bridge, mode):
    with bridge(mode=mode, request="3s") as running:
        client, other = Streamable(running.url), Streamable(running.url)
        client.open()
        other.open()

        def call():
            # Nobody answers a call that was cancelled.
            with pytest.raises((RefusedError, requests.RequestException)):
                client.tool("slow", {"seconds": 5})

        thread = threading.Thread(target=call)
        thread.start()
        until("the call", lambda: client.number == 2)
        witness = other if mode == "shared" else client
        client.notify("notifications/cancelled", {"requestId": 2, "reason": "enough"})
        client.number = 100
        until("the cancellation", lambda: witness.tool("cancelled") != "[]")
        thread.join(20)


def test_messages_of_four_mebibytes_pass_both_ways(bridge, mode, transport):
    with bridge(mode=mode) as running:
        client = transport(running.url, 60.0)
        client.open()
        assert len(client.tool("big", {"size": 4 * MIB})) == 4 * MIB
        assert len(client.tool("echo", {"text": "y" * 4 * MIB})) == 4 * MIB


def test_what_is_too_large_is_refused_and_harms_nobody(bridge, mode):
    with bridge(mode=mode, max_message=MIB) as running:
        client = Streamable(running.url)
        client.open()
        with pytest.raises(RefusedError, match="HTTP 413"):
            client.tool("echo", {"text": "y" * 2 * MIB})
        assert client.tool("echo", {"text": "x"}) == "x"


def test_a_session_ends_with_delete_and_its_id_is_no_good_any_more(bridge, mode):
    with bridge(mode=mode, idle="2s") as running:
        client = Streamable(running.url)
        client.open()
        assert client.close() == 204
        with pytest.raises(RefusedError, match="HTTP 404"):
            client.tool("pid")
        if mode == "session":
            until("the end of its process", lambda: not running.children())


def test_stderr_is_in_the_log_and_not_in_the_stream(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url)
        client.open()
        client.tool("say")
        until("the line", lambda: "probe: said something on stderr" in running.log())
        assert not any("probe: said" in str(message) for message in client.seen)


def test_the_environment_reaches_the_server(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url)
        client.open()
        assert client.tool("environment", {"name": "PROBE_API_KEY"}) == "k3y-of-the-test"


def test_an_older_revision_is_granted(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url)
        params = {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "old", "version": "1"}}
        assert client.request("initialize", params)["protocolVersion"] == "2024-11-05"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": "{"}, 400),
        ({"data": "[]"}, 400),
        ({"data": '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'}, 400),
        ({"headers": {"Mcp-Session-Id": "nobody"}}, 404),
        ({"headers": {"MCP-Protocol-Version": "1999-01-01"}}, 400),
        ({"headers": {"Origin": "http://evil.example", "Host": "localhost"}}, 403),
    ],
)
def test_what_is_wrong_with_a_request_is_said(bridge, change, status):
    with bridge() as running:
        hello = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}'
        headers = {**ACCEPT, **change.get("headers", {})}
        answer = requests.post(f"{running.url}/mcp", data=change.get("data", hello), headers=headers, timeout=10)
        assert answer.status_code == status


def modern(url, method, params=None, **headers):
    """Ask as a client of the revision without sessions."""
    prefix = "io.modelcontextprotocol/"
    meta = {f"{prefix}protocolVersion": "2026-07-28", f"{prefix}clientCapabilities": {}}
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": {"_meta": meta, **(params or {})}}
    known = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, **headers}
    return requests.post(f"{url}/mcp", json=body, headers={**ACCEPT, **known}, timeout=30)


def test_the_revision_without_sessions_is_spoken_for_a_server_that_does_not_know_it(bridge, mode):
    with bridge(mode=mode) as running:
        found = modern(running.url, "server/discover").json()["result"]
        assert "2026-07-28" in found["supportedVersions"]
        assert found["capabilities"] == {"tools": {}}
        listed = modern(running.url, "tools/list").json()["result"]
        assert (listed["resultType"], listed["ttlMs"], listed["cacheScope"]) == ("complete", 0, "private")
        call = {"name": "echo", "arguments": {"text": "ä"}}
        assert (
            modern(running.url, "tools/call", call, **{"Mcp-Name": "echo"}).json()["result"]["content"][0]["text"]
            == "ä"
        )


@pytest.mark.parametrize(
    ("method", "params", "headers", "status", "code"),
    [
        ("initialize", {}, {}, 404, -32601),
        ("no/such", {}, {}, 404, -32601),
        ("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, {}, 404, -32601),
        ("tools/list", {}, {"Mcp-Method": "tools/call"}, 400, -32020),
        ("tools/call", {"name": "echo"}, {"Mcp-Name": "other"}, 400, -32020),
        ("tools/list", {}, {"MCP-Protocol-Version": "2025-11-25"}, 400, -32020),
        ("tools/list", {"_meta": {}}, {}, 400, -32602),
    ],
)
def test_what_is_wrong_with_a_request_of_that_revision_is_said(bridge, method, params, headers, status, code):
    with bridge() as running:
        answer = modern(running.url, method, params, **headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_validator_finds_nothing_wrong(bridge, mode):
    with bridge(mode=mode) as running:
        report = validate(Target(url=f"{running.url}/mcp"), Options(timeout=30.0)).to_dict()
        assert report["compliant"], report["issues"]
        assert [issue for issue in report["issues"] if issue["level"] != "info"] == []
        assert "2026-07-28" in report["supported_versions"]
