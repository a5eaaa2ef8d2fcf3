# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Ports of this machine that are forwarded to a fake Pod."""

from __future__ import annotations

import errno
import socket

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound
from mcp_operator.cli import local_forward
from mcp_operator.cli.local_forward import LocalForward, usual_port, usual_ports
from mcp_operator.errors import ArgumentsInvalid

from .echoing_pod import EchoingPod, FakeClient, free_port, mcpserver, said_through

SAME_PORT = ("s10", "s27")


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


def test_a_connection_that_cannot_be_accepted_does_not_end_the_forward(pods, capsys):
    class Failing:
        """A listener that has no files left, twice."""

        failures = 2

        def __init__(self, listener):
            self._listener = listener

        def accept(self):
            if self.failures:
                self.failures -= 1
                raise OSError(errno.EMFILE, "Too many open files")
            return self._listener.accept()

        def __getattr__(self, name):
            return getattr(self._listener, name)

    port = free_port()
    forward = LocalForward(FakeClient(), mcpserver(), port)
    forward._listener = Failing(forward._listener)
    with forward:
        assert said_through(port, b"one") == b"a:one"
    assert capsys.readouterr().err.count("team/weather: a connection could not be accepted: Too many open files") == 1


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


def test_a_missing_deployment_is_said(pods, monkeypatch, capsys):
    def missing(_client, _server):
        raise ApiNotFound("MCPServer team/weather has no Deployment.", code="NO_DEPLOYMENT", status=404)

    monkeypatch.setattr(local_forward, "serving_pod", missing)
    port = free_port()
    with LocalForward(FakeClient(), mcpserver(), port):
        assert said_through(port, b"one") == b""
    assert "has no Deployment" in capsys.readouterr().err
