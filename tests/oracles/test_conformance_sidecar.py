# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official conformance suite judges a server behind the sidecar as it judges the server itself."""

from __future__ import annotations

from collections import Counter

import pytest
from oracle import conformance, environment

from support.bridging.proxying import proxied
from support.bridging.volumes import Authority, Volume

TITLE = "Conformance suite: servers behind the sidecar"
HANDSHAKE, MODERN = "2025-11-25", "2026-07-28"
# The servers, and revisions that they speak.
SERVERS = [
    ("go-sdk", HANDSHAKE),
    ("python-sdk-2", HANDSHAKE),
    ("python-sdk-2", MODERN),
    ("typescript-sdk-1-everything", HANDSHAKE),
]
# Verdicts of SUCCESS that a server has at least, so that a server that cannot be reached is no server that is the same.
ENOUGH = 40
# The suite sends plain HTTP here, whatever the URL, or expects a certificate for the foreign Host that it sends.
PLAIN = ("http-header-validation", "dns-rebinding-protection")


def verdicts(url, version, folder, authority=None):
    """Return how often the suite gave each verdict about each requirement."""
    folder.mkdir()
    trusted = {} if authority is None else {"NODE_EXTRA_CA_CERTS": str(authority.file)}
    checks = conformance.judge(url, version, folder, trusted)
    return Counter((check.scenario, check.id, check.status) for check in checks)


@pytest.mark.parametrize(("name", "version"), SERVERS)
def test_the_suite_says_the_same(name, version, running, tmp_path, table):
    url = running.url(name)
    direct = verdicts(url, version, tmp_path / "direct")
    authority = Authority(tmp_path, "authority")
    certificate, key = authority.issue("127.0.0.1")
    secret = Volume(tmp_path / "secret", tls_crt=certificate, tls_key=key)
    program = environment.sidecar()
    for scheme, options in (("http", {}), ("https", secret.options())):
        with proxied(program, url, tmp_path, **options) as sidecar:
            address = f"{scheme}://127.0.0.1:{sidecar.port}/mcp"
            behind = verdicts(address, version, tmp_path / scheme, authority)
        if scheme == "https":
            direct, behind = (without(found, PLAIN) for found in (direct, behind))
        passed = sum(count for (*_what, status), count in behind.items() if status == "SUCCESS")
        table(TITLE, f"{name:30}{version:12}{scheme:7}{behind.total()} verdicts, {passed} SUCCESS")
        assert passed >= ENOUGH
        assert behind == direct, sorted((behind - direct) + (direct - behind))


def without(found, scenarios):
    return Counter({verdict: count for verdict, count in found.items() if verdict[0] not in scenarios})
