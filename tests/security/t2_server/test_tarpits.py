# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that accept every connection and never answer hold the operator's places for probes."""

from __future__ import annotations

import http.server
import socket
import threading
import time

import pytest
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator._vendor._workload.timeouts import Timeouts
from mcp_operator.cluster.store import Key
from mcp_operator.validation.http_probe import probe
from mcp_operator.validation.probe_scheduler import ProbeScheduler
from mcp_operator.validation.prober import Prober
from mcp_operator.workloads.container_ref import ContainerRef, ProbeRequest

from support.clock import eventually

# As many servers of one tenant as were tried on a real cluster; each holds its place for so many seconds.
TARPITS, HELD = 100, 20.0
# Seconds within which the server of another tenant is probed, on a busy machine.
SOON = 5.0


class _Server(http.server.BaseHTTPRequestHandler):
    """Answers at once: which answer it is does not matter here."""

    def do_POST(self):
        self.server.probed.set()
        self.send_error(404)

    do_GET = do_POST  # noqa: N815 - the names are http.server's

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def tarpit():
    with socket.create_server(("127.0.0.1", 0), backlog=2 * TARPITS) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def stranger():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as server:
        server.probed = threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def request(name, port, *, ready=True):
    spec = ProbeSpec(port, "/mcp", "streamable-http", "a.b.svc:8080", ())
    timeouts = Timeouts(HELD, HELD, 0.0, HELD)
    container = ContainerRef(f"uid-{name}", "c", "i", spec.digest)
    return ProbeRequest(container, name, "127.0.0.1", spec, ready, early=not ready, timeouts=timeouts)


@pytest.mark.parametrize("namespaces", [1, 10])
@pytest.mark.parametrize("ready", [True, False])
def test_a_hundred_tarpits_do_not_delay_the_first_probe_of_another_tenant(tarpit, stranger, namespaces, ready):
    scheduler = ProbeScheduler(Prober(probe), lambda *_result: None)
    scheduler.start()
    try:
        for number in range(TARPITS):
            owner = Key("servers", f"evil-{number % namespaces}", f"s{number}")
            scheduler.set_requests(owner, [request(f"evil-{number}", tarpit, ready=ready)])
        eventually(lambda: scheduler.depth()["running"] >= (32 if ready else 16))
        began = time.monotonic()
        scheduler.set_requests(Key("servers", "good", "s"), [request("good", stranger.server_port, ready=ready)])
        assert stranger.probed.wait(SOON)
        assert time.monotonic() - began < SOON < HELD
    finally:
        scheduler.stop()
