# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcpservers
short_description: The MCPServers of one or several clusters as hosts
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Lists the MCPServers of Kubernetes clusters. Each becomes a host named C(NAMESPACE/NAME), or
    C(CLUSTER/NAMESPACE/NAME) where O(connections) names several, with the connection V(local).
  - All hosts are in the group C(mcpservers), and in groups by cluster (C(mcp_cluster_prod)), namespace
    (C(mcp_namespace_team_a)), phase (C(mcp_phase_running)), transport protocol (C(mcp_protocol_streamable_http)), state
    of the validation (C(mcp_validation_validated)) and each capability (C(mcp_capability_tools)). Characters other than
    lower-case letters, digits and underscores become underscores.
  - Host variables are C(mcpserver_manifest) (what would be deployed), C(mcpserver_status), C(mcpserver_created) (its
    creation time), C(mcp_cluster), C(mcp_api_server), and C(mcp_kubeconfig) and C(mcp_context) if these two are
    enough to connect to the cluster.
  - Uses a configuration file whose name ends in C(mcpservers.yml) or C(mcpservers.yaml).
options:
  plugin:
    description: The name of the plugin.
    type: str
    required: true
    choices: [mcp.kubernetes.mcpservers]
  connections:
    description:
      - The clusters. Without any, the cluster of E(K8S_AUTH_KUBECONFIG), E(K8S_AUTH_CONTEXT) and the other
        E(K8S_AUTH_*) variables that the modules of this collection take, of E(KUBECONFIG) or C(~/.kube/config).
      - A single connection uses these variables for the options that it does not set. Several connections use
        E(K8S_AUTH_KUBECONFIG) only, since credentials of one cluster must not reach another.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the cluster. By default, the name of its context, or else the API server's address.
        type: str
      namespaces:
        description: Only MCPServers of these namespaces. The default, all, requires the right to list them in all.
        type: list
        elements: str
        default: []
      label_selectors:
        description: Only MCPServers that match all selectors, for example V(team=search) or V(tier in (a, b\)).
        type: list
        elements: str
        default: []
      kubeconfig:
        description: Path to a kubeconfig file, or its content as a dictionary.
        type: raw
      context:
        description: The context of the kubeconfig; its current one by default.
        type: str
      host:
        description: URL of the API server.
        type: str
      api_key:
        description: Bearer token.
        type: str
      username:
        description: User name for HTTP basic authentication.
        type: str
      password:
        description: Password for O(connections[].username).
        type: str
      validate_certs:
        description: Whether to verify the API server's certificate. By default as in the kubeconfig.
        type: bool
        aliases: [verify_ssl]
      ca_cert:
        description: Path to the CA certificate of the API server.
        type: path
        aliases: [ssl_ca_cert]
      client_cert:
        description: Path to a client certificate.
        type: path
        aliases: [cert_file]
      client_key:
        description: Path to the key of O(connections[].client_cert).
        type: path
        aliases: [key_file]
      proxy:
        description: URL of an HTTP proxy in front of the API server.
        type: str
      no_proxy:
        description: Comma-separated hosts that are reached without O(connections[].proxy).
        type: str
  fail_on_errors:
    description:
      - Fail, without any hosts, if one of several clusters cannot be listed. By default this is a warning, and the
        inventory has the hosts of the other clusters. If no cluster can be listed, it always fails.
    type: bool
    default: false
  timeout:
    description: Seconds after which a cluster that is not listed completely counts as failed. All are listed at once.
    type: float
    default: 30.0
notes:
  - Texts of a cluster are data. They are never evaluated as templates.
  - Tokens, passwords and the content of a kubeconfig never become variables. The hosts of a cluster
    with such options have no C(mcp_kubeconfig) and no C(mcp_context); set E(K8S_AUTH_*) variables for the playbooks.
  - C(mcpserver_manifest) holds the environment variables of the manifest. Put secrets into Secrets, not into manifests.
    The output of C(ansible-inventory --list) and the inventory's cache show the variables.
  - C(ansible-playbook) continues with a warning if an inventory fails. Set E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED)
    to V(true) to make it fail.
requirements:
  - kubernetes >= 29 (on the controller)
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
"""

EXAMPLES = r"""
# fleet.mcpservers.yml: all MCPServers of the current context
---
plugin: mcp.kubernetes.mcpservers

# Two clusters, one of them with the MCPServers of team search only
---
plugin: mcp.kubernetes.mcpservers
connections:
  - context: prod-eu
  - context: prod-us
    name: us
    namespaces: [search, research]
    label_selectors: [team=search]
fail_on_errors: true

# A group of the servers that require credentials, groups by a label, and the endpoint as a variable
---
plugin: mcp.kubernetes.mcpservers
groups:
  needs_credentials: mcpserver_status.validation.requiresAuth | default(false)
keyed_groups:
  - key: mcpserver_manifest.metadata.labels.team | default('none')
    prefix: team
compose:
  endpoint: mcpserver_status.validation.endpoint
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/mcpservers
cache_timeout: 300
"""

import dataclasses
import typing as t

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import Cluster, list_clusters
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import Connection, connections, digest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._inventory_host import ALL, groups, host_name, variables


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]  # no type hints
    NAME = "mcp.kubernetes.mcpservers"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("mcpservers.yml", "mcpservers.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            wanted = connections(self.get_option("connections"))
            clusters = self._clusters(wanted, f"{self.get_cache_key(path)}_{digest(wanted)}", read_cache=cache)
        except McpKubernetesError as exc:
            raise AnsibleParserError(str(exc)) from None
        self.inventory.add_group(ALL)
        for cluster in clusters:
            for server in cluster.servers:
                self._add(cluster, server, several=len(wanted) > 1)

    def _clusters(self, wanted: list[Connection], key: str, *, read_cache: bool) -> list[Cluster]:
        caching = self.get_option("cache")
        if caching and read_cache and key in self._cache:
            return [Cluster(**found) for found in self._cache[key]]
        clusters = list_clusters(wanted, self.get_option("timeout"))
        failed = [cluster for cluster in clusters if cluster.error]
        messages = [f"{cluster.name}: {cluster.error}" for cluster in failed]
        if failed and (len(failed) == len(clusters) or self.get_option("fail_on_errors")):
            raise AnsibleParserError("\n".join(messages))
        for message in messages:
            self.display.warning(f"The inventory lacks a cluster. {message}")
        if caching and not failed:
            # An incomplete result is not cached: the next run would not repeat the warning.
            self._cache[key] = [dataclasses.asdict(cluster) for cluster in clusters]
        return clusters

    def _add(self, cluster: Cluster, server: dict[str, t.Any], *, several: bool) -> None:
        host = host_name(cluster, server, several=several)
        found = variables(cluster, server)
        for group in (ALL, *groups(cluster, server)):
            self.inventory.add_group(group)
            self.inventory.add_host(host, group)
        for name, value in found.items():
            self.inventory.set_variable(host, name, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), found, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), found, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), found, host, strict=strict)
