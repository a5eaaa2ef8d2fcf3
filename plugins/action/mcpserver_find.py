# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Find the MCPServers of a playbook, and check or install what their clusters need."""

from __future__ import annotations

import typing as t

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deploy import APPLY_MODE
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._manifest_files import read
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._playbook_variables import check_task
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._preflight import REQUIRED, check_targets
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._prerequisites import create_namespace, install_crd
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_hosts import (
    Found,
    NothingSelected,
    of_hosts,
    of_namespace,
)

_DEPLOY, _VALIDATE, _UNDEPLOY = "deploy", "validate", "undeploy"


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "playbook": {"type": "str"},
        "manifests": {"type": "list", "elements": "path"},
        "servers": {"type": "list", "elements": "dict"},
        "hosts": {"type": "list", "elements": "str"},
        "pattern": {"type": "str", "default": "mcpservers"},
        "names": {"type": "list", "elements": "str", "default": []},
        "namespace": {"type": "str"},
        "any_namespace": {"type": "bool", "default": False},
        "api_server": {"type": "str"},
        "install_crd": {"type": "bool", "default": False},
        "create_namespaces": {"type": "bool", "default": False},
        **APPLY_MODE,
        **REQUIRED,
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Check the variables of the playbook, find the MCPServers, and install what is wanted and missing."""
        warnings = []
        if options["playbook"]:
            warnings = check_task(options["playbook"], self._loader, self._variables, self._templar.template)
        found = self._find(options)
        result: dict[str, t.Any] = {"changed": False, "objects": [], **found.to_dict()}
        result["warnings"] = [*warnings, *found.warnings]
        if options["install_crd"]:
            install_crd(self.client(options), result, dry_run=self.check_mode)
        if options["create_namespaces"]:
            for name in dict.fromkeys(target["namespace"] for target in found.targets()):
                create_namespace(self.client(options), name, result, dry_run=self.check_mode)
        return result

    def _find(self, options: dict[str, t.Any]) -> Found:
        if options["hosts"] is None and options["purpose"] != _DEPLOY:
            return self._of_namespace(options)
        found = self._of_hosts(options) if options["hosts"] is not None else _of_manifests(options)
        found.expect(options["api_server"] or "")
        check_targets(self.client, found.targets(), options)
        return found

    def _of_hosts(self, options: dict[str, t.Any]) -> Found:
        hosts = {name: self._variables["hostvars"][name] for name in options["hosts"]}
        namespace = None if options["any_namespace"] else options["namespace"]
        return of_hosts(hosts, options["pattern"], namespace, _advice(options))

    def _of_namespace(self, options: dict[str, t.Any]) -> Found:
        validate = options["purpose"] == _VALIDATE
        selected = [name.strip() for name in options["names"] if name.strip()]
        if options["purpose"] == _UNDEPLOY and not selected:
            # A survey that is not answered sets an empty text, which must not select all.
            raise NothingSelected(
                "No MCPServer to delete is named.",
                "Name the MCPServers to delete: -e mcp_names=NAME,NAME, or -e 'mcp_names=*' for all of the namespace, "
                "or -e mcp_hosts=PATTERN for hosts of the inventory plugin mcpservers.",
            )
        namespace = options["namespace"] or "default"
        wanted = {**options, "require_crd": validate}
        target = {"namespace": namespace, "api_server": options["api_server"]}
        crd = check_targets(self.client, [target], wanted)["crd"]
        return of_namespace(self.client(options), namespace, selected, crd=crd, must_exist=validate)


def _of_manifests(options: dict[str, t.Any]) -> Found:
    only = bool(options["namespace"]) and not options["any_namespace"]
    namespace = options["namespace"] or "default"
    found = Found()
    for server in read(options["manifests"] or [], options["servers"] or [], namespace, only=only)[0]:
        found.add(server)
    return found


def _advice(options: dict[str, t.Any]) -> str:
    if options["purpose"] != _DEPLOY:
        return "Set mcp_namespace without mcp_hosts, or use an inventory of the plugin mcp.kubernetes.mcpservers."
    only = " mcp_namespace is only the namespace of manifests." if options["namespace"] else ""
    return f"Set mcp_manifests or mcp_servers, or use an inventory of the plugin mcp.kubernetes.mcpservers.{only}"
