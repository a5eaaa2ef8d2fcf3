# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The inventory host of an MCPServer: its name, variables and groups.

Everything from a cluster is data. The variables are not marked as trusted, so Ansible does not evaluate them as
templates, and text becomes part of a host or group name only after a check.
"""

from __future__ import annotations

import re
import sys
import typing as t

from ..module_utils._util import as_mapping

if t.TYPE_CHECKING:
    from ._cluster_lister import Cluster

# The group of all hosts, on which deploy, validate and undeploy run.
ALL = "mcpservers"
# Servers have ten capabilities at most today, but a status could contain any number.
_MAX_CAPABILITIES = 32
_MAX_WORD = 253
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_IN_GROUPS = re.compile(r"[^a-z0-9_]")


def host_name(cluster: Cluster, server: t.Mapping[str, t.Any], *, several: bool) -> str:
    """Return the name of the host.

    :param several: whether the inventory contains several clusters, whose MCPServers may have equal names.
    """
    meta = server["manifest"]["metadata"]
    name = f"{meta['namespace']}/{meta['name']}"
    return f"{cluster.name}/{name}" if several else name


def variables(cluster: Cluster, server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the variables of the host, without credentials."""
    found: dict[str, t.Any] = {
        # Tasks run on the controller, with the Python that runs Ansible.
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "mcp_api_server": cluster.api_server,
        "mcp_cluster": cluster.name,
        "mcpserver_manifest": server["manifest"],
        "mcpserver_status": server["status"],
    }
    if server.get("created"):
        found["mcpserver_created"] = server["created"]
    if cluster.kubeconfig:
        found["mcp_kubeconfig"] = cluster.kubeconfig
    if cluster.context:
        found["mcp_context"] = cluster.context
    return found


def groups(cluster: Cluster, server: t.Mapping[str, t.Any]) -> list[str]:
    """Return the groups of the host, except the group of all hosts."""
    status = server["status"]
    validation = as_mapping(status.get("validation"))
    capabilities = validation.get("capabilities")
    capabilities = capabilities if isinstance(capabilities, list) else []
    wanted = [
        ("cluster", cluster.name),
        ("namespace", server["manifest"]["metadata"]["namespace"]),
        ("phase", "Terminating" if server["terminating"] else status.get("phase")),
        ("protocol", validation.get("protocol")),
        ("validation", validation.get("state")),
        *(("capability", capability) for capability in capabilities[:_MAX_CAPABILITIES]),
    ]
    return [f"mcp_{kind}_{_word(value)}" for kind, value in wanted if value and isinstance(value, str)]


def _word(text: str) -> str:
    """Return a text for a group name: ``ValidationFailed`` becomes ``validation_failed``."""
    return _NOT_IN_GROUPS.sub("_", _WORD_START.sub("_", text[:_MAX_WORD]).lower())
