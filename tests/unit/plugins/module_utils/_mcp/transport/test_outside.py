# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import ConnectError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import connection, outside

from support.metadata_addresses import IPV4, IPV6, TRANSLATED

FORBIDDEN = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # an address to refuse
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd20:ce::254",
    "fd00:a9fe:a9fe::1",
    "fd00:42::42",
    "fd00:100::100:200",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "no address",
]
ALLOWED = [
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "93.184.216.34",
    "2606:2800:220:1::1",
    "fd12:3456::1",
    "64:ff9b::a00:1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_addresses_that_are_not_dialled(address):
    assert not outside.is_outside(address)


@pytest.mark.parametrize("block", [*IPV4, *IPV6, *TRANSLATED])
def test_what_network_policies_close_is_not_dialled_either(block):
    network = ipaddress.ip_network(block)
    assert not outside.is_outside(str(network[0]))
    assert not outside.is_outside(str(network[-1]))


@pytest.mark.parametrize("address", ALLOWED)
def test_addresses_of_authorization_servers(address):
    assert outside.is_outside(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "::1"])
def test_no_connection_is_opened_in_whatever_way_it_is_written(host, monkeypatch):
    monkeypatch.setattr(connection.socket, "socket", lambda *_: pytest.fail("a socket was opened"))
    with pytest.raises(ConnectError):
        outside.dial_outside(host, 443, 5.0)


def test_one_forbidden_address_is_enough(monkeypatch):
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "169.254.169.254")]
    monkeypatch.setattr(connection, "_resolve", lambda *_: found)
    monkeypatch.setattr(connection.socket, "socket", lambda *_: pytest.fail("a socket was opened"))
    with pytest.raises(ConnectError, match="must not be connected to"):
        outside.dial_outside("rebind.example.com", 443, 5.0)
