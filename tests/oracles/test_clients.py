# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official SDKs' clients see in real servers what the validator sees."""

from __future__ import annotations

import pytest
from oracle import clients, servers

TITLE = "Real servers: the validator and the official clients"
MODERN = "2026-07-28"
SERVERS = [server.name for server in servers.catalogue()]
CLIENTS = {client.name: client for client in clients.catalogue()}
LISTS = {"tools": "tools", "resources": "resources", "resource_templates": "resourceTemplates", "prompts": "prompts"}


@pytest.fixture(scope="module")
def seen(published, running):
    return {name: client.describe(published, running) for name, client in CLIENTS.items()}


def told(report):
    """Return what a report says, in the clients' words, but for the version."""
    listed = {theirs: getattr(report, ours) for ours, theirs in LISTS.items()}
    return {
        "serverInfo": {key: report.server_info[key] for key in ("name", "version")},
        "capabilities": sorted(report.capabilities),
        **{name: sorted(listing.names) if listing else [] for name, listing in listed.items()},
    }


def test_there_are_servers_of_all_kinds(published):
    assert len(published) >= 12
    assert {server.transport for server in published} == {"sse", "streamable-http"}
    assert sum("/" in server.name for server in published) >= 4  # a bridge and what is behind it
    assert len(CLIENTS) == 4


@pytest.mark.parametrize("name", SERVERS)
def test_the_validator_says_of_each_that_it_complies(name, published, reports, table):
    server = next(server for server in published if server.name == name)
    report = reports[name]
    counts = "/".join("-" if listing is None else str(listing.count) for listing in listings(report))
    versions = ", ".join(report.supported_versions)
    table(TITLE, f"{name:36}{report.transport:17}{report.protocol_version:12}{counts:12}{versions}")
    for issue in report.issues:
        table(TITLE, f"  {issue.level:8}{issue.code}: {issue.message}")
    assert report.compliant, report.issues
    assert report.transport == server.transport


def listings(report):
    return [getattr(report, name) for name in LISTS]


@pytest.mark.parametrize("name", SERVERS)
def test_the_clients_see_the_same(name, published, reports, seen, table):
    server = next(server for server in published if server.name == name)
    report = reports[name]
    versions = {}
    for client in CLIENTS.values():
        if not client.can_use(server):
            assert report.protocol_version == MODERN
            continue
        theirs = dict(seen[client.name][name])
        assert "error" not in theirs, (client.name, theirs)
        versions[client.name] = theirs.pop("protocolVersion")
        assert theirs == told(report), client.name
        chooses = client.stateless and MODERN in report.supported_versions
        assert versions[client.name] == (MODERN if chooses else report.protocol_version), client.name
    agreed = ", ".join(f"{client} {version}" for client, version in versions.items())
    table(f"{TITLE}: agreed", f"{name:36}{agreed}")
