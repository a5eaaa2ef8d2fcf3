# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcp_endpoint
short_description: The URL of an MCPServer
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Reads MCPServers and returns the URL that clients of each use. It fails for one that was not validated.
options:
  _terms:
    description: Names of MCPServers, as V(NAME) or V(NAMESPACE/NAME).
    type: list
    elements: str
    required: true
  namespace:
    description: The namespace of names without one.
    type: str
    default: default
  via:
    description:
      - V(gateway) is the URL of a server with C(spec.expose) outside of the cluster, V(service) that in the cluster.
      - By default, that of the Gateway of a server that is exposed, otherwise that in the cluster.
    type: str
    choices: [gateway, service]
  kubeconfig:
    description:
      - Path to a kubeconfig file, or its content as a dictionary.
      - Without it, the variable C(mcp_kubeconfig), then E(K8S_AUTH_KUBECONFIG), E(KUBECONFIG), C(~/.kube/config) and
        the ServiceAccount of the Pod are used.
    type: raw
    vars:
      - name: mcp_kubeconfig
  context:
    description:
      - The context of the kubeconfig; its current one by default.
      - Without it, the variable C(mcp_context), then E(K8S_AUTH_CONTEXT) are used.
    type: str
    vars:
      - name: mcp_context
seealso:
  - module: mcp.kubernetes.mcpserver_info
extends_documentation_fragment:
  - mcp.kubernetes._kube
"""

EXAMPLES = r"""
- name: Call a server from a playbook
  mcp.kubernetes.mcp_validate:
    url: "{{ lookup('mcp.kubernetes.mcp_endpoint', 'wikipedia', namespace='mcp', via='gateway') }}"

- name: Show the URLs of two servers
  ansible.builtin.debug:
    msg: "{{ query('mcp.kubernetes.mcp_endpoint', 'mcp/wikipedia', 'mcp/search') }}"
"""

RETURN = r"""
_raw:
  description: The URL of each MCPServer.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.served_offers import find_servers
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.client_endpoint import endpoint
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._argspec import AUTH


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core has no type hints
    def run(self, terms: list[str], variables: t.Any = None, **kwargs: t.Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        try:
            client = Client(self._auth())
            found = find_servers(client, [str(term) for term in terms], self.get_option("namespace")) if terms else []
            return [endpoint(server, self.get_option("via") or "").url for server in found]
        except McpKubernetesError as exc:
            raise AnsibleLookupError(f"mcp_endpoint: {exc}") from None

    def _auth(self) -> dict[str, t.Any]:
        """Return the connection options, those that are not set from the environment.

        :raises AnsibleLookupError: one is invalid.
        """
        given = {name: self.get_option(name) for name in AUTH}
        result = ArgumentSpecValidator(AUTH).validate({key: value for key, value in given.items() if value is not None})
        if result.error_messages:
            raise AnsibleLookupError(f"mcp_endpoint: {'; '.join(result.error_messages)}.")
        return {name: result.validated_parameters.get(name) for name in AUTH}
