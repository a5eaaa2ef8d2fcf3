# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import threading

import pytest
from mcp_operator.process.endpoints import health_pages, metrics_page
from mcp_operator.process.health import Health
from mcp_operator.process.http_server import Request
from mcp_operator.process.metrics import CallbackGauge, ProcessMetrics
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from support.clock import FakeClock, eventually
from support.http import get

SCRAPE = Request("/metrics", "", "127.0.0.1")


def test_health_follows_the_checks(serve):
    health, trouble = Health(), []
    health.add_liveness_check("watches", lambda: trouble)
    waiting = ["Pod is not listed yet"]
    health.add_readiness_check("store", lambda: waiting)
    url = f"http://127.0.0.1:{serve(health_pages(health))}"
    assert get(f"{url}/healthz") == (200, "ok\n")
    assert get(f"{url}/readyz?verbose") == (503, "store: Pod is not listed yet\n")
    waiting.clear()
    assert get(f"{url}/readyz") == (200, "ok\n")
    trouble.append("Pod does not turn")
    assert get(f"{url}/healthz") == (503, "watches: Pod does not turn\n")
    assert get(f"{url}/readyz")[0] == 503
    assert get(f"{url}/else")[0] == 404


def test_metrics_are_what_prometheus_reads(serve):
    registry = CollectorRegistry()
    metrics = ProcessMetrics(registry, "1.2.3")
    registry.register(CallbackGauge("store_objects", "Objects in the store.", "source", lambda: {"Pod.v1": 3.0}))
    metrics.count_request("GET", 200)
    metrics.count_request("GET", 200)
    metrics.count_request("GET", 0)
    metrics.count_watch("Pod.v1", "list")
    _status, text = get(f"http://127.0.0.1:{serve({'/metrics': metrics_page(registry)})}/metrics")
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


class Rendered:
    """A collector that counts how often it is rendered, and takes its time by a clock."""

    def __init__(self, clock, seconds=0.0):
        self.count = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self._clock = clock
        self._seconds = seconds

    def describe(self):
        return []

    def collect(self):
        self.count += 1
        self._clock.step(self._seconds)
        assert self.go_on.wait(30)
        yield GaugeMetricFamily("count", "How often", self.count)


@pytest.mark.parametrize(("rendering", "fresh"), [(0.0, 1.0), (0.1, 1.0), (4.0, 12.0)])
def test_metrics_are_rendered_again_when_they_are_old(rendering, fresh):
    clock, registry = FakeClock(), CollectorRegistry()
    collector = Rendered(clock, rendering)
    registry.register(collector)
    page = metrics_page(registry, clock.now)
    first = page(SCRAPE).body
    clock.step(fresh - 0.01)
    assert page(SCRAPE).body is first
    clock.step(0.02)
    assert b"count 2.0" in page(SCRAPE).body
    assert collector.count == 2


def test_scrapes_at_the_same_time_render_once():
    clock, registry, bodies = FakeClock(), CollectorRegistry(), []
    collector = Rendered(clock)
    registry.register(collector)
    collector.go_on.clear()
    page = metrics_page(registry, clock.now)
    threads = [threading.Thread(target=lambda: bodies.append(page(SCRAPE).body)) for _ in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: collector.count)
    collector.go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(bodies) == 4
    assert len(set(bodies)) == collector.count == 1
