# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator may write and delete the Deployment of a canary, and no Deployment of another name or owner."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiInvalid
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary, canary_traffic, names

from support.rendered import RENDERER

DEPLOYMENT: dict[str, Any] = {"kind": "Deployment", "metadata": {"name": "served"}}
SPEC = {"validation": {"strictMode": True}, "rollout": {"strategy": "canary"}}


@pytest.fixture
def deployment(mcpserver) -> dict[str, Any]:
    """The Deployment that an MCPServer wants."""
    server = mcpserver("tried", **SPEC)
    found = RENDERER.render(server, gated=True)
    return next(item for item in found if item["kind"] == "Deployment")


def apply(operator: Client, item: dict[str, Any]) -> None:
    operator.apply(item, field_manager=names.FIELD_MANAGER)


def test_it_writes_and_deletes_the_deployment_of_a_canary(operator: Client, deployment) -> None:
    made = canary.deployment(deployment, 1)
    apply(operator, made)
    apply(operator, canary.deployment(deployment, 2))
    place = ("apps/v1", "Deployment", made["metadata"]["namespace"], made["metadata"]["name"])
    assert operator.find(*place)["spec"]["replicas"] == 2
    operator.delete(*place)


def test_a_whole_canary_passes_the_fence(operator: Client, mcpserver) -> None:
    applier = Applier(operator, RENDERER, gated=True)
    state = LiveState(operator, lambda _before, _after: None)
    server = mcpserver("whole", **SPEC)
    place = ("apps/v1", "Deployment", server["metadata"]["namespace"])
    applier.present({**server, "status": {}}, state)
    stable = operator.find(*place, "whole")
    status = {"provedTemplate": stable["spec"]["template"]["metadata"]["labels"][names.TEMPLATE_LABEL]}
    changed = mcpserver("whole", **SPEC, environment=[{"name": "A", "value": "1"}])
    applier.present({**changed, "status": status}, state)
    assert operator.find(*place, "whole")["spec"]["template"] == stable["spec"]["template"]
    assert operator.find(*place, "whole-canary")["spec"]["template"] != stable["spec"]["template"]
    applier.present({**server, "status": status}, state)
    assert not operator.find(*place, "whole-canary")


def test_a_service_of_another_name_or_of_other_pods_is_refused(operator: Client, mcpserver) -> None:
    server = mcpserver("served", **SPEC)
    found = next(item for item in RENDERER.render(server, gated=True) if item["kind"] == "Service")
    [made] = [
        item
        for item in canary_traffic.objects([found, DEPLOYMENT], DEPLOYMENT, canary.Plan("t1", None, "t1", 10))
        if item["kind"] == "Service" and item["metadata"]["name"] == "served-canary"
    ]
    apply(operator, made)
    narrowed = {**found["spec"]["selector"], names.TEMPLATE_LABEL: "t1"}
    apply(operator, {**found, "spec": {**found["spec"], "selector": narrowed}})
    for selector in ({names.CANARY_LABEL: "true"}, {"app": "other"}, {"app": "served", "tier": "database"}, {}):
        with pytest.raises((ApiForbidden, ApiInvalid), match="select the Pods of their MCPServer"):
            apply(operator, {**made, "spec": {**made["spec"], "selector": selector}})
    place = ("v1", "Service", made["metadata"]["namespace"])
    operator.delete(*place, "served-canary")
    with pytest.raises((ApiForbidden, ApiInvalid), match="only delete the Service of a canary"):
        operator.delete(*place, "served")
    made["metadata"]["name"] = "other-canary"
    with pytest.raises((ApiForbidden, ApiInvalid), match="named after their MCPServer"):
        apply(operator, made)


@pytest.mark.parametrize("name", ["tried-canary-2", "canary", "other-canary", "tried-stable"])
def test_other_names_are_refused(operator: Client, deployment, name: str) -> None:
    made = canary.deployment(deployment, 1)
    made["metadata"]["name"] = name
    with pytest.raises((ApiForbidden, ApiInvalid), match="named after their MCPServer"):
        apply(operator, made)


def test_it_deletes_no_deployment_of_another_owner(client: Client, operator: Client, deployment) -> None:
    theirs = canary.deployment(deployment, 0)
    theirs["metadata"].update(name="theirs-canary", ownerReferences=[], labels={})
    client.apply(theirs, field_manager="someone")
    with pytest.raises((ApiForbidden, ApiInvalid), match="not its own"):
        operator.delete("apps/v1", "Deployment", theirs["metadata"]["namespace"], "theirs-canary")


def test_it_does_not_delete_what_serves(operator: Client, deployment) -> None:
    apply(operator, deployment)
    with pytest.raises((ApiForbidden, ApiInvalid), match="only delete the Deployment of a canary"):
        operator.delete("apps/v1", "Deployment", deployment["metadata"]["namespace"], "tried")
