# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The tool calls in the metrics of a sidecar, and what a Pod may send in their place."""

from __future__ import annotations

import http.server
import itertools
import socket
import threading
import time

import pytest
from mcp_operator._vendor._workload.canary_analysis import Calls
from mcp_operator.errors import MetricsUnreadable
from mcp_operator.rollouts import sidecar_metrics

DURATION = "mcp_server_operation_duration_seconds"


def otel(tool, kind, count, seconds, method="tools/call"):
    labels = f'mcp_method_name="{method}",gen_ai_tool_name="{tool}",error_type="{kind}"'
    return (
        f'{DURATION}_bucket{{{labels},le="+Inf"}} {count}\n'
        f"{DURATION}_sum{{{labels}}} {seconds}\n{DURATION}_count{{{labels}}} {count}\n"
    )


OTEL = f"# TYPE {DURATION} histogram\n" + "".join(
    (
        otel("search", "", 8, 4),
        otel("search", "tool_error", 2, 1),
        otel("write", "", 10, 0.5),
        otel("write", "canceled", 1, 3),
        otel("write", "401", 1000, 1),
        otel("", "", 100, 1, "initialize"),
    )
)
COMPATIBLE = """\
# TYPE mcp_requests_total counter
mcp_requests_total{method="tools/call",status="200"} 90
mcp_requests_total{method="tools/call",status="500"} 10
mcp_requests_total{method="tools/call",status="429"} 1000
mcp_requests_total{method="initialize",status="200"} 7
# TYPE mcp_request_errors_total counter
mcp_request_errors_total{method="tools/call",error_code="-32603"} 4
mcp_request_errors_total{method="tools/call",error_code="-32000"} 1000
# TYPE mcp_request_duration_seconds histogram
mcp_request_duration_seconds_sum 21
mcp_request_duration_seconds_count 210
"""


def test_metrics_of_opentelemetry_have_the_calls_of_each_tool():
    assert sidecar_metrics.parse(OTEL) == {
        "": Calls(21, 2, 21, 8.5),
        "search": Calls(10, 2, 10, 5),
        "write": Calls(11, 0, 11, 3.5),
    }


def test_compatible_metrics_have_the_calls_of_all_tools():
    assert sidecar_metrics.parse(COMPATIBLE) == {"": Calls(100, 10, 210, 21)}


def test_errors_of_the_server_with_the_code_of_the_limit_count():
    more = COMPATIBLE.replace('error_code="-32000"} 1000', 'error_code="-32000"} 1050')
    assert sidecar_metrics.parse(more)[""].errors == 54


def test_metrics_without_calls_are_no_error():
    assert sidecar_metrics.parse("mcp_proxy_info 1\n")[""] == Calls()


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-5"])
def test_numbers_that_count_nothing_are_ignored(value):
    text = f'mcp_requests_total{{method="tools/call",status="200"}} {value}\n'
    assert sidecar_metrics.parse(text)[""] == Calls()


def test_a_pod_cannot_make_the_operator_keep_any_number_of_tools():
    text = "".join(otel(f"tool-{number}", "", 1, 1) for number in range(2000))
    found = sidecar_metrics.parse(text)
    assert len(found) <= 500
    assert found[""].number == 2000


@pytest.mark.parametrize("start", ["# ", "mcp_requests_total{", "mcp_requests_total{" + 'a="\\\\",' * 900])
def test_a_long_line_is_not_parsed(start):
    began = time.process_time()
    with pytest.raises(ValueError, match="no metric"):
        sidecar_metrics.parse(start + '"' * (1 << 20) + "\n")
    assert time.process_time() - began < 1


class Pod(http.server.BaseHTTPRequestHandler):
    status, body, location = 200, OTEL.encode(), ""

    def do_GET(self):
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def serve():
    servers = []

    def start(**answer):
        server = http.server.HTTPServer(("127.0.0.1", 0), type("Pod", (Pod,), answer))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_metrics_are_read_from_a_pod(serve):
    assert sidecar_metrics.read("127.0.0.1", serve())["search"].errors == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"<html>"},
        {"body": b"\xff"},
        {"status": 404},
        {"status": 302, "location": "http://127.0.0.1:1/metrics"},
        {"body": b"# " + b"x" * (5 << 20)},
    ],
    ids=["html", "no text", "not found", "redirect", "endless"],
)
def test_another_answer_is_an_error(serve, answer):
    with pytest.raises(MetricsUnreadable, match="port named metrics"):
        sidecar_metrics.read("127.0.0.1", serve(**answer))


def test_a_pod_that_refuses_connections_is_an_error(serve):
    port = serve()
    with pytest.raises(MetricsUnreadable):
        sidecar_metrics.read("127.0.0.2", port)


HEADERS = b"HTTP/1.1 200 OK\r\nX-A: "
ENDLESS = {
    "status": itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": itertools.chain([HEADERS], itertools.repeat(b"a")),
    "body": itertools.chain([b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], itertools.repeat(b"#")),
}


@pytest.mark.parametrize("answer", list(ENDLESS))
def test_an_answer_in_small_parts_ends_in_time(monkeypatch, answer):
    monkeypatch.setattr(sidecar_metrics, "_TIMEOUT", 0.3)
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def send():
        with listener.accept()[0] as connection:
            connection.recv(4096)
            for part in ENDLESS[answer]:
                if ended.wait(0.02):
                    return
                try:
                    connection.sendall(part)
                except OSError:
                    return

    threading.Thread(target=send, daemon=True).start()
    limit = threading.Timer(5, ended.set)
    limit.start()
    began = time.monotonic()
    with listener, pytest.raises(MetricsUnreadable):
        sidecar_metrics.read("127.0.0.1", listener.getsockname()[1])
    taken = time.monotonic() - began
    ended.set()
    limit.cancel()
    assert taken < 3
