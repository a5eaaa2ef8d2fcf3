# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether the operator or the playbook applies the workload of an MCPServer."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.operator_lease import is_managed

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# The values of the option.
AUTO = "auto"  # OBJECT where an operator manages the namespace, else WORKLOAD
CHOICES = (AUTO, "object", "workload")

# The mode of one MCPServer.
OBJECT = "object"  # apply the MCPServer; the operator applies the workload
WORKLOAD = "workload"  # apply the MCPServer and its workload
STANDALONE = "standalone"  # apply the workload only: the cluster has no CustomResourceDefinition


class ApplyModes:
    """The mode of each namespace, decided once.

    :param wanted: the value of the option.
    """

    def __init__(self, client: Client, wanted: str) -> None:
        self._client = client
        self._wanted = wanted
        self._known: dict[str, str] = {}

    def of(self, namespace: str) -> str:
        """Return OBJECT or WORKLOAD."""
        if self._wanted != AUTO:
            return self._wanted
        if namespace not in self._known:
            self._known[namespace] = OBJECT if is_managed(self._client, namespace) else WORKLOAD
        return self._known[namespace]

    @property
    def allows_standalone(self) -> bool:
        """Whether the option allows a cluster without the CustomResourceDefinition."""
        return self._wanted == WORKLOAD
