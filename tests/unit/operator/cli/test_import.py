# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator import``."""

from __future__ import annotations

import http.server
import io
import json
import socket
import sys
import threading
from types import SimpleNamespace

import pytest
import yaml
from mcp_operator.cli import import_server
from mcp_operator.cli.main import main

SERVER = {
    "name": "com.example/weather",
    "version": "1.2.3",
    "description": "Weather\n---\nkind: Secret",
    "packages": [
        {
            "registryType": "npm",
            "identifier": "weather",
            "version": "1.2.3",
            "transport": {"type": "stdio"},
            "environmentVariables": [{"name": "KEY", "isSecret": True, "isRequired": True, "description": "a\n---\nb"}],
        }
    ],
}


@pytest.fixture
def registry():
    """Serve a registry; the paths that were read are in the list."""
    read = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            read.append(self.path)
            known = self.path == "/v0.1/servers/com.example%2Fweather/versions/latest"
            body = json.dumps({"server": SERVER, "_meta": {}}).encode()
            self.send_response(200 if known else 307 if "moved" in self.path else 404)
            self.send_header("Location", "/v0.1/servers/com.example%2Fweather/versions/latest")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", read
        server.shutdown()


def test_a_file_becomes_one_manifest(tmp_path, capsys):
    file = tmp_path / "server.json"
    file.write_text(json.dumps(SERVER), encoding="utf-8")
    assert main(["import", str(file)]) == 1
    out = capsys.readouterr().out
    assert "# ADD: The key KEY of the Secret weather: a --- b.\n" in out
    [manifest] = yaml.safe_load_all(out)
    assert manifest["spec"]["command"] == ["npx", "-y", "weather@1.2.3"]


def test_standard_input(capsys, monkeypatch):
    package = {**SERVER["packages"][0], "environmentVariables": []}
    text = json.dumps({**SERVER, "packages": [package]}).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert main(["import", "-", "--name", "wetter"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["metadata"]["name"] == "wetter"


def test_a_name_that_no_mcpserver_can_have(tmp_path, capsys):
    (tmp_path / "server.json").write_text(json.dumps(SERVER), encoding="utf-8")
    assert main(["import", str(tmp_path / "server.json"), "--name", "A"]) == 2
    assert "'A' is not the name of an MCPServer" in capsys.readouterr().err


def test_a_registry_is_read_and_no_redirect_followed(registry, capsys):
    url, read = registry
    assert main(["import", "com.example/weather", "--registry", url]) == 1
    assert yaml.safe_load(capsys.readouterr().out)["metadata"]["name"] == "weather"
    for name, code in (("com.example/no", 404), ("com.example/moved", 307)):
        assert main(["import", name, "--registry", url]) == 2
        assert f"The registry answers {code}." in capsys.readouterr().err
    assert len(read) == 3


def test_a_name_after_the_registry_is_the_name_of_a_server(registry, capsys, monkeypatch):
    monkeypatch.setattr(import_server, "REGISTRY", registry[0])
    assert main(["import", "--registry", "com.example/weather"]) == 1
    assert yaml.safe_load(capsys.readouterr().out)["metadata"]["name"] == "weather"
    for words in ([], ["--registry"], ["--registry", registry[0]]):
        assert main(["import", *words]) == 2
        assert "There is no server to import." in capsys.readouterr().err


def test_a_registry_that_is_not_there_is_named_by_the_reason_alone(capsys):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert main(["import", f"http://127.0.0.1:{port}/server.json"]) == 2
    assert "The registry cannot be read: Connection refused. Check" in capsys.readouterr().err


def test_a_url_is_read(registry, capsys):
    url, read = registry
    assert main(["import", f"{url}/v0.1/servers/com.example%2Fweather/versions/latest"]) == 1
    assert yaml.safe_load(capsys.readouterr().out)["metadata"]["name"] == "weather"
    assert len(read) == 1


def test_manifests_of_another_project(capsys, monkeypatch):
    spec = {"transportType": "stdio", "timeout": "30s", "deployment": {"cmd": "npx", "args": ["server"]}}
    server = {"apiVersion": "kagent.dev/v1alpha1", "kind": "MCPServer", "metadata": {"name": "a"}, "spec": spec}
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [server]}).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert main(["import", "-"]) == 0
    out = capsys.readouterr().out
    assert "# DROPPED: spec.timeout: clients set it.\n" in out
    assert yaml.safe_load(out)["spec"] == {"command": ["npx"], "args": ["server"], "transport": {"type": "stdio"}}


def test_remotes_are_a_file_of_targets(tmp_path, capsys):
    file = tmp_path / "server.json"
    remotes = [{"type": "sse", "url": "https://h.example.com/sse"}]
    file.write_text(json.dumps({"name": "com.example/weather", "remotes": remotes}), encoding="utf-8")
    assert main(["import", str(file)]) == 2
    assert "Use --remotes" in capsys.readouterr().err
    unknown = [{"type": "sse", "url": "https://h.example.com/{tenant}/sse"}]
    (tmp_path / "unknown.json").write_text(json.dumps({"name": "com.example/weather", "remotes": unknown}))
    assert main(["import", str(tmp_path / "unknown.json"), "--remotes"]) == 1
    assert "# ADD: A value for {tenant} in " in capsys.readouterr().out
    assert main(["import", str(file), "--remotes"]) == 0
    [target] = yaml.safe_load(capsys.readouterr().out)["targets"]
    assert target == {"name": "com.example/weather", "url": "https://h.example.com/sse", "transport": "sse"}


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"{", "is not JSON"), (b"[" * 100_000, "is not JSON"), (b" " * 1_048_577, "more than 1048576")],
)
def test_what_is_no_server(tmp_path, capsys, data, message):
    (tmp_path / "server.json").write_bytes(data)
    assert main(["import", str(tmp_path / "server.json")]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["/nonexistent"], "cannot be read: No such file"),
        (["a/b", "--registry", "file:///etc"], "not an HTTP or HTTPS URL"),
        (["a/b", "--registry", "http://127.0.0.1:9"], "The registry cannot be read"),
    ],
)
def test_arguments_that_make_no_sense(capsys, arguments, message):
    assert main(["import", *arguments]) == 2
    assert message in capsys.readouterr().err
