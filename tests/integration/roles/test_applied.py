# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an apply would change, as the collection tells it without a request, and as an API server tells it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.applied import is_applied
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import JsonPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import path_of
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _role
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support import cluster

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ("production", "isolated", "stdio-npx")
# Kinds that the testbed has.
SERVED = ("Deployment", "Service", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget", "HorizontalPodAutoscaler")
Item = dict[str, Any]


@pytest.fixture(scope="module")
def applied(client: Client, crd: None) -> Iterator[list[Item]]:
    """The objects of the examples, applied."""
    renderer = Renderer(_role.TEMPLATES)
    with cluster.namespace(client) as namespace:
        found = []
        for example in EXAMPLES:
            documents = yaml.safe_load_all((ROOT / "examples" / f"{example}.yaml").read_text(encoding="utf-8"))
            server = next(one for one in documents if one["kind"] == names.KIND)
            server["metadata"]["namespace"] = namespace
            server = client.apply(server, field_manager=names.DEPLOY_MANAGER)
            found += [child for child in renderer.render(server, gated=True) if child["kind"] in SERVED]
        for child in found:
            client.apply(child, field_manager=names.FIELD_MANAGER)
        yield found


def find(client: Client, child: Item) -> Item:
    meta = child["metadata"]
    found = client.get(child["apiVersion"], child["kind"], meta["namespace"], meta["name"])
    assert isinstance(found, dict)
    return found


def content(item: Item) -> Item:
    """Return an object without what the API server counts and records."""
    metadata = {name: value for name, value in item["metadata"].items() if name not in ("managedFields", "generation")}
    return {**item, "metadata": metadata}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the JSON pointers and values of all leaves."""
    if isinstance(value, dict) and value:
        for name, below in value.items():
            yield from leaves(below, f"{path}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for number, below in enumerate(value):
            yield from leaves(below, f"{path}/{number}")
    else:
        yield path, value


def other(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}x" if isinstance(value, str) else {"other": "1"}


def test_what_is_known_to_be_applied_is_not_changed_by_an_apply(client: Client, applied: list[Item]) -> None:
    for child in applied:
        before = find(client, child)
        assert is_applied(child, before, names.FIELD_MANAGER), child
        after = client.apply(child, field_manager=names.FIELD_MANAGER)
        assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


def test_whatever_another_client_changes_or_removes_is_applied_again(client: Client, applied: list[Item]) -> None:
    changed = 0
    for child in applied:
        before = find(client, child)
        fields = {name: value for name, value in child.items() if name not in ("apiVersion", "kind")}
        for path, value in leaves(fields):
            for operation in ({"op": "replace", "path": path, "value": other(value)}, {"op": "remove", "path": path}):
                try:
                    after = client.request(
                        "PATCH",
                        path_of(child),
                        what="change a field",
                        query={"dryRun": "All", "fieldManager": "another"},
                        body=JsonPatch([operation]),
                    )
                except KubeError:
                    continue  # an API server refuses this value
                if content(after) == content(before):
                    continue  # a default is what the manifest wants
                assert not is_applied(child, after, names.FIELD_MANAGER), (child["kind"], operation)
                changed += 1
    assert changed > 100, changed


def test_whatever_the_manifest_leaves_out_is_removed(client: Client, applied: list[Item]) -> None:
    """Another client changes nothing, but the next version of the manifest has a field less."""
    for child in applied:
        found = find(client, child)
        for part in ("labels", "annotations"):
            for name in child["metadata"].get(part) or {}:
                less = {key: value for key, value in child["metadata"][part].items() if key != name}
                manifest = {**child, "metadata": {**child["metadata"], part: less}}
                assert not is_applied(manifest, found, names.FIELD_MANAGER), (child["kind"], name)
        for name in child.get("spec") or {}:
            manifest = {**child, "spec": {key: value for key, value in child["spec"].items() if key != name}}
            assert not is_applied(manifest, found, names.FIELD_MANAGER), (child["kind"], name)
