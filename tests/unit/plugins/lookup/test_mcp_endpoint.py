# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The lookup ``mcp_endpoint``."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleLookupError
from ansible_collections.mcp.kubernetes.plugins.lookup import mcp_endpoint
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

SERVERS = {
    ("team", "wiki"): {"validation": {"state": "Validated", "endpoint": "http://wiki.team.svc:8080/mcp"}},
    ("other", "open"): {
        "validation": {"state": "Validated", "endpoint": "http://open.other.svc:8080/mcp"},
        "address": {"url": "https://open.example.com/mcp"},
    },
    ("team", "new"): {"validation": {"state": "Pending"}},
}


@pytest.fixture
def lookup(monkeypatch):
    """Return a function that looks up, and the connection options of each client."""
    connections = []

    class Client:
        def __init__(self, options):
            connections.append(options)

        def find(self, _version, _kind, namespace, name):
            status = SERVERS.get((namespace, name))
            return status and {"metadata": {"name": name, "namespace": namespace}, "status": status}

        def list(self, *_place):
            return iter(())

        def request(self, _method, path, **_more):
            if path == "/api/v1/namespaces/tema":
                raise ApiNotFound('namespaces "tema" not found', status=404)
            return {}

    monkeypatch.setattr(mcp_endpoint, "Client", Client)
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "from-environment")

    def run(*terms, **options):
        plugin = mcp_endpoint.LookupModule()
        # Ansible resolves options by the documentation; tests/integration/collection shows that it does.
        given = {"namespace": "default", **options}
        monkeypatch.setattr(plugin, "set_options", lambda **_given: None)
        monkeypatch.setattr(plugin, "get_option", given.get)
        return plugin.run(list(terms), {}, **options)

    return run, connections


def test_the_url_of_each(lookup):
    run, _connections = lookup
    assert run("wiki", "other/open", namespace="team") == [
        "http://wiki.team.svc:8080/mcp",
        "https://open.example.com/mcp",
    ]
    assert run("other/open", via="service") == ["http://open.other.svc:8080/mcp"]
    assert run() == []


@pytest.mark.parametrize(
    ("term", "options", "problem"),
    [
        ("new", {"namespace": "team"}, "was not validated"),
        ("wiki", {}, "There is no MCPServer default/wiki"),
        ("tema/wiki", {}, "There is no namespace tema"),
        ("wiki", {"namespace": "team", "via": "gateway"}, "has no URL of a gateway"),
        ("a/b/c", {}, "is not the name"),
        ("wiki", {"namespace": "team", "validate_certs": "maybe"}, "validate_certs"),
    ],
)
def test_what_has_no_url_is_an_error(lookup, term, options, problem):
    with pytest.raises(AnsibleLookupError, match=problem):
        lookup[0](term, **options)


def test_the_connection_is_that_of_options_then_of_the_environment(lookup):
    run, connections = lookup
    run("team/wiki")
    run("team/wiki", context="of-option")
    assert [one["context"] for one in connections] == ["from-environment", "of-option"]
