# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from mcp_operator.process.endpoints import Endpoints, health_pages, metrics_page
from mcp_operator.process.health import Health
from mcp_operator.process.logs import ConsoleFormatter, JsonFormatter, LogFormat, configure
from mcp_operator.process.metrics import CallbackGauge, ProcessMetrics
from mcp_operator.process.shutdown import Shutdown
from mcp_operator.settings.operator_settings import ListenAddress
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

SOURCES = Path(__file__).resolve().parents[4] / "operator" / "src"


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as exc:
        return exc.code, exc.read().decode()


@pytest.fixture
def serve():
    running = []

    def start(pages, host="127.0.0.1"):
        running.append(Endpoints(ListenAddress(host, 0), pages))
        return running[-1].port

    yield start
    for endpoints in running:
        endpoints.close()


def test_health_follows_the_checks(serve):
    health, trouble = Health(), []
    health.add_liveness_check("watches", lambda: trouble)
    waiting = ["Pod is not listed yet"]
    health.add_readiness_check("store", lambda: waiting)
    port = serve(health_pages(health))
    assert get(port, "/healthz") == (200, "ok\n")
    assert get(port, "/readyz?verbose") == (503, "store: Pod is not listed yet\n")
    waiting.clear()
    assert get(port, "/readyz") == (200, "ok\n")
    trouble.append("Pod does not turn")
    assert get(port, "/healthz") == (503, "watches: Pod does not turn\n")
    assert get(port, "/readyz")[0] == 503
    assert get(port, "/else")[0] == 404


def test_a_loop_that_hangs_makes_the_process_fail_its_liveness_check():
    now, turns = [1000.0], {"controller": 1000.0, "election": None}
    health = Health(clock=lambda: now[0])
    health.add_heartbeat("controller", lambda: turns["controller"], 120.0)
    health.add_heartbeat("election", lambda: turns["election"], 120.0)
    now[0] += 120
    assert health.liveness_failures() == []  # one is on time, the other does not run
    now[0] += 1
    assert health.liveness_failures() == ["controller: the loop has not turned for 121 s"]
    assert health.readiness_failures() == health.liveness_failures()
    turns["controller"] = now[0]
    assert health.liveness_failures() == []


def test_metrics_are_what_prometheus_reads(serve):
    registry = CollectorRegistry()
    metrics = ProcessMetrics(registry, "1.2.3")
    registry.register(CallbackGauge("store_objects", "Objects in the store.", "source", lambda: {"Pod.v1": 3.0}))
    metrics.count_request("GET", 200)
    metrics.count_request("GET", 200)
    metrics.count_request("GET", 0)
    metrics.count_watch("Pod.v1", "list")
    _status, text = get(serve(metrics_page(registry)), "/metrics")
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["mcp_operator_build_info", "1.2.3"] == 1
    assert samples["mcp_operator_api_requests_total", "200", "GET"] == 2
    assert samples["mcp_operator_api_requests_total", "0", "GET"] == 1
    assert samples["mcp_operator_watch_total", "Pod.v1", "list"] == 1
    assert samples["mcp_operator_store_objects", "Pod.v1"] == 3


def record(message, *words, **extra):
    why = ValueError("why")
    logger = logging.getLogger("test")
    return logger.makeRecord("test", logging.WARNING, "f", 1, message, words, (type(why), why, None), extra=extra)


def test_a_json_line_is_one_object_with_what_callers_add():
    line = JsonFormatter().format(record("two\nlines %s", "x", namespace="a", key=Path("b")))
    assert "\n" not in line
    found = json.loads(line)
    assert found.pop("ts").endswith("Z")
    assert "ValueError: why" in found.pop("error")
    assert found == {"level": "warning", "logger": "test", "msg": "two\nlines x", "namespace": "a", "key": "b"}


def test_a_console_line_stays_one_line_and_sends_no_codes():
    head, trace = ConsoleFormatter().format(record("two\nlines\x1b[31m ✓", name_of="\rx")).split("\n", 1)
    assert head.endswith("WARNING two\\nlines\\x1b[31m ✓ name_of=\\rx")
    assert "ValueError: why" in trace


def test_logging_is_configured_once_for_all(capsys):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure(LogFormat.JSON, "warning")
        logging.getLogger("a.b").info("no")
        logging.getLogger("a.b").warning("yes")
        assert json.loads(capsys.readouterr().err)["msg"] == "yes"
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def test_shutdown_can_be_requested_from_within():
    shutdown = Shutdown()
    assert not shutdown.wait(0)
    threading.Timer(0.01, shutdown.request).start()
    assert shutdown.wait(10)
    assert shutdown.wait(0)


WAITER = """
import sys
from mcp_operator.process import shutdown as module
from mcp_operator.process.shutdown import Shutdown
shutdown = Shutdown()
shutdown.install()
print("ready", flush=True)
shutdown.wait(30)
print("asked", flush=True)
sys.stdin.readline()
module.time.monotonic = lambda: float("inf")
print("later", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def waiter():
    process = subprocess.Popen(
        [sys.executable, "-c", WAITER],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_requests_shutdown_and_a_later_one_ends_the_process(waiter, number):
    waiter.send_signal(number)
    assert waiter.stdout.readline() == "asked\n"
    waiter.send_signal(number)  # to its group as well
    waiter.stdin.write("later\n")
    waiter.stdin.flush()
    assert waiter.stdout.readline() == "later\n"
    waiter.send_signal(number)
    assert waiter.wait(10) == 128 + number
