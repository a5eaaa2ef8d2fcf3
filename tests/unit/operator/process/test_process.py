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
from pathlib import Path

import pytest
from mcp_operator.process.health import Health
from mcp_operator.process.logs import ConsoleFormatter, JsonFormatter, LogFormat, configure
from mcp_operator.process.shutdown import Shutdown

SOURCES = Path(__file__).resolve().parents[4] / "operator" / "src"


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
while not shutdown.wait(0.1):  # Python runs the handler of a signal that comes right before a wait only after it
    pass
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
