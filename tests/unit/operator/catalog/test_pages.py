# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The pages of the catalogue, over HTTP."""

from __future__ import annotations

import http.client
import json

import jsonschema
import pytest
from mcp_operator.catalog import pages as module
from mcp_operator.catalog.pages import PREFLIGHT, pages
from mcp_operator.catalog.source import CatalogueCache, Publication, read
from mcp_operator.process.http_server import HttpServer
from mcp_operator.settings.operator_settings import ListenAddress

from support.registry_schema import CARD, CATALOG, LIST, RESPONSE

NAME = "com.example.tools/weather"
QUOTED = "com.example.tools%2Fweather"


@pytest.fixture
def cache(api, server):
    api.servers = [server(), server("maps")]
    made = CatalogueCache(lambda: read(api, Publication("https://catalog.example.com", "example.com")), 30.0)
    made.refresh()
    return made


@pytest.fixture
def get(cache):
    """Send a request and return the response, whose body is in the attribute ``body``."""
    running = HttpServer(ListenAddress("127.0.0.1", 0), pages(cache), preflight=PREFLIGHT)

    def send(path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    yield send
    running.close()


@pytest.mark.parametrize(
    ("path", "schema", "media"),
    [
        ("/v0/servers", LIST, "application/json"),
        ("/v0.1/servers?limit=1&search=tools", LIST, "application/json"),
        (f"/v0/servers/{QUOTED}", RESPONSE, "application/json"),
        (f"/v0/servers/{NAME}", RESPONSE, "application/json"),
        (f"/v0.1/servers/{QUOTED}/versions", LIST, "application/json"),
        (f"/v0.1/servers/{QUOTED}/versions/latest", RESPONSE, "application/json"),
        (f"/v0.1/servers/{QUOTED}/versions/1.2.3", RESPONSE, "application/json"),
        ("/.well-known/mcp/catalog.json", CATALOG, "application/json"),
        ("/.well-known/ai-catalog.json", CATALOG, "application/ai-catalog+json"),
        ("/server-cards/tools/weather.json", CARD, "application/mcp-server-card+json"),
    ],
)
def test_a_document(get, path, schema, media):
    response = get(path)
    assert (response.status, response.getheader("Content-Type")) == (200, media)
    jsonschema.validate(json.loads(response.body), schema)
    assert response.getheader("Access-Control-Allow-Origin") == "*"
    assert response.getheader("Cache-Control") == "public, max-age=60"
    again = get(path, **{"If-None-Match": response.getheader("ETag")})
    assert (again.status, again.body, again.getheader("Content-Length")) == (304, b"", None)
    head = get(path, "HEAD")
    assert (head.status, head.body, head.getheader("ETag")) == (200, b"", response.getheader("ETag"))


def test_a_browser_may_send_the_header_of_a_cache(get):
    response = get("/v0.1/servers", "OPTIONS", Origin="https://example.com")
    assert (response.status, response.getheader("Content-Length")) == (204, None)
    assert response.getheader("Access-Control-Allow-Origin") == "*"
    assert "If-None-Match" in response.getheader("Access-Control-Allow-Headers")


@pytest.mark.parametrize("path", ["/.well-known/mcp/catalog.json", "/.well-known/ai-catalog.json"])
def test_a_document_with_all_servers_is_encoded_once_for_each_catalogue(get, cache, monkeypatch, path):
    encoded, encode = [], module.encode
    monkeypatch.setattr(module, "encode", lambda document: encoded.append(document) or encode(document))
    bodies = {get(path).body for _ in range(3)}
    assert (len(bodies), len(encoded)) == (1, 1)
    cache.refresh()
    assert get(path).body in bodies
    assert len(encoded) == 2


def test_all_pages_are_reached_by_their_cursors(get):
    seen, cursor = [], ""
    while cursor is not None:
        page = json.loads(get(f"/v0.1/servers?limit=1&cursor={cursor}").body)
        seen += [one["server"]["name"] for one in page["servers"]]
        cursor = page["metadata"].get("nextCursor")
    assert seen == ["com.example.tools/maps", NAME]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/v0/servers/com.example.tools%2Fother", 404),
        (f"/v0/servers/{QUOTED}/versions/9", 404),
        ("/v9/servers", 404),
        ("/server-cards/tools/../weather.json", 404),
        ("/v0/servers/%ff", 400),
        ("/v0/servers?limit=no", 400),
        ("/v0/servers?" + "a=b&" * 30, 400),
    ],
)
def test_a_path_without_a_document(get, path, status):
    response = get(path)
    assert response.status == status
    assert json.loads(response.body).keys() == {"error"}
    assert response.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(get, method):
    assert get("/v0/publish", method).status == 405


def test_without_a_catalogue_it_is_not_ready(get, cache, monkeypatch):
    assert get("/readyz").status == 200
    monkeypatch.setattr(cache, "current", lambda: None)
    assert [get(path).status for path in ("/readyz", "/v0/servers", "/healthz")] == [503, 503, 200]
