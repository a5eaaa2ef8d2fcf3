# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An API server in memory, for tests of what is applied and in how many calls."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiConflict, ApiInvalid, ApiNotFound
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import key_of, state_of


class FakeApi:
    """The calls of the API server's client that applying a workload makes; refuses writes as an API server does.

    ``asked`` holds the calls in their order, ``broken`` the error of each name that is to fail, and
    ``groups`` the kinds of each discovery document by its path.
    """

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.broken: dict[str, Exception] = {}
        self.groups: dict[str, list[str]] = {}

    def apply(self, body: dict[str, Any], *, dry_run: bool = False, **_more: Any) -> dict[str, Any]:
        key = key_of(body)
        self.asked.append(f"apply {body['kind']}")
        if body["metadata"]["name"] in self.broken:
            raise self.broken[body["metadata"]["name"]]
        wanted, there = body["metadata"], self.objects.get(key)
        if there is None and "uid" in wanted:
            raise ApiConflict("uid mismatch, and no existing object was found", status=409)
        if there is not None and wanted.get("uid", there["metadata"]["uid"]) != there["metadata"]["uid"]:
            raise ApiInvalid("metadata.uid: field is immutable", status=422)
        if there is not None and "resourceVersion" in wanted:
            raise ApiConflict("the object has been modified", status=409)
        uid = there["metadata"]["uid"] if there else f"uid-{len(self.asked)}"
        made = copy.deepcopy(body)
        made["metadata"].update(uid=uid, resourceVersion=str(100 + len(self.asked)), managedFields=[])
        if not dry_run:
            self.objects[key] = made
        return made

    def find(self, api_version: str, kind: str, _namespace: str, name: str) -> dict[str, Any] | None:
        self.asked.append(f"find {kind}")
        return self.objects.get(key_of({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}))

    def delete(self, api_version: str, kind: str, _namespace: str, name: str, *, uid: str = "") -> None:
        self.asked.append(f"delete {kind}")
        key = key_of({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}})
        there = self.objects.get(key)
        if there is not None and there["metadata"]["uid"] != uid:
            raise ApiConflict("the UID in the precondition does not match", status=409)
        self.objects.pop(key, None)

    def request(self, method: str, path: str, *, body: dict[str, Any] | None = None, **_more: Any) -> dict[str, Any]:
        if method == "GET":
            self.asked.append(f"read {path}")
            if path not in self.groups:
                raise ApiNotFound("the server could not find the requested resource", status=404)
            return {"resources": [{"name": name} for name in self.groups[path]]}
        assert body is not None
        assert (method, path) == ("PATCH", "/apis/mcp.mcp-operator.io/v1/namespaces/team/mcpservers/a")
        self.asked.append(f"patch MCPServer at {body['metadata']['resourceVersion']}")
        self.objects["MCPServer.v1.mcp.mcp-operator.io/a"]["spec"].update(body["spec"])
        return self.objects["MCPServer.v1.mcp.mcp-operator.io/a"]

    def known(self, applied: Any = None) -> Known:
        """Return what an informer would know of the objects."""
        there = {key: (item["metadata"]["uid"], state_of(item)) for key, item in self.objects.items()}
        return Known(there, applied or {})
