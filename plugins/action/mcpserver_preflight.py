# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Check the prerequisites in the clusters before anything is changed."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import APPLY_MODE
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._preflight import REQUIRED, check_targets


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "targets": {"type": "list", "elements": "dict", "default": []},
        **APPLY_MODE,
        **REQUIRED,
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check each cluster."""
        return {"changed": False, **check_targets(self.client, options["targets"], options)}
