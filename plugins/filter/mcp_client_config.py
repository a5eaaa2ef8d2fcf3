# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcp_client_config
short_description: The configuration of an MCP client for MCPServers
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the content of the file in which an MCP client has its servers. The command C(mcp-operator connect) has the
    same formats, adds servers to files that exist, and forwards ports.
  - The content has no secret. It names the environment variable with the bearer token, as the client reads it.
options:
  _input:
    description:
      - MCPServers with their status, for example C(resources) of M(kubernetes.core.k8s_info).
      - An MCPServer that was not validated has no URL, and fails.
    type: list
    elements: dict
    required: true
  client:
    description: The MCP client. V(ansible) is the manifest of the collection ansible.mcp.
    type: str
    choices: [ansible, claude-code, claude-desktop, codex, cursor, inspector, vscode]
    required: true
  via:
    description:
      - How the client connects. With V(gateway), by the URL of C(spec.expose); with V(service), by the Service, which
        works in the cluster only.
      - The default is the gateway of an MCPServer that is exposed, unless its condition C(Reachable) is V(False), else
        its Service.
    type: str
    choices: [gateway, service]
  token_variable:
    description: The environment variable from which the client takes a bearer token.
    type: str
seealso:
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
- name: Read the MCPServers
  kubernetes.core.k8s_info:
    api_version: mcp.mcp-operator.io/v1
    kind: MCPServer
    namespace: default
  register: mcpservers

- name: Write the manifest for the connection ansible.mcp.mcp
  ansible.builtin.copy:
    content: "{{ mcpservers.resources | mcp.kubernetes.mcp_client_config('ansible', via='service') }}"
    dest: mcpservers.json
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The content of the file, JSON or for V(codex) TOML.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.client_config import content
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.client_endpoint import (
    GATEWAY,
    SERVICE,
    endpoint,
    unique_names,
)


def mcp_client_config(
    servers: t.Sequence[t.Mapping[str, t.Any]],
    client: str,
    via: t.Optional[str] = None,
    token_variable: t.Optional[str] = None,
) -> str:
    """Return the content of a client's file.

    :raises AnsibleFilterError: these are no MCPServers that were validated, or the client cannot connect to them.
    """
    if via not in (None, GATEWAY, SERVICE):
        raise AnsibleFilterError(f"mcp_client_config: via is {via!r}. Use {GATEWAY} or {SERVICE}.")
    try:
        found = unique_names(list(servers))
        return content(client, {name: endpoint(one, via or "", token_variable or "") for name, one in found.items()})
    except McpKubernetesError as exc:
        raise AnsibleFilterError(f"mcp_client_config: {exc}") from exc
    except (AttributeError, KeyError, TypeError) as exc:
        raise AnsibleFilterError(f"mcp_client_config: this is not a list of MCPServers: {exc!r}.") from exc


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"mcp_client_config": mcp_client_config}
