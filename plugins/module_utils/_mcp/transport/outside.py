# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Connect to a host that an untrusted user named, but not to this host, its link or its cloud's metadata service.

The addresses are checked after the name was resolved, and the connection goes to a checked address: another answer of
DNS for the same name has no effect. Private networks are allowed, where clusters have their authorization servers.
"""

from __future__ import annotations

import ipaddress
import typing as t

from ..errors import ConnectError
from . import connection

if t.TYPE_CHECKING:
    import socket

    _Ip = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

# Metadata services at addresses that are not link-local.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "fd00:ec2::254",  # AWS
            "fd20:ce::254",  # Google Cloud
            "fd00:c1::a9fe:a9fe",  # Oracle Cloud
            "fd00:a9fe:a9fe::1",  # Akamai
            "fd00:42::42",  # Scaleway
            "fd00:100::100:200",  # Alibaba Cloud
            "100.100.100.200",  # Alibaba Cloud
            "168.63.129.16",  # Azure
            "192.0.0.192",  # Oracle Cloud at Customer
        ),
    )
)
# NAT64 (RFC 6052): the last 32 bits are an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def dial_outside(host: str, port: int, seconds: float) -> socket.socket:
    """Connect by TCP, as :func:`connection.dial_tcp` does.

    :raises ConnectError: one of the addresses of the host is not allowed; nothing was sent.
    """
    return connection.dial_tcp(host, port, seconds, check=_check)


def _check(address: str) -> None:
    if not is_outside(address):
        raise ConnectError("The host has an address that must not be connected to.", retryable=False)


def is_outside(address: str) -> bool:
    """Tell whether an address is neither of this host, nor link-local, nor of a metadata service."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])  # without the zone
    except ValueError:
        return False
    return not any(
        one.is_loopback or one.is_link_local or one.is_multicast or one.is_unspecified or one in _METADATA
        for one in (found, *_embedded(found))
    ) and not (isinstance(found, ipaddress.IPv4Address) and found.is_reserved)


def _embedded(address: _Ip) -> t.Iterator[ipaddress.IPv4Address]:
    """Yield the IPv4 addresses to which packets for an IPv6 address may be sent."""
    if isinstance(address, ipaddress.IPv6Address):
        found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or not int(address) >> 32:
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        yield from (one for one in found if one is not None)
