# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A whole process of the operator in front of a fake API server that goes away and comes back."""

from __future__ import annotations

import argparse
import http.server
import json
import tempfile
import threading

import pytest
import yaml
from mcp_operator.app import LOST, Operator
from mcp_operator.cluster import elector
from mcp_operator.cluster.elector import ElectionTiming
from mcp_operator.process.shutdown import Shutdown
from mcp_operator.settings.load import add_flags, settings_of
from mcp_operator.watches.definition import Watch

from support.clock import eventually

TOYS = {"name": "toys", "kind": "Toy", "namespaced": True}
WATCH = Watch(group="toys.example.com", version="v1", kind="Toy", role="a.b.toy")


class Api(http.server.ThreadingHTTPServer):
    """Serves a kind without objects, and one Lease."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.down = threading.Event()
        self.lease = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the kernel holds each body back for 40 ms

    def handle_one_request(self):
        super().handle_one_request()
        if self.server.down.is_set():
            self.close_connection = True

    def do_GET(self):
        api = self.server
        if api.down.is_set():
            return
        if "/leases" in self.path:
            self.answer(200 if api.lease else 404, api.lease or {"code": 404})
        elif self.path.endswith("toys.example.com/v1"):
            self.answer(200, {"resources": [TOYS]})
        elif "watch=1" in self.path:
            self.send_response(200)
            self.end_headers()
            api.down.wait(30)  # no events; the outage ends it
            self.close_connection = True
        else:
            self.answer(200, {"metadata": {"resourceVersion": "1"}, "items": []})

    def do_PATCH(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.down.is_set():
            version = int((self.server.lease or {"metadata": {"resourceVersion": 0}})["metadata"]["resourceVersion"])
            body["metadata"]["resourceVersion"] = str(version + 1)
            self.server.lease = body
            self.answer(200, body)

    def do_POST(self):
        self.do_PATCH()

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words):
        pass


@pytest.fixture
def api():
    server = Api()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.down.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def operator(api, tmp_path, monkeypatch):
    """Run an operator; yield it, and its exit code once there is one."""
    monkeypatch.setattr(elector, "ElectionTiming", lambda: ElectionTiming(lease=1, renew=0.5, retry=0.1))
    kubeconfig = tmp_path / "kubeconfig"
    config = {
        "clusters": [{"name": "fake", "cluster": {"server": api.url}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
        "users": [{"name": "fake", "user": {}}],
        "current-context": "fake",
    }
    kubeconfig.write_text(yaml.safe_dump(config), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_flags(parser)
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as runs:
        flags = [f"--kubeconfig={kubeconfig}", f"--run-directory={runs}", "--preload=false"]
        flags += ["--health-probe-bind-address=0", "--metrics-bind-address=0"]
        shutdown, codes = Shutdown(), []
        settings = settings_of(parser.parse_args(flags), {})
        one = Operator(settings, [WATCH], content_version="x", environment={}, shutdown=shutdown)
        thread = threading.Thread(target=lambda: codes.append(one.run()), daemon=True)
        thread.start()
        yield one, codes
        shutdown.request()
        thread.join(20)
        assert not thread.is_alive()


def test_an_operator_outlives_an_outage_of_the_api_server(api, operator):
    one, codes = operator
    eventually(lambda: one._leadership.started)
    api.down.set()
    eventually(lambda: one._leadership.paused)
    assert not one._leadership.leading
    api.down.clear()
    eventually(lambda: not one._leadership.paused, 2.0)
    assert api.lease["spec"]["leaseTransitions"] == 0
    assert codes == []
    eventually(lambda: one._health.readiness_failures() == [])


def test_an_operator_ends_when_another_one_has_acquired_the_lease(api, operator):
    one, codes = operator
    eventually(lambda: one._leadership.started)
    api.down.set()
    eventually(lambda: one._leadership.paused)
    lease = json.loads(json.dumps(api.lease))
    lease["spec"].update(holderIdentity="other", renewTime="later", leaseDurationSeconds=15)
    api.lease = lease
    api.down.clear()
    eventually(lambda: codes)
    assert codes == [LOST]
    assert api.lease["spec"]["holderIdentity"] == "other"
