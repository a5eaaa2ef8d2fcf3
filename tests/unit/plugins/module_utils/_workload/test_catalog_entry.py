# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which MCPServers a catalogue lists, and what it says of them."""

from __future__ import annotations

import copy

import jsonschema
import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.catalog_documents import Catalogue
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.catalog_entry import entry
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import CatalogQueryInvalid

from support.registry_schema import CARD, CATALOG, LIST, RESPONSE, SERVER

URL = "https://mcp.example.com/tools/weather"
INSIDE = "http://weather.tools.svc:8080/mcp"


def weather(**changed):
    """Return an MCPServer that is listed, with other values of ``status`` or of ``status.validation``."""
    validation = {
        "state": "Validated",
        "protocol": "streamable-http",
        "protocolVersion": "2025-11-25",
        "supportedVersions": ["2025-06-18", "2025-11-25"],
        "endpoint": INSIDE,
        "serverInfo": {"name": "Weather", "version": "1.2.3"},
        "toolCount": 2,
    }
    conditions = [
        {"type": "Validated", "status": "True", "lastTransitionTime": "2026-05-02T00:00:00Z"},
        {"type": "Reachable", "status": "True", "lastTransitionTime": "2026-05-02T00:00:00Z"},
    ]
    status = {"validation": validation, "address": {"url": URL}, "conditions": conditions}
    for key, value in changed.items():
        (status if key in status else validation)[key] = value
    metadata = {"name": "weather", "namespace": "tools", "creationTimestamp": "2026-05-01T00:00:00Z"}
    secret = [{"name": "API_KEY", "value": "never-repeat-this"}]
    return {"metadata": metadata, "spec": {"environment": secret}, "status": status}


def reachable(status):
    return [{"type": "Reachable", "status": status}]


def named(name, **changed):
    server = weather(**changed)
    server["metadata"]["name"] = name
    return entry(server, "example.com")


def catalogue(*names):
    return Catalogue([named(name) for name in names], "https://catalog.example.com/", "example.com")


def test_a_server_as_a_registry_lists_it():
    found = entry(weather(), "example.com")
    assert found.server == {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": "com.example.tools/weather",
        "description": "MCP server weather of the namespace tools",
        "version": "1.2.3",
        "title": "Weather",
        "remotes": [{"type": "streamable-http", "url": URL}],
    }
    assert found.meta["io.modelcontextprotocol.registry/official"] == {
        "status": "active",
        "publishedAt": "2026-05-01T00:00:00Z",
        "updatedAt": "2026-05-02T00:00:00Z",
        "isLatest": True,
    }
    assert found.card["remotes"][0]["supportedProtocolVersions"] == ["2025-06-18", "2025-11-25"]
    jsonschema.validate(found.server, SERVER)
    jsonschema.validate(found.card, CARD)
    assert "never-repeat-this" not in str(found)
    assert INSIDE not in str(found)


@pytest.mark.parametrize("state", ["Pending", "Validating", "AuthRequired", "Failed", "Disabled", None])
def test_a_server_that_is_not_validated_is_not_listed(state):
    assert entry(weather(state=state), "example.com", services=True) is None


@pytest.mark.parametrize("conditions", [reachable("False"), reachable("Unknown"), []])
def test_a_server_that_no_gateway_reached_is_listed_by_its_service_if_wanted(conditions):
    server = weather(conditions=conditions)
    assert entry(server, "example.com") is None
    assert entry(server, "example.com", services=True).server["remotes"][0]["url"] == INSIDE
    assert entry(weather(), "example.com", services=True).server["remotes"][0]["url"] == URL


def test_a_server_that_is_being_deleted_or_has_no_url_is_not_listed():
    server = weather()
    server["metadata"]["deletionTimestamp"] = "2026-05-03T00:00:00Z"
    assert entry(server, "example.com") is None
    for address in ({}, {"url": "javascript:alert(1)"}, {"url": "https://a b"}):
        assert entry(weather(address=address), "example.com") is None


@pytest.mark.parametrize("version", [None, "", "^1.2", "1.x", "latest", "1\n2", "v" * 300, {"a": 1}])
def test_a_version_that_no_registry_accepts(version):
    found = entry(weather(serverInfo={"name": "W\u202eeather\n" * 50, "version": version}), "example.com")
    assert found.version == "0.0.0"
    jsonschema.validate(found.server, SERVER)
    assert found.server["title"].isprintable()


def test_a_description_and_the_header_of_a_token():
    server = weather()
    server["metadata"]["annotations"] = {"kubernetes.io/description": "Forecasts. " * 20}
    server["spec"]["auth"] = {"issuers": [{"url": "https://idp.example.com"}]}
    found = entry(server, "example.com")
    assert found.server["description"].startswith("Forecasts.")
    [header] = found.server["remotes"][0]["headers"]
    assert (header["name"], header["isSecret"], "value" in header) == ("Authorization", True, False)
    jsonschema.validate(found.server, SERVER)


def test_all_pages_together_are_the_list():
    listed = catalogue("c", "a", "b")
    first = listed.page({"limit": "2"})
    jsonschema.validate(first, LIST)
    assert [one["server"]["name"] for one in first["servers"]] == ["com.example.tools/a", "com.example.tools/b"]
    second = listed.page({"limit": "2", "cursor": first["metadata"]["nextCursor"]})
    assert [one["server"]["name"] for one in second["servers"]] == ["com.example.tools/c"]
    assert second["metadata"] == {"count": 1}
    assert listed.whole_list()["servers"] == first["servers"] + second["servers"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"search": "TOOLS/A"}, 1),
        ({"version": "latest"}, 2),
        ({"version": "1.2.3"}, 2),
        ({"version": "1.2.4"}, 0),
        ({"updated_since": "2026-05-02T00:00:00Z"}, 2),
        ({"updated_since": "2026-05-02T00:00:01Z"}, 0),
        ({"limit": "1000"}, 2),
    ],
)
def test_the_list_is_filtered(query, count):
    assert catalogue("a", "b").page(query)["metadata"]["count"] == count


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "-1"}, {"limit": "9" * 50}, {"updated_since": "today"}])
def test_a_query_that_makes_no_sense(query):
    with pytest.raises(CatalogQueryInvalid):
        catalogue("a").page(query)


def test_versions_and_cards():
    listed = catalogue("a")
    jsonschema.validate(listed.versions("com.example.tools/a"), LIST)
    jsonschema.validate(listed.version("com.example.tools/a"), RESPONSE)
    assert listed.version("com.example.tools/a", "1.2.3") == listed.version("com.example.tools/a", "latest")
    assert listed.version("com.example.tools/a", "1.2.4") is None
    assert listed.versions("com.example.tools/b") is None
    assert listed.card("tools", "a")["name"] == "com.example.tools/a"
    assert listed.card("tools", "b") is None


def test_the_documents_for_discovery_link_the_cards():
    listed = catalogue("a")
    for document in (listed.mcp_catalog(), listed.ai_catalog()):
        jsonschema.validate(document, CATALOG)
        assert document["entries"] == [
            {
                "identifier": "urn:air:example.com:tools:a",
                "displayName": "Weather",
                "type": "application/mcp-server-card+json",
                "url": "https://catalog.example.com/server-cards/tools/a.json",
            }
        ]


def test_the_object_is_not_changed():
    server = weather()
    before = copy.deepcopy(server)
    entry(server, "example.com")
    assert server == before
