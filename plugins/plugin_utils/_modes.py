# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Who makes the workload of an MCPServer."""

from __future__ import annotations

import typing as t

from . import _operator

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# What a user may ask for.
AUTO = "auto"  # the operator where one answers for the namespace, else we
CHOICES = (AUTO, "object", "workload")

# What it comes to.
OBJECT = "object"  # the MCPServer is applied, an operator does the rest
WORKLOAD = "workload"  # the MCPServer is applied, and so is what is made of it
STANDALONE = "standalone"  # the cluster has no MCPServers: only what is made of it is applied


class Modes:
    """Decides once for each namespace."""

    def __init__(self, client: Client, wanted: str) -> None:
        self._client = client
        self._wanted = wanted
        self._known: dict[str, str] = {}

    def of(self, namespace: str) -> str:
        """Return OBJECT or WORKLOAD."""
        if self._wanted != AUTO:
            return self._wanted
        if namespace not in self._known:
            self._known[namespace] = OBJECT if _operator.answers(self._client, namespace) else WORKLOAD
        return self._known[namespace]

    @property
    def may_stand_alone(self) -> bool:
        """Whether a cluster that knows no MCPServers is what the user expects."""
        return self._wanted == WORKLOAD
