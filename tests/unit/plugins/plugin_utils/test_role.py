# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Options that a task does not set have the defaults of the role."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _role

DEFAULTS = yaml.safe_load(Path(_role.TEMPLATES).parent.joinpath("defaults", "main.yml").read_text(encoding="utf-8"))
IMAGES = DEFAULTS["mcpserver_bridge_images"]


@pytest.mark.parametrize(
    ("given", "images"),
    [
        (None, IMAGES),
        ({"inject": "", "package": None}, IMAGES),
        ({"inject": "bridge:1"}, {**IMAGES, "inject": "bridge:1"}),
        ({"inject": "bridge:1", "package": "runtimes:1"}, {"inject": "bridge:1", "package": "runtimes:1"}),
    ],
)
def test_an_image_that_is_not_set_is_that_of_the_role(given, images):
    assert _role.bridge_images(given) == images


@pytest.mark.parametrize("given", [None, {}])
def test_without_resources_those_of_the_role_are_used(given):
    assert _role.default_resources(given) == DEFAULTS["mcpserver_default_resources"]
    assert _role.default_resources({"limits": {"memory": "1Gi"}}) == {"limits": {"memory": "1Gi"}}
