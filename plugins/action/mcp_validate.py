# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Validates in this process what would be validated from this machine anyway, else hands over to the module."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import ARGUMENT_SPEC, CONSTRAINTS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import MissingLibrary
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.validate_url import run


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core has no type hints
    """See the documentation of the module of the same name."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Validate, here or on the host that the task runs on."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        if self._means_this_process():
            checked, options = self.validate_argument_spec(argument_spec=ARGUMENT_SPEC, **CONSTRAINTS)
            # As a module's result: what a server repeats of our secrets is not shown.
            hidden = checked._no_log_values  # noqa: SLF001  # as ansible-core does
            result.update(remove_values(self._run_here(options), hidden))
        else:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        return result

    def _run_here(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            return run(options, check_mode=bool(self._task.check_mode))
        except MissingLibrary as exc:
            raise AnsibleActionFail(missing_required_lib(exc.library)) from None

    def _means_this_process(self) -> bool:
        """Tell whether a module would run here as this user and with this environment: starting one takes longer."""
        asks_for_more = self._connection.become or self._task.async_val or any(self._task.environment or ())
        return self._connection.transport == "local" and not asks_for_more
