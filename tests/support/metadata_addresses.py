# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The metadata addresses of clouds, and those of IPv4 as NAT64 translates them."""

from __future__ import annotations

IPV4 = ["169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32"]
IPV6 = [
    "fd00:ec2::254/128",
    "fd20:ce::254/128",
    "fd00:c1::a9fe:a9fe/128",
    "fd00:a9fe:a9fe::1/128",
    "fd00:42::42/128",
    "fd00:100::100:200/128",
    "fe80::a9fe:a9fe/128",
]
TRANSLATED = ["64:ff9b::a9fe:0/112", "64:ff9b::6464:64c8/128", "64:ff9b::c000:c0/128", "64:ff9b::a83f:8110/128"]
