# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What ``spec.transport.config.http.tls`` changes in objects, probes and the status."""

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import gate, names, validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec

from support.rendered import objects_of


def server(tls=None, **spec):
    http = {} if tls is None else {"tls": tls}
    meta = {"name": "wiki", "namespace": "team", "uid": "u"}
    spec = {"image": "w:1", "validation": {"strictMode": True}, "transport": {"config": {"http": http}}, **spec}
    return {"metadata": meta, "spec": spec}


def container(manifest):
    return objects_of(manifest)["Deployment"]["spec"]["template"]["spec"]["containers"][0]


def test_the_service_says_https():
    assert objects_of(server({}))["Service"]["spec"]["ports"][0]["appProtocol"] == "https"
    assert "appProtocol" not in objects_of(server())["Service"]["spec"]["ports"][0]


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_the_kubelet_probes_by_https(probe):
    assert container(server({}, healthCheck={}))[probe]["httpGet"]["scheme"] == "HTTPS"
    assert "scheme" not in container(server(healthCheck={}))[probe]["httpGet"]


def test_a_health_check_on_another_port_is_not_that_of_the_server():
    assert "scheme" not in container(server({}, healthCheck={"port": 9000}))["readinessProbe"]["httpGet"]


def test_the_status_has_the_url_of_clients():
    assert validation.endpoint(server({}), "/mcp") == "https://wiki.team.svc:8080/mcp"


def test_the_name_in_the_certificate():
    assert probe_spec(server()).server_name == ""
    assert probe_spec(server({})).server_name == "wiki.team.svc"
    assert probe_spec(server({"serverName": "mcp.example.com"})).server_name == "mcp.example.com"


def test_a_result_is_valid_for_one_name():
    digests = {probe_spec(server(tls)).digest for tls in (None, {}, {"serverName": "mcp.example.com"})}
    assert len(digests) == 3


def test_a_pod_of_an_earlier_template_is_probed_as_it_was():
    plain, secure = (gate.fields(server(tls))["annotations"][names.QUESTION_ANNOTATION] for tls in (None, {}))
    assert json.loads(plain) == [8080, None, "auto", []]
    pods = [{"metadata": {"annotations": {names.QUESTION_ANNOTATION: text}}} for text in (plain, secure)]
    specs = [gate.probe_spec_of(pod, server({"serverName": "mcp.example.com"})) for pod in pods]
    assert [spec and spec.server_name for spec in specs] == ["", "mcp.example.com"]
