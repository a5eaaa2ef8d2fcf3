# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server whose Pods another controller replaces: its history does not grow, and names do not collide."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ForeignObject
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult

from .test_applier import RENDERER, Api, server


class History(Api):
    """An API server that lists ControllerRevisions, which are deleted by their names."""

    def list(self, _api_version, kind, _namespace, **_selectors):
        return [item for item in self.objects.values() if item["kind"] == kind]

    def delete(self, api_version, kind, namespace, name, *, uid=""):
        found = self.find(api_version, kind, namespace, name)
        super().delete(api_version, kind, namespace, name, uid=uid or found["metadata"]["uid"])


def present(api, image, **spec):
    """Apply an MCPServer as the operator does; return the images in its history with their numbers."""
    wanted = server(image=image, validation={"strictMode": True}, **spec)
    Applier(api, RENDERER, gated=True).present(wanted, RememberedState(api, Known(None, {}), HostResult()))
    return {
        item["data"]["template"]["spec"]["containers"][0]["image"]: item
        for item in api.objects.values()
        if item["kind"] == "ControllerRevision"
    }


@pytest.mark.parametrize("manager", ["argo-rollouts", "flagger"])
def test_the_history_of_a_managed_server_is_bounded(manager):
    api = History()
    passed = present(api, "server:0")["server:0"]
    passed["revision"] = 1
    rollout = {"managedBy": manager}
    for number in range(1, 8):
        assert set(present(api, f"server:{number}", rollout=rollout)) == {"server:0", f"server:{number}"}
    # The last one exists when the Deployment replaces the Pods again, and what passed can still be rolled back to.
    assert {"server:0", "server:7"} <= set(present(api, "server:7"))


def test_flagger_must_not_get_the_deployment_of_another_server():
    api = History()
    other = {**server(), "metadata": {"name": "a-primary", "namespace": "team", "uid": "theirs"}}
    api.objects[api.key(other)] = other
    flagger, argo = ({"managedBy": name} for name in ("flagger", "argo-rollouts"))
    with pytest.raises(ForeignObject, match="change the Deployment of MCPServer a-primary: it gives this name"):
        present(api, "server:1", rollout=flagger)
    assert set(api.objects) == {api.key(other)}
    present(api, "server:1", rollout=argo)
    del api.objects[api.key(other)]
    present(api, "server:1", rollout=flagger)
