# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What clients find behind the sidecar of a server that uses HTTP: the server, whole."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import requests
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle import environment, servers
from oracle.servers import SSE, STREAMABLE, Server

from support.bridging.client import ACCEPT, Sse, Streamable
from support.bridging.proxying import free_port, metrics, proxied
from support.cluster import until

# Both transports and both SDKs; the others combine these anew.
NAMES = [
    "python-sdk-1-sse",
    "go-sdk",
    *(pytest.param(name, marks=pytest.mark.test_all) for name in ("python-sdk-1", "go-sdk-sse", "go-sdk-stateless")),
]


@pytest.fixture(scope="module")
def published():
    python, go = str(environment.python()), str(environment.go_server())
    old = (python, str(environment.SERVERS / "images" / "python-sdk-1" / "server.py"))
    return [
        Server("python-sdk-1", (*old, STREAMABLE)),
        Server("python-sdk-1-sse", (*old, SSE), SSE, "/sse"),
        Server("go-sdk", (go, "--transport", STREAMABLE)),
        Server("go-sdk-sse", (go, "--transport", SSE), SSE, "/sse"),
        Server("go-sdk-stateless", (go, "--transport", STREAMABLE, "--stateless")),
    ]


@pytest.fixture(scope="module")
def running(published, tmp_path_factory):
    with servers.Running(published, tmp_path_factory.mktemp("published")) as running:
        yield running


@pytest.fixture
def through(program, tmp_path, running):
    """Return a context manager that runs the sidecar before a server."""
    return lambda name, **options: proxied(program, running.url(name), tmp_path, **options)


def described(url, transport):
    """Return what the official Python client finds."""
    words = [str(environment.python()), str(environment.HERE / "describe.py"), url, transport, "30"]
    return json.loads(subprocess.run(words, check=True, capture_output=True, timeout=60).stdout)


def judged(url):
    """Return what the validator says of the server."""
    report = validate(Target(url=url), Options(deep=True, timeout=60, request_timeout=20))
    issues = sorted({(issue.level, issue.code) for issue in report.issues})
    found = (
        report.compliant,
        report.transport,
        report.protocol_version,
        report.supported_versions,
        report.capabilities,
    )
    return *found, report.tools, report.resources, report.prompts, issues


@pytest.mark.parametrize("name", NAMES)
def test_clients_and_the_validator_find_the_same_as_without(name, through, running, published):
    server = next(server for server in published if server.name == name)
    with through(name) as sidecar:
        url = sidecar.url + server.path
        assert described(url, server.transport) == described(running.url(name), server.transport)
        assert judged(url) == judged(running.url(name))


@pytest.mark.parametrize(("name", "transport"), [("go-sdk", Streamable), ("go-sdk-sse", Sse)])
def test_calls_are_counted_on_both_transports(name, transport, through):
    port = free_port()
    with through(name, metrics_listen=f"127.0.0.1:{port}", metrics_names="otel,compatible") as sidecar:
        client = transport(sidecar.url)
        client.open()
        tools = client.request("tools/list")["tools"]
        tool = next(tool["name"] for tool in tools if not tool["inputSchema"].get("required"))
        with pytest.raises(Exception, match="unknown tool"):
            client.tool("no-such-tool")
        client.tool(tool)
        name = "mcp_server_operation_duration_seconds_count"
        labels = 'error_type="{}",gen_ai_tool_name="{}",mcp_method_name="{}",mcp_protocol_version="2025-11-25"'
        wanted = [
            labels.format("", "", "initialize"),
            labels.format("", "", "tools/list"),
            labels.format("-32602", "other", "tools/call"),
            labels.format("", tool, "tools/call"),
        ]
        if transport is Sse:  # it has no header with the version
            wanted = [label.replace('"2025-11-25"', '""') if "initialize" not in label else label for label in wanted]
        until(
            "the calls",
            lambda: all(metrics(port).get(f'{name}{{{label},network_transport="tcp"}}') == 1 for label in wanted),
        )
        assert metrics(port)["mcp_sidecar_sessions"] == 1
        assert metrics(port)[f'mcp_tool_calls_total{{tool_name="{tool}"}}'] == 1


def test_it_is_ready_while_the_server_listens(program, tmp_path):
    port, metrics_port = free_port(), free_port()
    target = f"http://127.0.0.1:{port}"
    ready = f"http://127.0.0.1:{metrics_port}/readyz"
    with proxied(program, target, tmp_path, metrics_listen=f"127.0.0.1:{metrics_port}") as sidecar:
        assert requests.get(ready, timeout=5).status_code == 503
        response = requests.post(sidecar.url + "/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, timeout=5)
        assert (response.status_code, response.json()["id"]) == (502, 1)
        server = Server("go-sdk", (str(environment.go_server()), "--transport", STREAMABLE))
        with (
            servers.Running([server], tmp_path) as running,
            proxied(program, running.url("go-sdk"), tmp_path, metrics_listen=f"127.0.0.1:{free_port()}") as other,
        ):
            assert requests.get(other.url + "/mcp", timeout=5).status_code == 400


def test_messages_beyond_a_limit_are_refused(through):
    with through("go-sdk-stateless", limit_session="1/s:3") as sidecar:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        got = [requests.post(f"{sidecar.url}/mcp", json=ping, headers=ACCEPT, timeout=5) for _ in range(5)]
        assert [response.status_code for response in got] == [200, 200, 200, 429, 429]
        assert got[-1].headers["Retry-After"] == "1"


def test_a_termination_ends_streams_and_exits(through):
    with through("go-sdk") as sidecar:
        client = Streamable(sidecar.url)
        client.open()
        ended = threading.Event()

        def listen():
            headers = {**ACCEPT, "Mcp-Session-Id": client.http.headers.get("Mcp-Session-Id", "")}
            for _line in requests.get(f"{sidecar.url}/mcp", headers=headers, timeout=30, stream=True).iter_lines():
                pass
            ended.set()

        threading.Thread(target=listen, daemon=True).start()
        time.sleep(0.2)
        sidecar.process.send_signal(signal.SIGTERM)
        assert sidecar.process.wait(8) == 0


class Collector(BaseHTTPRequestHandler):
    """Records what it gets over OTLP."""

    received: ClassVar[list[tuple[str, bytes]]] = []

    def do_POST(self) -> None:
        self.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


def test_spans_are_sent_before_it_exits(through):
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        with through("go-sdk-stateless", otlp_endpoint=endpoint, server_name="team/clock") as sidecar:
            params = {"name": "no-such-tool", "arguments": {"word": "s3cret"}}
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
            requests.post(f"{sidecar.url}/mcp", json=call, headers=ACCEPT, timeout=5)
            sidecar.process.send_signal(signal.SIGTERM)
            assert sidecar.process.wait(8) == 0
        collector.shutdown()
    [(path, spans)] = Collector.received
    assert path == "/v1/traces"
    assert all(word in spans for word in (b"tools/call no-such-tool", b"clock", b"-32602"))
    assert b"s3cret" not in spans


def test_a_stdio_server_is_counted_too(bridge, mode):
    port = free_port()
    with bridge(mode=mode, metrics_listen=f"127.0.0.1:{port}") as running:
        for client in (Streamable(running.url), Sse(running.url)):
            client.open()
            assert client.tool("echo", {"text": "x" * 1_000_000}) == "x" * 1_000_000
        assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
        name = "mcp_server_operation_duration_seconds_count"
        counts = {key: value for key, value in metrics(port).items() if key.startswith(name) and "tools/call" in key}
        assert sum(counts.values()) == 2
        assert all('error_type=""' in key for key in counts)
