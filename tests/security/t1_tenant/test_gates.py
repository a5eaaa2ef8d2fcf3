# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant cannot open a readiness gate by what the manifest says or by setting the condition of the Pod."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest, names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from unit.operator.fake_workload import Cluster, bad
from unit.operator.gates_and_jobs import GATE

RENDERER = Renderer(str(Path(__file__).resolve().parents[3] / "roles" / "mcpserver" / "templates"))
STRICT = {"image": "registry.example.com/server:1", "validation": {"strictMode": True}}


def server(**more):
    meta = {"name": "wiki", "namespace": "team", "uid": "u-1"}
    return {"apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta, "spec": STRICT, **more}


def template(**pod_template):
    found = RENDERER.render(server(spec={**STRICT, "podTemplate": pod_template}), gated=True)
    return next(item for item in found if item["kind"] == "Deployment")["spec"]["template"]


@pytest.fixture
def cluster():
    made = Cluster()
    made.answer = bad()
    made.start()
    made.create(validation={"strictMode": True})
    made.deploy(ready=0, mark="t1")
    yield made
    made.controller.stop()


@pytest.mark.parametrize("gates", [[], None, [{"conditionType": "example.com/always-true"}]])
def test_a_manifest_cannot_replace_the_gate(gates):
    with pytest.raises(ManifestError, match="readinessGates"):
        template(spec={"readinessGates": gates})
    assert template()["spec"]["readinessGates"] == [{"conditionType": GATE}]


def test_a_manifest_cannot_choose_how_its_pods_are_validated_or_which_template_they_have():
    own = {names.QUESTION_ANNOTATION: '[1,"/","auto",[]]'}
    found = template(annotations=own, labels={names.TEMPLATE_LABEL: "passed", names.PASSED_LABEL: "true"})
    assert found["metadata"]["annotations"] == template()["metadata"]["annotations"]
    assert found["metadata"]["labels"][names.TEMPLATE_LABEL] != "passed"


def test_a_manifest_cannot_bring_a_status():
    forged = {"phase": "Running", "rollback": {"active": True, "to": "mine"}, "validation": {"state": "Validated"}}
    assert "status" not in manifest.check(server(status=forged))


def test_a_condition_that_a_tenant_sets_does_not_last(cluster):
    forged = {"type": GATE, "status": "True", "reason": "Validated", "lastTransitionTime": "2020-01-01T00:00:00Z"}
    cluster.pod(gated=True, ready=True, conditions=[forged])
    cluster.until(lambda: cluster.gate_of() is False)
    assert {condition["status"] for condition in cluster.gates} == {"False"}


def test_a_pod_of_a_tenant_gets_no_gate_because_of_its_labels(cluster):
    cluster.pod("forged", template=9, gated=True)
    cluster.rests(1.0)
    assert cluster.gates == []
    assert cluster.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "fe80::1", "", "a.example"])
def test_an_address_that_no_pod_has_is_not_validated(cluster, address):
    cluster.pod(address=address, gated=True)
    cluster.rests(1.0)
    assert cluster.asked == []
