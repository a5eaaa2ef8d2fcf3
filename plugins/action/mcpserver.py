# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Create, change or delete one MCPServer."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest as manifests
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.names import server_key
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.summary import url_of, without_bookkeeping
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deletion import Deletion
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import (
    APPLY_MODE,
    RENDER,
    VALIDATION,
    WAIT,
    apply_servers,
    observe_servers,
    together,
)
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._role import TEMPLATES, validation_image
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_options import OPTIONS, identity, manifest

if t.TYPE_CHECKING:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

Result = dict[str, t.Any]


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **OPTIONS,
        "wait": {"type": "bool", "default": True},
        **WAIT,
        **APPLY_MODE,
        **VALIDATION,
        **RENDER,
    }

    def act(self, options: dict[str, t.Any]) -> Result:
        """Make the MCPServer as it is wanted."""
        if options["state"] == "absent":
            return self._absent(self.client(options), options)
        wanted = manifests.check(manifest(options))
        options = {
            **options,
            "namespace": wanted["metadata"]["namespace"],
            "validation_image": validation_image(options["validation_image"]),
            "write_status": True,
        }
        return self._present(self.client(options), wanted, options)

    def _absent(self, client: Client, options: dict[str, t.Any]) -> Result:
        seconds = options["wait_timeout"] if options["wait"] else 0.0
        return Deletion(client, wait_timeout=seconds, dry_run=self.check_mode).delete(*identity(options))

    def _present(self, client: Client, wanted: dict[str, t.Any], options: dict[str, t.Any]) -> Result:
        key = server_key(wanted)
        applied = apply_servers(client, {key: wanted}, options, TEMPLATES, dry_run=self.check_mode)[key]
        if applied["failed"] or not options["wait"]:
            return self._with_server(applied, None if applied["failed"] else self._read(client, wanted), {})
        target = {name: applied[name] for name in ("namespace", "name", "mode", "manifest") if name in applied}
        observed = observe_servers(client, {key: target}, options, TEMPLATES, dry_run=self.check_mode)[key]
        result = together(applied, observed)
        return self._with_server(result, observed.get("server"), observed.get("reports") or {})

    def _read(self, client: Client, wanted: dict[str, t.Any]) -> dict[str, t.Any] | None:
        meta = wanted["metadata"]
        return client.find(wanted["apiVersion"], wanted["kind"], meta["namespace"], meta["name"])

    def _with_server(
        self, result: Result, server: dict[str, t.Any] | None, reports: t.Mapping[str, dict[str, t.Any]]
    ) -> Result:
        """Return a result without what only a batch needs, and with the MCPServer."""
        if not self._task.diff:
            result.pop("diff", None)
        for name in ("manifest", "server"):
            result.pop(name, None)
        bad = [report for report in reports.values() if not report.get("compliant")]
        return {
            **result,
            "mcpserver": without_bookkeeping(server) if server else {},
            "endpoint": url_of(server) if server else "",
            "report": next(iter([*bad, *reports.values()]), {}),
            "reports": reports,
        }
