# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Apply or delete the workloads of the MCPServers of one run of the operator."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.remembered_state import Known, RememberedState
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import server as workload
from ._batch import run_for_each
from ._host_result import HostResult

if t.TYPE_CHECKING:
    from ..module_utils._engine.applier import Applier
    from ..module_utils._errors import McpKubernetesError
    from ..module_utils._kube.client import Client

Results = dict[str, dict[str, t.Any]]


class Server(t.NamedTuple):
    """An MCPServer as read from the API server, and what is known of its objects."""

    manifest: t.Any
    known: Known


class ReconcileBatch:
    """Applies or deletes the workloads of many hosts; a result never raises."""

    def __init__(self, client: Client, applier: Applier) -> None:
        self._client = client
        self._applier = applier

    def present(self, servers: t.Mapping[str, Server]) -> Results:
        """Apply the workloads."""

        def apply(server: Server, result: HostResult) -> None:
            checked = manifests.check(server.manifest)
            # The status decides how the Service routes, and which template is applied.
            checked["status"] = server.manifest.get("status") or {}
            result.warnings = workload.warnings(checked)
            state = RememberedState(self._client, server.known, result)
            result.template = self._applier.present(checked, state)
            result.warnings += state.warnings

        return _run(servers, apply)

    def absent(self, servers: t.Mapping[str, Server]) -> Results:
        """Delete the workloads."""

        def delete(server: Server, result: HostResult) -> None:
            checked = manifests.check(server.manifest)
            self._applier.absent(checked, RememberedState(self._client, server.known, result))

        return _run(servers, delete)


def _run(servers: t.Mapping[str, Server], work: t.Callable[[Server, HostResult], None]) -> Results:
    results = {name: HostResult() for name in servers}

    def one(name: str) -> dict[str, t.Any]:
        work(servers[name], results[name])
        return results[name].to_dict()

    def failed(name: str, error: McpKubernetesError) -> dict[str, t.Any]:
        results[name].fail(error)
        return results[name].to_dict()

    return run_for_each(servers, one, failed)
