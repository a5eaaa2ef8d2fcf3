# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Import from files and registries; what the formats become is tested with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import server_import
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.server_import import (
    Choices,
    Source,
    as_text,
    decode,
    import_servers,
    read_source,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import RegistryUnreadable

SAMPLES = Path(__file__).parents[1] / "_workload" / "foreign"
ENTRY = {
    "name": "com.example/weather",
    "version": "1.2.3",
    "packages": [{"registryType": "npm", "identifier": "weather", "version": "1.2.3", "transport": {"type": "stdio"}}],
}


def test_a_server_of_a_registry_is_that_of_the_name(monkeypatch):
    read = []
    monkeypatch.setattr(
        server_import, "read_url", lambda url: read.append(url) or json.dumps({"server": ENTRY}).encode()
    )
    source = Source("com.example/weather", "https://r")
    assert import_servers(read_source(source), Choices()).manifests[0]["metadata"]["name"] == "weather"
    assert read_source(source._replace(version="1.2.3"))
    assert read[0] == "https://r/v0.1/servers/com.example%2Fweather/versions/latest"
    for other in (source._replace(place="com.example/other"), source._replace(version="1.2.4")):
        with pytest.raises(RegistryUnreadable, match=r"answers with com\.example/weather, version 1\.2\.3"):
            read_source(other)


@pytest.mark.parametrize("data", [b"#", b"---\n", b"a: 1\n---\nb: 2\n", b'{"apiVersion": "kagent.dev/v1alpha1"}'])
def test_a_registry_answers_with_one_server(monkeypatch, data):
    monkeypatch.setattr(server_import, "read_url", lambda _url: data)
    with pytest.raises(RegistryUnreadable, match="The registry does not answer with one server"):
        read_source(Source("com.example/weather", "https://r"))


def test_a_name_that_no_mcpserver_can_have():
    with pytest.raises(RegistryUnreadable, match="'A' is not the name of an MCPServer"):
        import_servers(json.dumps(ENTRY).encode(), Choices(name="A"))


def test_the_query_of_a_url_is_not_repeated():
    result = import_servers(json.dumps(ENTRY).encode(), Choices())
    text = as_text(result, "https://h/server.json?token=never-repeat-this#a")
    assert text.startswith("# Imported from https://h/server.json. Review it")


def test_a_url_is_read_as_it_is(monkeypatch):
    monkeypatch.setattr(server_import, "read_url", lambda url: url.encode())
    assert read_source(Source("https://h/server.json")) == b"https://h/server.json"


def test_several_objects_are_named_in_the_comments():
    data = b"\n---\n".join((SAMPLES / f"{name}.yaml").read_bytes() for name in ("kmcp", "lifecycle"))
    result = import_servers(data, Choices())
    text = as_text(result, "a file")
    assert [one["metadata"]["name"] for one in yaml.safe_load_all(text)] == ["notes", "cluster"]
    assert "# ADD: notes: The key API_KEY of the Secret notes" in text
    assert "# DROPPED: cluster: spec.gateway: see spec.expose.\n" in text
    assert "# NOTE: ConfigMap cluster-config was left out; it is needed if the server refers to it.\n" in text
    with pytest.raises(RegistryUnreadable, match="One name was chosen for 2 objects"):
        import_servers(data, Choices(name="a"))
    with pytest.raises(RegistryUnreadable, match="this is no server"):
        import_servers(data, Choices(package="npm"))


def test_remote_servers_are_targets():
    result = import_servers((SAMPLES / "toolhive-remote.yaml").read_bytes(), Choices(remotes=True))
    [document] = yaml.safe_load_all(as_text(result, "a file"))
    assert document["targets"][0]["url"] == "https://tickets.example.com/mcp"
    assert "never-repeat-this" not in str(result)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff", "not UTF-8 at byte 0"),
        (b"", "is not JSON"),
        (b'{"a": 1,}', "is not JSON"),
        (b"a: &a [1]\nb: *a", "line 2: aliases are not supported"),
        (b"a: " + b"1" * 101, "a number is too long"),
        (b"a: 1:" + b"1:" * 60 + b"1", "a number is too long"),
        (b"a: [", "not YAML"),
        (b"- " * 5000, "not YAML"),
        (b"!!python/object/apply:os.getcwd []", "not YAML"),
        (b"a: !!timestamp x", "not YAML: AttributeError"),
    ],
)
def test_what_is_neither_json_nor_yaml(data, message):
    with pytest.raises(RegistryUnreadable, match=message):
        decode(data)


def test_two_documents_that_are_no_objects():
    with pytest.raises(RegistryUnreadable, match="not exactly one document"):
        import_servers(b"a: 1\n---\nb: 2\n", Choices())
