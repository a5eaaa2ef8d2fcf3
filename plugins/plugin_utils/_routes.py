# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Create the routes of exposed MCPServers that passed validation, where no operator does."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.live_state import LiveState
from ..module_utils._workload import exposure, route_sessions
from ._changes import record

if t.TYPE_CHECKING:
    from ..module_utils._engine.applier import Applier
    from ..module_utils._kube.client import Client


class Routes:
    """Applies routes.

    :param dry_run: let the API server validate all changes, and change nothing.
    """

    def __init__(self, client: Client, applier: Applier, *, dry_run: bool = False) -> None:
        self._client = client
        self._applier = applier
        self._dry_run = dry_run

    def apply(self, server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Apply the route of an MCPServer, and return ``changed``, ``objects``, ``diff`` and ``warnings``.

        The result is empty if the MCPServer has no route.

        :param server: with the status after its validation.
        :raises McpKubernetesError: the route cannot be applied.
        """
        if not exposure.routed(server):
            return {}
        lost = route_sessions.loss(server, route_sessions.NONE)
        result: dict[str, t.Any] = {"changed": False, "objects": [], "diff": [], "warnings": [lost] if lost else []}
        state = LiveState(
            self._client,
            lambda before, after: record(result, before, after, dry_run=self._dry_run),
            dry_run=self._dry_run,
        )
        self._applier.expose(exposure.as_recorded(server), state)
        return result
