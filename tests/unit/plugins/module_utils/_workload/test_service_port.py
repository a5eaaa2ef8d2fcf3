# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import status
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.service_port import unresolved_target_port


def mcpserver(target, **pod):
    spec = {"image": "wiki:1", "service": {"targetPort": target}, "podTemplate": {"spec": pod}}
    return {"metadata": {"name": "wiki", "namespace": "team", "generation": 1}, "spec": spec}


def container(name, port, **fields):
    return {"name": name, "image": "other:1", "ports": [{"name": port, "containerPort": 9000}], **fields}


@pytest.mark.parametrize("target", [None, 8080, 1234, "http"])
def test_a_number_and_the_name_of_our_port_are_resolved(target):
    assert unresolved_target_port(mcpserver(target)) == ""


def test_a_name_that_no_port_has_is_not_resolved():
    assert unresolved_target_port(mcpserver("web")) == "web"


def test_a_port_of_another_container_is_resolved():
    assert unresolved_target_port(mcpserver("web", containers=[container("proxy", "web")])) == ""


def test_a_port_of_an_init_container_is_resolved_only_if_the_container_keeps_running():
    assert unresolved_target_port(mcpserver("web", initContainers=[container("proxy", "web")])) == "web"
    restartable = container("proxy", "web", restartPolicy="Always")
    assert unresolved_target_port(mcpserver("web", initContainers=[restartable])) == ""


def test_our_port_can_be_renamed():
    renamed = {"name": "mcp-server", "ports": [{"name": "web", "containerPort": 8080}]}
    assert unresolved_target_port(mcpserver("web", containers=[renamed])) == ""
    assert unresolved_target_port(mcpserver("http", containers=[renamed])) == "http"


def test_what_cannot_be_merged_is_reported_elsewhere():
    assert unresolved_target_port(mcpserver("web", serviceAccountName="admin")) == ""


def test_the_sidecar_of_flagger_has_its_port():
    """It is an ordinary container, since Flagger does not know restartPolicy of containers."""
    server = mcpserver("http")
    server["spec"]["rollout"] = {"managedBy": "flagger"}
    assert unresolved_target_port(server) == ""


READY = Rollout(desired=1, replicas=1, updated=1, ready=1, available=1, observed=True)


def test_a_server_whose_service_forwards_nothing_is_not_running():
    seen = Observation(READY, {"state": "Validated", "protocol": "sse", "validatedGeneration": 1})
    found = status.status(mcpserver("web"), seen, "2026-01-01T00:00:00Z")
    conditions = {entry["type"]: (entry["status"], entry["reason"]) for entry in found["conditions"]}
    assert found["phase"] == "Failed"
    assert "named web" in found["message"]
    assert conditions["Ready"] == ("False", "TargetPortNotFound")
    assert conditions["Degraded"] == ("True", "TargetPortNotFound")
    assert conditions["Available"] == ("True", "DeploymentAvailable")


def test_a_server_that_is_scaled_to_zero_forwards_nothing_anyway():
    none = Rollout(desired=0, replicas=0, updated=0, ready=0, available=0, observed=True)
    found = status.status(mcpserver("web"), Observation(none, {"state": "Pending"}), "2026-01-01T00:00:00Z")
    assert found["phase"] == "Running"
