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
SERVERS = ("go-sdk", "python-sdk-2", "typescript-sdk-1-everything")
REVISION, MODERN = "2025-11-25", "2026-07-28"


def verdicts(url, version, folder, authority=None):
    """Return how often the suite gave each verdict about each requirement."""
    folder.mkdir()
    trusted = {} if authority is None else {"NODE_EXTRA_CA_CERTS": str(authority.file)}
    checks = conformance.judge(url, version, folder, trusted)
    return Counter((check.scenario, check.id, check.status) for check in checks)


@pytest.mark.parametrize("version", [REVISION, MODERN])
@pytest.mark.parametrize("name", SERVERS)
def test_the_suite_says_the_same(name, version, running, reports, tmp_path, table):
    if version not in reports[name].supported_versions:
        pytest.skip("the server does not speak this revision")
    url = running.url(name)
    direct = verdicts(url, version, tmp_path / "direct")
    authority = Authority(tmp_path, "authority")
    certificate, key = authority.issue("127.0.0.1")
    secret = Volume(tmp_path / "secret", tls_crt=certificate, tls_key=key)
    program = environment.sidecar()
    for scheme, options in (("http", {}), ("https", secret.options())):
        with proxied(program, url, tmp_path, **options) as running_sidecar:
            address = f"{scheme}://127.0.0.1:{running_sidecar.port}/mcp"
            behind = verdicts(address, version, tmp_path / scheme, authority)
        passed = sum(count for (*_what, status), count in behind.items() if status == "SUCCESS")
        table(TITLE, f"{name:30}{version:12}{scheme:7}{behind.total()} verdicts, {passed} SUCCESS")
        assert behind == direct, sorted((behind - direct) + (direct - behind))
