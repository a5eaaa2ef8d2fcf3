# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The core types in the CRD are those of Kubernetes, all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kubernetes import client

# Where an MCPServer takes a field of a Pod: the two parts of spec are made of the same types.
PLACES = {
    "resources": ("Container", "resources"),
    "environment": ("Container", "env"),
    "podTemplate.volumeMounts": ("Container", "volumeMounts"),
    "podTemplate.volumes": ("PodSpec", "volumes"),
    "podTemplate.affinity": ("PodSpec", "affinity"),
    "podTemplate.tolerations": ("PodSpec", "tolerations"),
    "podTemplate.imagePullSecrets": ("PodSpec", "imagePullSecrets"),
    "sidecar.resources": ("Container", "resources"),
}


@pytest.fixture(scope="module")
def kubernetes(api: client.ApiClient) -> dict[str, Any]:
    """Return the schemas of the API server's core group."""
    request = api.param_serialize(
        "GET", "/openapi/v3/api/v1", auth_settings=["BearerToken"], header_params={"Accept": "application/json"}
    )
    schemas = json.loads(api.call_api(*request).read())["components"]["schemas"]
    assert isinstance(schemas, dict)
    return schemas


def fields(schemas: dict[str, Any], schema: dict[str, Any], path: str) -> set[str]:
    """Return the paths of all fields below a schema."""
    for part in [schema, *schema.get("allOf", [])]:
        name = part.get("$ref", "").rpartition("/")[2]
        # Of a volume's claim template, labels and annotations are all that counts.
        if name.endswith(".ObjectMeta"):
            return {f"{path}.labels", f"{path}.annotations"}
        if name:
            return fields(schemas, schemas[name], path)
    found = {f"{path}.{name}" for name in schema.get("properties", {})}
    for name, part in schema.get("properties", {}).items():
        found |= fields(schemas, part, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            found |= fields(schemas, schema[key], f"{path}[]")
    return found


@pytest.mark.parametrize("place", PLACES)
def test_no_field_of_a_core_type_is_missing(place: str, kubernetes: dict[str, Any], crd: dict[str, Any]) -> None:
    kind, name = PLACES[place]
    ours = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    for step in place.split("."):
        ours = ours["properties"][step]
    theirs = kubernetes[f"io.k8s.api.core.v1.{kind}"]["properties"][name]
    missing = fields(kubernetes, theirs, "") - fields({}, ours, "")
    assert not missing, "renew them: see tests/tools/crd.py"
