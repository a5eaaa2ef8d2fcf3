# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""No Gateway of a tenant directs the operator to its own host, or to a metadata service."""

from __future__ import annotations

import socket
import threading

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.reachability import Proof, check

CONDITIONS = [{"type": name, "status": "True"} for name in ("Accepted", "ResolvedRefs")]


class Client:
    """A cluster in which a tenant controls the whole Gateway."""

    def __init__(self, address: str, port: int) -> None:
        self.objects = {
            "HTTPRoute": {
                "metadata": {"name": "wiki", "namespace": "team", "uid": "r", "generation": 1},
                "spec": {},
                "status": {"parents": [{"parentRef": {"name": "own"}, "conditions": CONDITIONS}]},
            },
            "Gateway": {
                "metadata": {"name": "own", "namespace": "team"},
                "spec": {"listeners": [{"name": "http", "protocol": "HTTP", "port": port}]},
                "status": {
                    "conditions": [{"type": "Programmed", "status": "True"}],
                    "addresses": [{"type": "IPAddress", "value": address}],
                },
            },
        }

    def find(self, _api_version: str, kind: str, _namespace: str, _name: str) -> object:
        return self.objects[kind]


def server() -> dict[str, object]:
    return {
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 1},
        "spec": {"image": "wiki:1", "expose": {"parentRefs": [{"name": "own"}]}},
        "status": {"exposure": {"serverPath": "/mcp"}},
    }


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::ffff:127.0.0.1"])
def test_a_service_of_the_operators_own_host_is_not_dialled(address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepted = threading.Event()

        def accept() -> None:
            try:
                listening.accept()[0].close()
                accepted.set()
            except OSError:
                pass  # closed at the end of the test

        threading.Thread(target=accept, daemon=True).start()
        found = check(Client(address, listening.getsockname()[1]), server(), Proof())  # type: ignore[arg-type]
        assert (found.status, found.reason) == ("Unknown", "GatewayUnreached")
        assert not accepted.is_set()


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "0.0.0.0", "224.0.0.1"])
def test_a_metadata_service_is_not_dialled(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_arguments: object) -> None:
        raise AssertionError("it was dialled")

    monkeypatch.setattr(socket.socket, "connect", connect)
    found = check(Client(address, 80), server(), Proof())  # type: ignore[arg-type]
    assert (found.status, found.reason) == ("Unknown", "GatewayUnreached")
