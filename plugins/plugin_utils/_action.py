# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The base class of the actions: options, errors, the client of the API server."""

from __future__ import annotations

import abc
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.display import Display

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.client import Client
from ._argspec import AUTH

display = Display()

# Ansible only warns about the version in meta/runtime.yml, and later errors do not name the cause.
_CORE = (2, 19)


class McpAction(ActionBase):  # type: ignore[misc]  # ansible-core has no type hints
    """An action that runs on the controller and never connects to the target host.

    Subclasses declare their options in ``OPTIONS`` and implement ``act``. ``CONNECTS`` is False for actions that do not
    connect to the API server. ``act`` finds the task's variables in ``_variables``.
    """

    TRANSFERS_FILES = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {}
    CONNECTS: t.ClassVar[bool] = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Validate the options, act, and convert errors of this collection into a failed result."""
        _require_core()
        self._variables = task_vars or {}
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        spec = {**self.OPTIONS, **(AUTH if self.CONNECTS else {})}
        _validated, options = self.validate_argument_spec(argument_spec=spec)
        try:
            result.update(self.act(options))
        except McpKubernetesError as exc:
            raise AnsibleActionFail(message=str(exc), result={**result, "error": exc.to_dict()}) from None
        return result

    @abc.abstractmethod
    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Run the action and return the keys of its result."""

    def client(self, options: t.Mapping[str, t.Any]) -> Client:
        """Return a client for the connection options."""
        return Client({name: options.get(name) for name in AUTH})

    @property
    def check_mode(self) -> bool:
        """Whether the task runs in check mode."""
        return bool(self._task.check_mode)


class BatchAction(McpAction):
    """An action that processes all hosts of the play at once. Tasks use it with ``run_once: true``."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True


def _require_core() -> None:
    if tuple(map(int, core_version.split(".")[:2])) < _CORE:
        wanted = ".".join(map(str, _CORE))
        raise AnsibleActionFail(
            f"The collection mcp.kubernetes needs ansible-core {wanted} or later, and this is {core_version}. "
            "Upgrade it where Ansible runs; in the image of ansible-operator: "
            f"pip install 'ansible-core>={wanted}'. [CORE_TOO_OLD]"
        )
