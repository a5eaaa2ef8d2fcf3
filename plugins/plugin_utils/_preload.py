# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Prepare what every run of the operator needs, once, in the process from which runs are forked."""

from __future__ import annotations

import importlib
import os

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import auth

from . import _role
from ._renderer import Renderer, template_environment

# The plugin of `playbooks/reconcile.yml` and `playbooks/finalize.yml`. It imports 80 modules of the 290 of all plugins.
_PLUGIN = "ansible_collections.mcp.kubernetes.plugins.action.mcpserver_reconcile"
# Most MCPServers are rendered with the same templates, and their text is the same.
_TYPICAL = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "typical", "namespace": "default", "uid": "typical", "generation": 1},
    "spec": {"image": "typical", "resources": {"requests": {"cpu": "1m"}}},
}


def preload() -> None:
    """Import the plugin, compile the templates, and parse what they print for a typical MCPServer."""
    importlib.import_module(_PLUGIN)
    auth.import_loader({name: os.environ.get(f"K8S_AUTH_{name.upper()}") for name in ("kubeconfig", "context")})
    environment = template_environment(_role.TEMPLATES)
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".j2")):
        environment.get_template(name)
    Renderer(_role.TEMPLATES).render(_TYPICAL, gated=True)
