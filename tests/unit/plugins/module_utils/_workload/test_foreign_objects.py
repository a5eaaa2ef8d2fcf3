# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which objects of other projects are imported, and that no value of their fields is more than an error."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ForeignManifestInvalid
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.foreign_manifest import (
    manifest_of_foreign,
    objects_of,
)
from hypothesis import given
from hypothesis import strategies as st

FOLDER = Path(__file__).parent / "foreign"
ALL = ("kmcp", "toolhive", "lifecycle")


def sample(name):
    return list(yaml.safe_load_all((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))[-1]


def test_the_objects_of_a_list_and_other_kinds():
    config, server = yaml.safe_load_all((FOLDER / "lifecycle.yaml").read_text(encoding="utf-8"))
    found, others = objects_of([config, {"apiVersion": "v1", "kind": "List", "items": [server, sample("kmcp")]}])
    assert [one["metadata"]["name"] for one in found] == ["cluster", "notes"]
    assert others == ["ConfigMap cluster-config"]
    with pytest.raises(ForeignManifestInvalid, match="There is no object of kmcp, ToolHive"):
        objects_of([config])
    with pytest.raises(ForeignManifestInvalid, match="more than 1000 objects"):
        objects_of([{"kind": "List", "items": [server] * 1001}])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "value", "containers", "tls", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(ALL), st.data())
def test_any_value_of_any_field_is_imported_or_an_error(name, data):
    document = sample(name)
    place = document["spec"]
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(VALUES)
    with contextlib.suppress(McpKubernetesError):
        yaml.safe_dump(manifest_of_foreign(document).manifest)
