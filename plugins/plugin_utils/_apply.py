# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Apply MCPServers, and their workloads where no operator does, for ``deploy``."""

from __future__ import annotations

import typing as t
from collections import Counter

from ..module_utils._engine.listings import Listings
from ..module_utils._engine.live_state import LiveState
from ..module_utils._kube.errors import ApiNotFound
from ..module_utils._workload import canary, exposure, managed, names
from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import server as workload
from ._apply_mode import OBJECT, STANDALONE, ApplyModes
from ._batch import run_for_each
from ._changes import record
from ._crd_schema import check_fields
from ._prerequisite_errors import missing

if t.TYPE_CHECKING:
    from ..module_utils._engine.applier import Applier
    from ..module_utils._errors import McpKubernetesError
    from ..module_utils._kube.client import Client

Result = dict[str, t.Any]


class DeployBatch:
    """Applies the MCPServers of a play.

    :param modes: who applies the workload.
    :param default_namespace: for manifests without a namespace.
    :param dry_run: let the API server validate all changes, and change nothing.
    """

    def __init__(
        self,
        client: Client,
        applier: Applier,
        modes: ApplyModes,
        *,
        default_namespace: str = "default",
        dry_run: bool = False,
    ) -> None:
        self._client = client
        self._applier = applier
        self._modes = modes
        self._namespace = default_namespace
        self._dry_run = dry_run

    def apply_all(self, servers: t.Mapping[str, t.Any]) -> dict[str, Result]:
        """Apply the manifests of many hosts.

        :param servers: host name -> manifest.
        :return: host name -> result with ``changed``, ``failed``, ``msg``, ``objects``, ``diff``, ``warnings``.
        """
        results = {host: _empty() for host in servers}
        listings = Listings(self._client, Counter(self._namespace_of(server) for server in servers.values()))

        def apply(host: str) -> Result:
            self._apply(servers[host], results[host], listings)
            return results[host]

        def failed(host: str, error: McpKubernetesError) -> Result:
            return {**results[host], "failed": True, "msg": str(error), "error": error.to_dict()}

        return run_for_each(servers, apply, failed)

    def _namespace_of(self, manifest: t.Any) -> str:
        """Return the namespace of a manifest that was not checked yet."""
        meta = manifest.get("metadata") if isinstance(manifest, t.Mapping) else None
        return str((meta.get("namespace") if isinstance(meta, t.Mapping) else "") or self._namespace)

    def _apply(self, manifest: t.Any, result: Result, listings: Listings) -> None:
        wanted = manifests.check(manifest, self._namespace)
        result["namespace"], result["name"] = wanted["metadata"]["namespace"], wanted["metadata"]["name"]
        result["mode"] = self._modes.of(result["namespace"])
        state = LiveState(
            self._client,
            lambda before, after: record(result, before, after, dry_run=self._dry_run),
            dry_run=self._dry_run,
            listings=listings,
        )
        server = self._apply_server(wanted, state, result)
        result["warnings"] = workload.warnings(server)
        if result["mode"] != OBJECT:
            # Without an operator no status exists before this, and the next run would change what this one applied.
            self._applier.present(exposure.as_recorded(server), state)
            result["warnings"] += [*state.warnings, *canary.warnings(server), *managed.warnings(server)]
        result["msg"] = ", ".join(f"{item['kind']} {item['action']}" for item in result["objects"])

    def _apply_server(self, wanted: dict[str, t.Any], state: LiveState, result: Result) -> dict[str, t.Any]:
        try:
            # In check mode the CustomResourceDefinition would be installed first, unless the user does without it.
            return state.write(wanted, names.DEPLOY_MANAGER, may_lack=not self._modes.allows_standalone)
        except ApiNotFound as exc:
            if "namespaces" not in exc.seen and self._modes.allows_standalone:
                check_fields(wanted)
                result["mode"], result["manifest"] = STANDALONE, wanted
                return wanted
            raise missing(exc, wanted["metadata"]["namespace"]) from None


def _empty() -> Result:
    return {"changed": False, "failed": False, "objects": [], "diff": [], "warnings": []}
