# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The diff of a change shows neither secrets nor characters that hide or reorder a part of it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._changes import record

from support.hostile_server import HOSTILE_TEXT

SECRET = "s3cret-of-the-manifest"


def diff(spec: dict[str, Any]) -> str:
    """Return the diff of a Deployment that is created."""
    made = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "wiki", "namespace": "team"},
        "spec": spec,
    }
    result: dict[str, Any] = {"objects": [], "diff": [], "changed": False}
    record(result, None, made, dry_run=False)
    (found,) = result["diff"]
    return str(found["after"])


@pytest.mark.parametrize("character", sorted({char for char in HOSTILE_TEXT if not char.isprintable()}), ids=ascii)
@pytest.mark.parametrize("place", ["key", "value"])
def test_a_diff_has_no_hidden_characters(character, place):
    text = f"before{character}after"
    shown = diff({text: "x"} if place == "key" else {"image": text})
    assert all(line.isprintable() for line in shown.split("\n")), ascii(shown)
    assert "before" in shown


@pytest.mark.parametrize(
    "spec",
    [
        {"env": [{"name": "API_KEY", "value": SECRET}]},
        {"env": [{"name": "DB_PASSWORD", "value": SECRET}]},
        {"annotations": {"example.com/token": SECRET}},
        {"headers": [{"name": "Authorization", "value": f"Bearer {SECRET}"}]},
    ],
)
def test_a_diff_masks_what_looks_like_a_secret(spec):
    shown = diff(spec)
    assert SECRET not in shown
    assert "********" in shown
