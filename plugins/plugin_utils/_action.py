# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What the actions of this collection have in common: options, errors, the client of the API server."""

from __future__ import annotations

import abc
import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core_version
from ansible.utils.display import Display

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.client import Client
from ._argspec import AUTH

display = Display()

# The templates of the role mcpserver in this collection.
ROLE_TEMPLATES = str(Path(__file__).resolve().parents[2] / "roles" / "mcpserver" / "templates")

# Ansible itself only warns where meta/runtime.yml asks for a newer one, and what then fails does not say why.
_CORE = (2, 19)


class McpAction(ActionBase):  # type: ignore[misc]  # ansible-core has no type hints
    """An action that runs on the controller and never touches the target host.

    Subclasses say what they take in ``OPTIONS`` and do it in ``act``.
    """

    TRANSFERS_FILES = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {}
    CONNECTS: t.ClassVar[bool] = True

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Check the options, act, and turn our errors into a failed result."""
        _require_core()
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
        """Do the work and return the result's keys."""

    def client(self, options: t.Mapping[str, t.Any]) -> Client:
        """Return a client of the API server that the options name."""
        return Client({name: options.get(name) for name in AUTH})

    @property
    def check_mode(self) -> bool:
        """Whether nothing may be changed."""
        return bool(self._task.check_mode)


def _require_core() -> None:
    if tuple(map(int, core_version.split(".")[:2])) < _CORE:
        wanted = ".".join(map(str, _CORE))
        raise AnsibleActionFail(
            f"The collection mcp.kubernetes needs ansible-core {wanted} or later, and this is {core_version}. "
            "Install a newer one where Ansible runs; in the image of ansible-operator: "
            f"pip install 'ansible-core>={wanted}'. [CORE_TOO_OLD]"
        )
