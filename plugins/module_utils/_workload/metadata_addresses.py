# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Where clouds serve the credentials of their nodes: addresses that no NetworkPolicy of an MCPServer allows.

IPv4-mapped addresses (``::ffff:0:0/96``) are not among them: packets to them are IPv4 packets.
"""

from __future__ import annotations

import ipaddress
import typing as t

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

_IPV4 = (
    # Link-local: AWS, Google Cloud, Azure, Oracle Cloud and most others
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
    "169.254.0.0/16",
    # https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
    "100.100.100.200/32",
    # Oracle Cloud at Customer
    # (https://docs.oracle.com/en/cloud/cloud-at-customer/occ-get-started/retrieve-predefined-instance-metadata.html).
    "192.0.0.192/32",
    # The WireServer (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
    "168.63.129.16/32",
)
_IPV6 = (
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
    "fd00:ec2::254/128",
    # https://cloud.google.com/compute/docs/metadata/querying-metadata
    "fd20:ce::254/128",
    # https://docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm
    "fd00:c1::a9fe:a9fe/128",
    # https://techdocs.akamai.com/cloud-computing/docs/metadata-service-api
    "fd00:a9fe:a9fe::1/128",
    # https://docs.cloud-init.io/en/latest/reference/datasources/scaleway.html
    "fd00:42::42/128",
    # Alibaba Cloud, which cloud-init asks, too.
    "fd00:100::100:200/128",
    # Akamai, and OpenStack (https://docs.openstack.org/nova/latest/admin/metadata-service.html). Pods with an interface
    # on the link of the node reach it.
    "fe80::a9fe:a9fe/128",
)
# The well-known prefix of NAT64, by which IPv6 reaches IPv4 addresses
# (https://www.rfc-editor.org/rfc/rfc6052#section-2.1).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _translated(text: str) -> ipaddress.IPv6Network:
    network = ipaddress.IPv4Network(text)
    address = int(_NAT64.network_address) + int(network.network_address)
    return ipaddress.IPv6Network((address, _NAT64.prefixlen + network.prefixlen))


METADATA: tuple[Network, ...] = (
    *(ipaddress.IPv4Network(text) for text in _IPV4),
    *(ipaddress.IPv6Network(text) for text in _IPV6),
    *(_translated(text) for text in _IPV4),
)


def inside(network: Network) -> list[Network]:
    """Return the metadata addresses that a block contains, or that contain it."""
    return [block for block in METADATA if block.version == network.version and block.overlaps(network)]
