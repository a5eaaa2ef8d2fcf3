# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Spans of the calls of an official client arrive at a real OpenTelemetry collector."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from support.cluster import until
from support.collector import collector

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle import environment

# Builds the collector and installs the official SDK on first use.
pytestmark = pytest.mark.test_all

CLIENT = Path(__file__).with_name("tracing_client.py")


def traceparent() -> tuple[str, str, str]:
    """Return the header, the id of the trace and that of the parent."""
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    return f"00-{trace}-{parent}-01", trace, parent


def test_a_call_is_a_span_in_the_trace_of_the_client(sidecar, tmp_path, free_port) -> None:
    header, trace, parent = traceparent()
    meta, meta_trace, meta_parent = traceparent()
    with (
        collector(tmp_path, f"127.0.0.1:{free_port}") as found,
        sidecar(otlp_endpoint=found.url, server_name="team/memory") as running,
    ):
        until("the server", lambda: requests.get(f"{running.url}/healthz", timeout=5).status_code == 200)
        command = [str(environment.python()), str(CLIENT), f"{running.url}/mcp", header, meta]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr

        def calls():
            spans = [span for span in found.spans() if span.attributes.get("mcp.method.name") == "tools/call"]
            return spans if len(spans) == 3 else None

        first, second, failed = until("three calls", calls, 30)
        text = found.output()
    assert (first.fields["Trace ID"], first.fields["Parent ID"]) == (trace, parent)
    assert (second.fields["Trace ID"], second.fields["Parent ID"]) == (meta_trace, meta_parent)
    assert (first.fields["Name"], first.fields["Kind"]) == ("tools/call echo", "Server")
    assert first.attributes == {
        "mcp.method.name": "tools/call",
        "network.transport": "tcp",
        "network.protocol.name": "http",
        "gen_ai.tool.name": "echo",
        "gen_ai.operation.name": "execute_tool",
        "jsonrpc.request.id": "1",
        "mcp.protocol.version": first.attributes["mcp.protocol.version"],
        "http.response.status_code": "200",
    }
    assert first.resource["service.namespace"] == "team"
    assert first.resource["service.name"] == "memory"
    assert failed.fields["Status code"] == "Error"
    assert failed.attributes["error.type"] == "tool_error"
    assert "s3cret-of-the-call" not in text
