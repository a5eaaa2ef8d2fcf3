# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer with the name of somebody else's object does not take that object over, change it or delete it."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ForeignObject
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import key_of
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

RENDERER = Renderer(str(Path(__file__).resolve().parents[3] / "roles" / "mcpserver" / "templates"))
SERVER = {
    "apiVersion": names.API_VERSION,
    "kind": names.KIND,
    "metadata": {"name": "a", "namespace": "team", "uid": "uid-of-a", "generation": 1},
    "spec": {"image": "registry.example.com/server:1", "hpa": {"enabled": True, "minReplicas": 2}},
    "status": {},
}
OBJECTS = {item["kind"]: item for item in RENDERER.render(SERVER)}
OTHER = {"kind": names.KIND, "apiVersion": names.API_VERSION, "name": "b", "controller": True}
METADATA = {
    "without an owner": {},
    "with our labels": {"labels": names.labels("a")},
    "with our labels, by another field manager": {
        "labels": names.labels("a"),
        "managedFields": [{"manager": "kubectl", "operation": "Apply"}],
    },
    "with our labels, by an update in our name": {
        "labels": names.labels("a"),
        "managedFields": [{"manager": names.FIELD_MANAGER, "operation": "Update"}],
    },
    "of another MCPServer": {"labels": names.labels("a"), "ownerReferences": [{**OTHER, "uid": "uid-of-b"}]},
    "of an MCPServer without a uid": {"labels": names.labels("a"), "ownerReferences": [{**OTHER, "uid": ""}]},
    "with our MCPServer as an owner that is not its controller": {
        "ownerReferences": [{**OTHER, "name": "a", "uid": "uid-of-a", "controller": False}]
    },
}


@pytest.fixture
def api():
    return FakeApi()


@pytest.fixture(params=["live", "remembered", "forgotten"])
def state(request, api):
    """Return how the applier knows the cluster; an informer's index has the objects that the MCPServer owns: none."""
    if request.param == "live":
        return LiveState(api, lambda _before, _after: None)
    return RememberedState(api, Known({} if request.param == "remembered" else None, {}), HostResult())


@pytest.mark.parametrize("metadata", METADATA.values(), ids=METADATA)
@pytest.mark.parametrize("kind", OBJECTS)
def test_it_stays_as_it_is(api, state, kind, metadata):
    item = OBJECTS[kind]
    meta = {"name": "a", "namespace": "team", "uid": "theirs", "resourceVersion": "5", "managedFields": [], **metadata}
    key = key_of(item)
    api.objects[key] = {"apiVersion": item["apiVersion"], "kind": kind, "metadata": meta}
    before = copy.deepcopy(api.objects[key])
    applier = Applier(api, RENDERER)
    with pytest.raises(ForeignObject, match=f"{kind} team/a already exists"):
        applier.present(SERVER, state)
    assert api.objects[key] == before
    applier.absent(SERVER, state)
    assert api.objects[key] == before
