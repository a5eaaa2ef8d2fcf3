# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How core types become structural schemas."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
PREFIX = "io.k8s.api.core.v1."


@pytest.fixture
def crd(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the tool as it is when it is run: its folder first on the path."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import crd as tool

    yield tool
    del sys.modules["crd"]


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_references_are_resolved_with_and_without_siblings(crd: ModuleType) -> None:
    schemas = {
        f"{PREFIX}Outer": {
            "type": "object",
            "properties": {
                "plain": reference(f"{PREFIX}Inner"),
                "described": {"description": "text", "default": {}, "allOf": [reference(f"{PREFIX}Inner")]},
            },
        },
        f"{PREFIX}Inner": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "default": ""}}},
    }
    inner = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    assert crd.core_field(schemas, "Outer", many=False) == {
        "type": "object",
        "properties": {"described": inner, "plain": inner},
    }


def test_a_list_of_a_type(crd: ModuleType) -> None:
    schemas = {f"{PREFIX}Name": {"type": "string", "enum": ["A"], "description": "text"}}
    assert crd.core_field(schemas, "Name", many=True) == {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("io.k8s.apimachinery.pkg.api.resource.Quantity", {"x-kubernetes-int-or-string", "anyOf", "pattern"}),
        ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", {"x-kubernetes-int-or-string", "anyOf"}),
        ("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", {"type", "properties"}),
    ],
)
def test_types_that_structural_schemas_write_in_another_way(crd: ModuleType, name: str, marks: set[str]) -> None:
    schemas = {f"{PREFIX}Holder": {"type": "object", "additionalProperties": reference(name)}}
    assert set(crd.core_field(schemas, "Holder", many=False)["additionalProperties"]) == marks


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"x-kubernetes-list-type": "atomic"}, {}),
        ({"x-kubernetes-list-type": "set"}, {"x-kubernetes-list-type": "set"}),
        (
            {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
            {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        ),
        ({"x-kubernetes-map-type": "atomic"}, {"x-kubernetes-map-type": "atomic"}),
        ({"x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name"}, {}),
    ],
)
def test_how_lists_and_maps_merge_is_kept(crd: ModuleType, given: dict[str, Any], kept: dict[str, Any]) -> None:
    schemas = {f"{PREFIX}Thing": {"type": "object", **given}}
    assert crd.core_field(schemas, "Thing", many=False) == {"type": "object", **kept}
