# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the catalogue reads, and how long it keeps it."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._kube.errors import ApiUnreachable
from mcp_operator.catalog import source
from mcp_operator.catalog.source import CatalogueCache, Publication, read

URL = "https://catalog.example.com"


def names(catalogue):
    return [entry.registry_name for entry in catalogue.entries]


def test_the_namespaces_that_are_read(api, server):
    api.servers = [server("a", "one"), server("b", "two"), server("c", "three")]
    assert len(names(read(api, Publication(URL, "example.com")))) == 3
    assert api.asked == [None]
    listed = read(api, Publication(URL, "example.com", ("one", "two")))
    assert names(listed) == ["com.example.one/a", "com.example.two/b"]


EARLY = {"lastTransitionTime": "0001-01-01T00:00:00+14:00"}


@pytest.mark.parametrize(
    "status",
    [
        {"conditions": 3},
        {"conditions": ["a"]},
        {"validation": []},
        {"address": "x"},
        {"conditions": [{"type": "Reachable", "status": "True"}, {"type": "Validated", **EARLY}]},
    ],
)
def test_an_mcpserver_that_cannot_be_read_hides_no_other(api, server, status):
    api.servers = [server("a", **status), server("b")]
    assert names(read(api, Publication(URL, "example.com"))) == ["com.example.tools/b"]


def test_the_number_of_servers_is_limited(api, server, monkeypatch):
    monkeypatch.setattr(source, "MAX_SERVERS", 2)
    api.servers = [server(name) for name in "abc"]
    assert len(names(read(api, Publication(URL, "example.com")))) == 2


def test_after_ten_failures_nothing_is_listed(api, server):
    now = [0.0]
    api.servers = [server()]
    cache = CatalogueCache(lambda: read(api, Publication(URL, "example.com")), 30.0, lambda: now[0])
    assert cache.current() is None
    cache.refresh()
    api.error = ApiUnreachable("no")
    now[0] = 300.0
    cache.refresh()
    assert names(cache.current()) == ["com.example.tools/weather"]
    now[0] = 301.0
    assert cache.current() is None
    api.error = None
    cache.refresh()
    assert cache.current() is not None
