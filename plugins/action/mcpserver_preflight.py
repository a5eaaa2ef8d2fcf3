# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Check the prerequisites in the clusters before anything is changed."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import AUTO, CHOICES, ApplyModes
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._per_cluster import require_api_server
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._preflight import preflight


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "targets": {"type": "list", "elements": "dict", "default": []},
        "require_crd": {"type": "bool", "default": True},
        "require_namespaces": {"type": "bool", "default": True},
        "apply": {"type": "str", "choices": list(CHOICES), "default": AUTO},
        "purpose": {"type": "str", "choices": ["deploy", "validate", "undeploy"], "default": "deploy"},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check each cluster."""
        found: dict[str, t.Any] = {}
        clusters: dict[str, set[str]] = {}
        for target in options["targets"] or [{}]:
            place = json.dumps([target.get(name) or "" for name in ("kubeconfig", "context", "api_server")])
            clusters.setdefault(place, set()).update([target["namespace"]] if target.get("namespace") else [])
        for place, namespaces in clusters.items():
            kubeconfig, context, api_server = json.loads(place)
            own = {"kubeconfig": kubeconfig or options["kubeconfig"], "context": context or options["context"]}
            client = self.client({**options, **own})
            require_api_server(client, api_server)
            found = preflight(
                client,
                ApplyModes(client, options["apply"]),
                namespaces=sorted(namespaces),
                require_crd=options["require_crd"],
                require_namespaces=options["require_namespaces"],
                purpose=options["purpose"],
            )
        return {"changed": False, **found}
