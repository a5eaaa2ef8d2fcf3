# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Render the objects of MCPServers without a cluster."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest as manifests
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._crd_schema import check_fields
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._role import TEMPLATES


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "servers": {"type": "list", "elements": "dict", "required": True},
        "templates": {"type": "path", "default": TEMPLATES},
        "namespace": {"type": "str", "default": "default"},
        "default_resources": {"type": "dict"},
        "bridge_images": {"type": "dict"},
        "network": {"type": "dict"},
        "with_operator": {"type": "bool", "default": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Render all manifests."""
        renderer = Renderer(options["templates"], options["bridge_images"], options["network"])
        objects: list[dict[str, t.Any]] = []
        for given in options["servers"]:
            server = manifests.check(given, options["namespace"])
            check_fields(server)
            made = renderer.render(server, options["default_resources"], gated=options["with_operator"])
            for item in made:
                # They would be those of an MCPServer in a cluster.
                item["metadata"].pop("ownerReferences", None)
            objects += made
        return {"changed": False, "objects": objects}
