# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Clients find a taken over server where they found it before, also behind a sidecar."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._takeover import Takeover

from support.fake_api import FakeApi

METRICS = {"metrics": {"enabled": True}}
TLS = {"metrics": {"enabled": True}, "sidecar": {"tls": {"enabled": True, "secretName": "a"}}}


def planned(ports_of_service, **spec):
    """Return which fields of ``spec.service`` the takeover sets.

    :param ports_of_service: the port and the target port of the Service.
    """
    meta = {"name": "wiki", "namespace": "team", "uid": "u", "resourceVersion": "7"}
    server = {"apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta}
    server["spec"] = {"image": "wiki:1", "transport": {"config": {"http": {"port": 3001}}}, **spec}
    api = FakeApi()
    api.objects[f"{names.KIND}.v1.{names.GROUP}/wiki"] = server
    port, target = ports_of_service
    owned = {**meta, "uid": "s", "ownerReferences": [names.owner_reference(server)]}
    ports = [
        {"name": "metrics", "port": 9090, "targetPort": 9090},
        {"name": "http", "port": port, "targetPort": target},
    ]
    api.objects["Service.v1/wiki"] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": owned,
        "spec": {"ports": ports},
    }
    result = Takeover(api, dry_run=True).take_all({"wiki": server})["wiki"]
    assert not result["failed"], result
    after = [yaml.safe_load(diff["after"]) for diff in result["diff"]]
    found = {field: value for one in after for field, value in one.items() if field.startswith("spec.service.")}
    return {field.rpartition(".")[2]: value for field, value in found.items()}


@pytest.mark.parametrize("spec", [METRICS, TLS])
def test_the_service_keeps_the_number_of_the_port_of_the_sidecar(spec):
    """In Pods of the other operator, the name "http" is that of the port of the server."""
    assert planned((8080, 8080), **spec) == {"targetPort": 8080}
    assert planned((8000, 8000), **{**spec, "sidecar": {**spec.get("sidecar", {}), "port": 8000}}) == {
        "targetPort": 8000
    }


@pytest.mark.parametrize(
    ("service", "spec"),
    [
        ((3001, 3001), {}),
        ((8080, "http"), METRICS),
        ((8080, 8080), {**METRICS, "service": {"targetPort": 8080}}),
        ((8080, 3001), {**METRICS, "service": {"targetPort": 3001}}),
    ],
)
def test_another_target_is_not_changed(service, spec):
    assert planned(service, **spec) == {}


def test_the_port_of_the_service_is_kept():
    assert planned((3001, 3001), service={"port": 8080}) == {"port": 3001}
    assert planned((8080, 8080), service={"port": 3001}, **METRICS) == {"port": 8080, "targetPort": 8080}
