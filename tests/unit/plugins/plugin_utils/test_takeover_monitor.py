# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The ServiceMonitor of the other operator stays where it finds the metrics of the sidecar."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._takeover import Takeover

from support.fake_api import FakeApi

MONITOR = "ServiceMonitor.v1.monitoring.coreos.com/wiki"


def take(endpoint, **spec):
    """Return what is left of the ServiceMonitor, and what the takeover says of it."""
    meta = {"name": "wiki", "namespace": "team", "uid": "u"}
    server = {"apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta}
    server["spec"] = {"image": "wiki:1", "transport": {"config": {"http": {"port": 3001}}}, **spec}
    api = FakeApi()
    api.objects[f"{names.KIND}.v1.{names.GROUP}/wiki"] = server
    api.objects[MONITOR] = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {**meta, "uid": "m", "ownerReferences": [names.owner_reference(server)]},
        "spec": {"endpoints": [endpoint]},
    }
    result = Takeover(api).take_all({"wiki": server})["wiki"]
    assert not result["failed"], result
    [action] = [item["action"] for item in result["objects"] if item["kind"] == "ServiceMonitor"]
    return MONITOR in api.objects, action


@pytest.mark.parametrize(
    ("endpoint", "spec", "stays"),
    [
        ({"port": "metrics"}, {"metrics": {"enabled": True}}, True),
        ({"port": "metrics"}, {"metrics": {"enabled": False}}, False),
        ({"port": "metrics"}, {}, False),
        # The metrics never use TLS, not even in the sidecar of the other operator.
        ({"port": "metrics", "scheme": "https"}, {"metrics": {"enabled": True}}, False),
    ],
)
def test_a_service_monitor_stays_if_it_finds_metrics(endpoint, spec, stays):
    assert take(endpoint, **spec) == (stays, "unchanged" if stays else "deleted")
