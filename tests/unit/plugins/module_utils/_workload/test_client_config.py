# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Entries of MCP clients, as their documentation has them."""

from __future__ import annotations

import json
import tomllib

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.client_config import (
    CLIENTS,
    SSE,
    Endpoint,
    content,
    entries,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.client_endpoint import (
    endpoint,
    forwarded,
    unique_names,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ClientConfigError

URL = "https://weather.example.com/mcp"
PLAIN = Endpoint(URL)
OLD = Endpoint("http://weather.team.svc:8080/sse", SSE)
TOKEN = Endpoint(URL, token_variable="TOKEN")


def server(name="weather", namespace="team", *, url=None, protocol="streamable-http", **spec):
    inside = f"http://{name}.{namespace}.svc:8080/mcp"
    status = {"validation": {"state": "Validated", "protocol": protocol, "endpoint": inside}}
    if url:
        status["address"] = {"url": url}
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"image": "a:1", **spec}, "status": status}


@pytest.mark.parametrize(
    ("client", "reached", "entry"),
    [
        ("claude-code", PLAIN, {"type": "http", "url": URL}),
        ("claude-code", OLD, {"type": "sse", "url": OLD.url}),
        ("claude-code", TOKEN, {"type": "http", "url": URL, "headers": {"Authorization": "Bearer ${TOKEN}"}}),
        (
            "claude-desktop",
            PLAIN,
            {"command": "npx", "args": ["-y", "mcp-remote", URL, "--transport", "http-only"]},
        ),
        (
            "claude-desktop",
            OLD,
            {"command": "npx", "args": ["-y", "mcp-remote", OLD.url, "--transport", "sse-only", "--allow-http"]},
        ),
        ("codex", PLAIN, {"url": URL}),
        ("codex", TOKEN, {"url": URL, "bearer_token_env_var": "TOKEN"}),
        ("cursor", TOKEN, {"url": URL, "headers": {"Authorization": "Bearer ${env:TOKEN}"}}),
        ("inspector", PLAIN, {"type": "streamable-http", "url": URL}),
        ("inspector", OLD, {"type": "sse", "url": OLD.url}),
        ("vscode", TOKEN, {"type": "http", "url": URL, "headers": {"Authorization": "Bearer ${env:TOKEN}"}}),
        ("ansible", PLAIN, {"type": "http", "url": URL}),
    ],
)
def test_the_entry_of_a_client(client, reached, entry):
    assert entries(client, {"weather": reached}) == {"weather": entry}


def test_a_forwarded_port_is_plain_http_for_mcp_remote_without_an_option():
    local = Endpoint("http://127.0.0.1:23456/mcp")
    assert "--allow-http" not in entries("claude-desktop", {"weather": local})["weather"]["args"]


@pytest.mark.parametrize(
    ("client", "reached", "seen"),
    [
        ("codex", OLD, r"weather: Codex does not connect to servers of the HTTP\+SSE transport"),
        ("ansible", OLD, "weather: ansible.mcp does not connect"),
        ("ansible", TOKEN, "ansible_mcp_mcp_bearer_token"),
        ("inspector", TOKEN, "reads no environment variables"),
        ("emacs", PLAIN, "The client 'emacs' is unknown. Use one of claude-code"),
    ],
)
def test_what_a_client_cannot_do_is_an_error(client, reached, seen):
    with pytest.raises(ClientConfigError, match=seen):
        entries(client, {"weather": reached})


def test_a_token_in_place_of_its_variable_is_not_repeated():
    with pytest.raises(ClientConfigError) as raised:
        entries("cursor", {"weather": Endpoint(URL, token_variable="sk-secret}")})
    assert "sk-secret" not in str(raised.value)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_file_is_what_the_client_parses(client):
    text = content(client, {"weather": PLAIN, "docs": PLAIN})
    parsed = tomllib.loads(text) if CLIENTS[client].toml else json.loads(text)
    key = CLIENTS[client].key
    assert set(parsed[key] if key else parsed) == {"weather", "docs"}


def test_the_gateway_is_preferred_and_the_service_can_be_had():
    exposed = server(url=URL)
    assert endpoint(exposed, "").url == URL
    assert endpoint(exposed, "service").url == "http://weather.team.svc:8080/mcp"
    assert endpoint(server(), "").url == "http://weather.team.svc:8080/mcp"
    with pytest.raises(ClientConfigError, match=r"team/weather has no URL of a gateway. Set spec\.expose"):
        endpoint(server(), "gateway")


@pytest.mark.parametrize(
    "url",
    [
        "https://weather.example.com/${AWS_SECRET_ACCESS_KEY}",
        "https://weather.example.com/${env:TOKEN}",
        "--config=weather.json",
        "file:///etc/passwd",
        "https:///mcp",
        "https://[::1/mcp",
        "https://weather.example.com/mcp --allow-http",
    ],
)
def test_a_status_gives_clients_nothing_but_a_url(url):
    for found, via in ((server(url=url), ""), (server(url=url), "gateway")):
        with pytest.raises(ClientConfigError, match=r"status of MCPServer team/weather has the URL .*, which is none"):
            endpoint(found, via)
    inside = server()
    inside["status"]["validation"]["endpoint"] = url
    for connect in (lambda: endpoint(inside, "service"), lambda: forwarded(inside, 23456)):
        with pytest.raises(ClientConfigError, match="which is none"):
            connect()


def test_a_forwarded_port_has_the_path_of_the_server():
    assert forwarded(server(protocol="sse"), 23456) == Endpoint("http://127.0.0.1:23456/mcp", "sse")


def test_a_certificate_is_for_another_host_than_a_forwarded_port():
    with pytest.raises(ClientConfigError, match=r"has a certificate for weather\.team\.svc"):
        forwarded(server(tls={"secretName": "cert"}), 23456)


def test_a_server_that_was_not_validated_has_no_url():
    pending = {**server(), "status": {"validation": {"state": "Pending"}}}
    with pytest.raises(ClientConfigError, match=r"team/weather has no URL, because .* \(state Pending\)"):
        endpoint(pending, "")


def test_two_servers_of_one_name_have_their_namespaces_in_theirs():
    found = unique_names([server(), server(namespace="other"), server("docs"), server("team-weather")])
    assert list(found) == ["team_weather", "other_weather", "docs", "team-weather"]
