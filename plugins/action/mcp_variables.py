# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reject extra variables that no playbook of this collection has, and numbers that none can use."""

from __future__ import annotations

import typing as t

from ansible.utils.vars import load_extra_vars
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._playbook_variables import (
    check,
    check_number,
    numbers,
    replaced,
)


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {"playbook": {"type": "str", "required": True}}

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check the names. Unknown variables of inventories are accepted: they can be for other playbooks."""
        playbook, given = options["playbook"], load_extra_vars(self._loader)
        defined, hostvars = set(self._variables), self._variables["hostvars"]
        names = replaced(playbook, given)
        # The check runs on localhost, and plays on other hosts use their variables.
        for host in hostvars if names else ():
            defined.update(set(names) & set(hostvars.raw_get(host)))
        warnings = check(playbook, given, defined)
        # Later, a task would fail in the middle, for example between a change and its rollback.
        for name in numbers(playbook):
            if name in self._variables:
                check_number(name, self._templar.template(self._variables[name]))
        return {"changed": False, "warnings": warnings}
