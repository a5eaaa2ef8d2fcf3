# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator connect`` with a fake port-forward to a Pod that echoes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
import typing as t

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound, ApiUnreachable
from mcp_operator.cli import connect, local_forward
from mcp_operator.cli.local_forward import LocalForward, usual_port, usual_ports
from mcp_operator.cli.main import main
from mcp_operator.errors import ArgumentsInvalid

SAME_PORT = ("s10", "s27")
SERVICE = "http://weather.team.svc:8080/mcp"


def mcpserver(name="weather", *, state="Validated", url=None, **spec):
    found = {"state": state, "protocol": "streamable-http", "endpoint": f"http://{name}.team.svc:8080/mcp"}
    status = {"message": "All is well.", "validation": found if state != "Pending" else {"state": state}}
    status["conditions"] = [{"type": "Ready", "status": "True" if state == "Validated" else "False"}]
    if url:
        status["address"] = {"url": url}
    return {"metadata": {"name": name, "namespace": "team"}, "spec": {"image": "a:1", **spec}, "status": status}


class FakeClient:
    configuration = None

    def __init__(self, *servers):
        self.servers = list(servers)

    def list(self, _version, _kind, _namespace=None, **_selectors):
        return iter(self.servers)

    def find(self, _version, _kind, namespace, name):
        found = [one for one in self.servers if one["metadata"] == {"name": name, "namespace": namespace}]
        return found[0] if found else None


class EchoingPod:
    """In place of PodDialer: a Pod that sends back what it receives, until it is deleted."""

    pods: t.ClassVar[dict] = {}
    dialed: t.ClassVar[list] = []

    def __init__(self, _configuration, namespace, pod, port):
        self._pod = (namespace, pod, port)
        self._ends = []

    def dial(self, _timeout):
        if not self.pods.get(self._pod[1]):
            raise ApiUnreachable(f"Pod {self._pod[1]} is gone.")
        self.dialed.append(self._pod)
        near, far = socket.socketpair()
        self._ends += [near, far]
        threading.Thread(target=self._echo, args=(far,), daemon=True).start()
        return near

    def _echo(self, far):
        with contextlib.suppress(OSError):
            while block := far.recv(100):
                far.sendall(self._pod[1].encode() + b":" + block)

    def close(self):
        for end in self._ends:
            end.close()


@pytest.fixture
def pods(monkeypatch):
    monkeypatch.setattr(EchoingPod, "pods", {"a": True})
    monkeypatch.setattr(EchoingPod, "dialed", [])
    monkeypatch.setattr(local_forward, "PodDialer", EchoingPod)
    serving = lambda _client, _server: next(({"metadata": {"name": pod}} for pod in EchoingPod.pods), None)  # noqa: E731
    monkeypatch.setattr(local_forward, "serving_pod", serving)
    return EchoingPod.pods


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def said_through(port, text):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text)
        with contextlib.suppress(ConnectionResetError):
            return connection.recv(100)
    return b""


def test_connections_go_to_one_pod_until_it_is_gone(pods, capsys):
    port = free_port()
    with LocalForward(FakeClient(), mcpserver(), port):
        assert said_through(port, b"one") == b"a:one"
        pods["b"] = True
        assert said_through(port, b"two") == b"a:two"
        del pods["a"]
        assert said_through(port, b"three") == b"b:three"
        del pods["b"]
        assert said_through(port, b"four") == b""
    assert EchoingPod.dialed == [("team", "a", 8080), ("team", "a", 8080), ("team", "b", 8080)]
    shown = capsys.readouterr().err
    assert "team/weather: connected to Pod b" in shown
    assert "MCPServer team/weather has no Pod that is ready. [NO_SERVING_POD]" in shown
    with pytest.raises(OSError, match="refused"):
        said_through(port, b"five")


def test_more_connections_than_allowed_are_closed(pods, monkeypatch, capsys):
    monkeypatch.setattr(local_forward, "_CONNECTIONS", 1)
    port = free_port()
    with LocalForward(FakeClient(), mcpserver(), port), socket.create_connection(("127.0.0.1", port)) as first:
        first.sendall(b"one")
        assert first.recv(100) == b"a:one"
        assert said_through(port, b"") == b""
    assert "more than 1 connections at once" in capsys.readouterr().err


def test_a_port_that_is_in_use_is_an_error(pods):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ArgumentsInvalid, match=r"cannot be used: Address already in use\. Give another one"):
            LocalForward(FakeClient(), mcpserver(), taken.getsockname()[1])


def test_the_port_of_a_server_is_the_same_each_time():
    assert usual_port(mcpserver()) == usual_port(mcpserver(image="b:2"))
    assert 20_000 <= usual_port(mcpserver()) < 30_000
    assert usual_port(mcpserver()) != usual_port(mcpserver("docs"))


def test_servers_with_the_same_usual_port_are_connected_at_once():
    # crc32 of these two names is the same, modulo the number of ports.
    both = {name: mcpserver(name) for name in SAME_PORT}
    assert len({usual_port(server) for server in both.values()}) == 1
    found = usual_ports(both)
    first, second = sorted(SAME_PORT)
    assert found == usual_ports(dict(reversed(both.items())))
    assert found == {first: usual_port(both[first]), second: usual_port(both[second]) + 1}


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


def test_a_missing_deployment_is_said(pods, monkeypatch, capsys):
    def missing(_client, _server):
        raise ApiNotFound("MCPServer team/weather has no Deployment.", code="NO_DEPLOYMENT", status=404)

    monkeypatch.setattr(local_forward, "serving_pod", missing)
    port = free_port()
    with LocalForward(FakeClient(), mcpserver(), port):
        assert said_through(port, b"one") == b""
    assert "has no Deployment" in capsys.readouterr().err
