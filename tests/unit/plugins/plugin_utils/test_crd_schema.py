# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Unknown fields are refused where no API server refuses them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._crd_schema import check_fields

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


def server(**spec):
    return {"metadata": {"name": "w"}, "spec": {"image": "a:1", **spec}}


@pytest.mark.parametrize(
    ("spec", "field", "action"),
    [
        ({"replica": 2}, "spec.replica", "Did you mean replicas?"),
        ({"validation": {"strictmode": True}}, "spec.validation.strictmode", "Did you mean strictMode?"),
        ({"environment": [{"name": "A", "vaule": "x"}]}, "spec.environment[0].vaule", "Did you mean value?"),
        ({"zzz\x1b[2J": 1}, "spec.zzz [2J", "Remove it."),
    ],
)
def test_an_unknown_field_is_named_with_the_most_similar_one(spec, field, action):
    with pytest.raises(ManifestError) as refused:
        check_fields(server(**spec))
    assert (refused.value.seen, refused.value.action) == (f"The field {field} of w is unknown.", action)


def test_keys_of_maps_are_no_fields():
    check_fields(server(podTemplate={"annotations": {"any": "thing"}}, resources={"limits": {"example.com/gpu": 1}}))


def test_all_examples_have_known_fields():
    found = [one for file in EXAMPLES.rglob("*.yaml") for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]
    servers = [one for one in found if isinstance(one, dict) and one.get("kind") == "MCPServer"]
    assert servers
    for one in servers:
        check_fields(one)
