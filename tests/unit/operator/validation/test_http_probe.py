# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How one Pod is asked."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mcp_operator._vendor._engine.pod_probe import is_transient, says_list_changed
from mcp_operator._vendor._mcp.offers.kept_items import unpack
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator._vendor._workload.timeouts import Timeouts
from mcp_operator.validation.http_probe import probe
from mcp_operator.workloads.container_ref import ContainerRef, ProbeRequest
from zoo.fake_server import FakeServer
from zoo.run import HOST, Zoo
from zoo.servers import TOOLS, Streamable

SECONDS = 0.3


class Slow(BaseHTTPRequestHandler):
    """Needs a while for each answer, which then is a refusal."""

    def do_POST(self):
        time.sleep(SECONDS)
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def request_():
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        question = ProbeSpec(server.server_port, "/mcp", "streamable-http", "a.b.svc:80", ())
        yield ProbeRequest(ContainerRef("p", "c", "i", question.digest), "p", "127.0.0.1", question, True)
        server.shutdown()


def codes(answer):
    return {issue["code"] for issue in answer["issues"]}


@pytest.mark.parametrize("light", [False, True])
def test_a_server_is_given_the_time_that_its_request_allows(request_, light):
    short = Timeouts(5, SECONDS / 3, 0.1, SECONDS / 3)
    found = probe(request_._replace(timeouts=short, light=light))
    assert "TIMEOUT" in codes(found)
    assert is_transient(found) or "TRANSPORT_CREATION_FAILED" in codes(found)
    found = probe(request_._replace(timeouts=Timeouts(5, 5, 0.1, 5), light=light))
    assert "TIMEOUT" not in codes(found)
    assert found["compliant"] is False


@pytest.fixture
def zoo(tmp_path):
    """A server that sends a notification that a list changed before each response, and one that does not."""
    servers = [FakeServer("quiet", Streamable), FakeServer("notifies", lambda: Streamable(mode="sse"))]
    with Zoo(servers, tmp_path) as zoo:
        yield zoo


def of_zoo(zoo, name, **more):
    spec = ProbeSpec(zoo.ports[name], "/mcp", "streamable-http", "a.b.svc:80", ())
    return ProbeRequest(ContainerRef("p", "c", "i", spec.digest), "p", HOST, spec, True, **more)


@pytest.mark.parametrize("light", [False, True])
def test_a_notification_that_a_list_changed_is_known(zoo, light):
    assert says_list_changed(probe(of_zoo(zoo, "notifies", light=light)))
    assert not says_list_changed(probe(of_zoo(zoo, "quiet", light=light)))


def test_what_a_pinned_server_offers_is_kept(zoo):
    kept = {}
    answer = probe(of_zoo(zoo, "quiet", keep_offers=kept.__setitem__))
    [(digest, pack)] = kept.items()
    packed = pack(digest)
    assert digest == answer["offers"]["digest"] == unpack(packed)["digest"]
    assert [tool["name"] for tool in unpack(packed)["tools"]] == sorted(tool["name"] for tool in TOOLS)
    kept.clear()
    probe(of_zoo(zoo, "quiet", keep_offers=kept.__setitem__, light=True))
    assert kept == {}
