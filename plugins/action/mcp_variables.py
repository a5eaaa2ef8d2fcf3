# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reject extra variables that no playbook of this collection has, and numbers that none can use."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._playbook_variables import check_task


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {"playbook": {"type": "str", "required": True}}

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check the names."""
        warnings = check_task(options["playbook"], self._loader, self._variables, self._templar.template)
        return {"changed": False, "warnings": warnings}
