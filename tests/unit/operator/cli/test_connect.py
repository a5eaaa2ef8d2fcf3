# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator connect`` with a fake port-forward to a Pod that echoes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading

import pytest
from mcp_operator.cli import connect
from mcp_operator.cli.main import main

from .echoing_pod import FakeClient, free_port, mcpserver, said_through

SERVICE = "http://weather.team.svc:8080/mcp"


@pytest.fixture
def run(monkeypatch, capsys):
    def go(client, *arguments):
        monkeypatch.setattr(connect, "client_of", lambda _flags, _environment: client)
        code = main(["connect", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return go


def test_a_server_that_is_exposed_needs_no_port(run):
    url = "https://weather.example.com/mcp"
    code, out, err = run(FakeClient(mcpserver(url=url)), "weather", "-n", "team", "--client", "claude-code")
    assert code == 0
    assert json.loads(out) == {"mcpServers": {"weather": {"type": "http", "url": url}}}
    assert "port-forwards are open" not in err


def unreached(server, status="False"):
    condition = {"type": "Reachable", "status": status, "reason": "HostnameConflict", "message": "An older\x1b route."}
    server["status"]["conditions"].append(condition)
    return server


def test_a_gateway_through_which_clients_do_not_reach_the_server_is_not_used(run, pods, monkeypatch):
    ended = threading.Event()
    ended.set()
    monkeypatch.setattr(connect, "_signalled", lambda: ended)
    port = free_port()
    server = unreached(mcpserver(url="https://weather.example.com/mcp"))
    code, out, err = run(FakeClient(server), "team/weather", "--client", "cursor", "--local-port", str(port))
    assert (code, json.loads(out)) == (0, {"mcpServers": {"weather": {"url": f"http://127.0.0.1:{port}/mcp"}}})
    assert "the URL of the gateway is not used (HostnameConflict: An older route.)" in err


def test_a_gateway_that_could_not_be_tried_is_used(run):
    server = unreached(mcpserver(url="https://weather.example.com/mcp"), "Unknown")
    _code, out, err = run(FakeClient(server), "team/weather", "--client", "cursor")
    assert json.loads(out)["mcpServers"]["weather"]["url"] == "https://weather.example.com/mcp"
    assert "the URL of the gateway" not in err


def test_a_gateway_that_is_named_is_used_with_a_warning(run):
    server = unreached(mcpserver(url="https://weather.example.com/mcp"))
    _code, out, err = run(FakeClient(server), "team/weather", "--client", "cursor", "--via", "gateway")
    assert json.loads(out)["mcpServers"]["weather"]["url"] == "https://weather.example.com/mcp"
    assert "is used, but clients do not reach it (HostnameConflict" in err


def test_a_port_stays_open_until_a_signal(run, pods):
    port = free_port()
    heard = []

    def use_and_end():
        while not heard:
            with contextlib.suppress(ConnectionRefusedError):
                heard.append(said_through(port, b"one"))
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    user = threading.Thread(target=use_and_end, daemon=True)
    user.start()
    try:
        code, out, err = run(FakeClient(mcpserver()), "team/weather", "--client", "cursor", "--local-port", str(port))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert code == 0
    assert heard == [b"a:one"]
    assert json.loads(out) == {"mcpServers": {"weather": {"url": f"http://127.0.0.1:{port}/mcp"}}}
    assert "until you press Ctrl-C" in err


def test_all_that_were_validated_are_taken_and_the_others_named(run):
    client = FakeClient(mcpserver(), mcpserver("broken", state="Failed"), mcpserver("new", state="Pending"))
    code, out, err = run(client, "-n", "team", "--client", "inspector", "--via", "service")
    assert code == 0
    assert set(json.loads(out)["mcpServers"]) == {"weather", "broken"}
    assert "team/new is left out" in err
    assert "team/broken is not healthy" in err


def test_none_that_was_validated_is_an_error(run):
    code, _out, err = run(FakeClient(mcpserver(state="Pending")), "--client", "cursor")
    assert code == 2
    assert "There is no MCPServer that was validated. Check the namespace" in err


def test_tokens_are_named_and_explained(run):
    secured = mcpserver(auth={"issuers": [{"url": "https://login.example.com"}]})
    options = ["team/weather", "--via", "service", "--client", "vscode"]
    code, out, err = run(FakeClient(secured), *options)
    assert (code, "headers" in out) == (0, False)
    assert "the client signs in by OAuth" in err
    code, out, err = run(FakeClient(secured), *options, "--bearer-token-env", "TOKEN")
    assert json.loads(out)["servers"]["weather"]["headers"] == {"Authorization": "Bearer ${env:TOKEN}"}
    assert "OAuth" not in err


def test_the_file_is_written(run, tmp_path):
    file = tmp_path / "mcp.json"
    options = ["team/weather", "--client", "vscode", "--via", "service", "--file", str(file)]
    code, out, err = run(FakeClient(mcpserver()), *options)
    assert (code, out) == (0, "")
    assert f"{file} has weather." in err
    assert json.loads(file.read_text())["servers"]["weather"]["url"] == SERVICE
    file.write_text('{"servers": {"docs": {}}}')
    assert "The file as it was is" in run(FakeClient(mcpserver()), *options)[2]


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        (["--client", "inspector", "--write"], "has no usual file"),
        (["--client", "cursor", "--local-port", "2000", "--via", "service"], "is for one server with a port-forward"),
        (["team/none", "--client", "cursor"], "There is no MCPServer team/none"),
        (["team/weather", "--client", "cursor", "--via", "gateway"], "has no URL of a gateway"),
    ],
)
def test_what_cannot_be_done_is_an_error(run, arguments, seen):
    code, out, err = run(FakeClient(mcpserver()), *arguments)
    assert (code, out) == (2, "")
    assert seen in err


@pytest.mark.parametrize("text", ["65536", "0", "-1", "x"])
def test_a_local_port_that_is_none_is_refused(run, capsys, text):
    with pytest.raises(SystemExit, match="2"):
        run(FakeClient(mcpserver()), "--client", "cursor", f"--local-port={text}")
    assert f"{text} is not a port from 1 to 65535" in capsys.readouterr().err
