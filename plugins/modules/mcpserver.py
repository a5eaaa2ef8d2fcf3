#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver
short_description: Run an MCP server on Kubernetes
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Creates, changes or deletes an MCPServer, waits for its Pods and validates each with a real MCP handshake.
  - Where the operator manages the namespace, the module applies the MCPServer and waits for the operator. Elsewhere it
    applies the Deployment, the Service and the other objects itself, as the playbook C(mcp.kubernetes.deploy) does.
  - Most servers need O(name) and O(image) only. O(spec) takes every other field of the manifest.
options:
  state:
    description:
      - V(present) creates the MCPServer, or changes what differs.
      - V(absent) deletes it together with its workload. It is no failure if it does not exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: Name of the MCPServer and of its objects. Required unless O(resource_definition) has it.
    type: str
  namespace:
    description: Namespace of the MCPServer, which must exist. Defaults to V(default).
    type: str
  resource_definition:
    description:
      - The MCPServer, as in a manifest file.
      - An option that you set takes precedence over the same field here.
    type: dict
    aliases: [definition, inline]
  labels:
    description: Labels of the MCPServer.
    type: dict
  annotations:
    description: Annotations of the MCPServer.
    type: dict
  image:
    description: Container image of the server. Required unless O(transport=stdio), or O(resource_definition) has it.
    type: str
  command:
    description: Command that replaces the entry point of the image.
    type: list
    elements: str
  args:
    description: Arguments of the command.
    type: list
    elements: str
  env:
    description:
      - Environment variables of the server, by name. Quote values that YAML reads as booleans.
      - A dictionary refers to a value elsewhere, as C(valueFrom) of a container does, for example to a key of a Secret.
      - Do not write secrets into this option. The MCPServer has its values, and its readers see them.
    type: dict
  transport:
    description:
      - The transport of the server.
      - V(auto) detects whether a server that listens on O(port) speaks Streamable HTTP or HTTP with SSE.
      - V(stdio) is for a server that reads stdin and writes stdout. Clients connect to a sidecar.
    type: str
    choices: [auto, streamable-http, sse, stdio]
  port:
    description: Port of the server. Without it, 8080.
    type: int
  path:
    description: Path of the MCP endpoint. Without it, C(/mcp) and C(/sse) are tried.
    type: str
  replicas:
    description: Number of Pods. 0 stops the server.
    type: int
  resources:
    description: C(requests) and C(limits) of the server's container. Defaults to O(default_resources).
    type: dict
  service_account:
    description: An existing ServiceAccount for the Pods. By default one without any rights is created.
    type: str
  image_pull_secrets:
    description: Secrets with credentials for the image registry.
    type: list
    elements: str
  required_capabilities:
    description: Capabilities that the server must advertise, for example V(tools).
    type: list
    elements: str
  strict:
    description: Whether only validated Pods receive traffic, and a new Pod template that fails is rolled back.
    type: bool
  spec:
    description:
      - Further fields of the spec of the MCPServer, such as C(hpa), C(network), C(expose) or C(tls).
      - C(kubectl explain mcpserver.spec) shows them, as does the page C(reference/mcpserver.md) of the documentation.
    type: dict
  wait:
    description:
      - With O(state=present), whether to wait for the Pods and validate them.
      - With O(state=absent), whether to wait until all objects are deleted.
    type: bool
    default: true
seealso:
  - module: mcp.kubernetes.mcpserver_info
  - module: mcp.kubernetes.mcp_validate
  - plugin: mcp.kubernetes.mcp_endpoint
    plugin_type: lookup
  - plugin: mcp.kubernetes.validated
    plugin_type: test
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.apply
  - mcp.kubernetes._workload.apply_mode
  - mcp.kubernetes._workload.render
  - mcp.kubernetes._workload.validation
  - mcp.kubernetes._workload.wait
"""

EXAMPLES = r"""
- name: Run an MCP server, and fail if it does not speak MCP
  mcp.kubernetes.mcpserver:
    name: wikipedia
    namespace: mcp
    image: mcp/wikipedia-mcp:latest
    args: [--transport, sse, --port, "3001", --host, 0.0.0.0]
    port: 3001
    path: /sse
  register: wikipedia

- name: Show where clients in the cluster connect
  ansible.builtin.debug:
    msg: "{{ wikipedia.endpoint }} offers {{ wikipedia.mcpserver.status.validation.capabilities | join(', ') }}"
  when: wikipedia is mcp.kubernetes.validated

- name: Run a server that reads stdin, with a token from a Secret
  mcp.kubernetes.mcpserver:
    name: github
    namespace: mcp
    transport: stdio
    command: [npx, -y, "@modelcontextprotocol/server-github@2025.4.8"]
    env:
      GITHUB_PERSONAL_ACCESS_TOKEN:
        secretKeyRef: {name: github, key: token}

- name: Let only validated Pods serve, and scale between 2 and 5 of them
  mcp.kubernetes.mcpserver:
    name: search
    namespace: mcp
    image: registry.example.com/search-mcp:1.4.2
    required_capabilities: [tools]
    strict: true
    spec:
      hpa: {enabled: true, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 70}

- name: Take the manifest from a file, with another image
  mcp.kubernetes.mcpserver:
    definition: "{{ lookup('ansible.builtin.file', 'servers/search.yaml') | from_yaml }}"
    image: registry.example.com/search-mcp:1.4.3

- name: Show what would change
  mcp.kubernetes.mcpserver:
    name: wikipedia
    namespace: mcp
    image: mcp/wikipedia-mcp:latest
    replicas: 3
  check_mode: true
  diff: true

- name: Remove a server and its workload
  mcp.kubernetes.mcpserver:
    name: wikipedia
    namespace: mcp
    state: absent
"""

RETURN = r"""
mcpserver:
  description: The MCPServer with its status, as the API server returns it. Empty if it does not exist in the cluster.
  returned: with O(state=present)
  type: dict
  sample:
    apiVersion: mcp.mcp-operator.io/v1
    kind: MCPServer
    metadata: {name: wikipedia, namespace: mcp}
    spec: {image: "mcp/wikipedia-mcp:latest"}
    status:
      phase: Running
      validation: {state: Validated, protocol: sse, capabilities: [tools, resources, prompts]}
endpoint:
  description:
    - URL that clients use, that of the Gateway of a server with C(spec.expose), otherwise that in the cluster. Empty
      until the server is validated.
  returned: with O(state=present)
  type: str
  sample: http://wikipedia.mcp.svc:3001/sse
report:
  description:
    - The validation report of a Pod, as M(mcp.kubernetes.mcp_validate) returns it. If Pods differ, that of one that
      does not comply. Empty if the operator validated the Pods; its result is in C(mcpserver.status.validation).
  returned: with O(state=present)
  type: dict
reports:
  description: The validation reports by the names of the Pods.
  returned: with O(state=present)
  type: dict
objects:
  description: What happened to each object, with C(kind), C(name) and C(action), which is C(created), C(configured),
    C(unchanged) or C(deleted).
  returned: always
  type: list
  elements: dict
  sample:
    - {kind: MCPServer, name: wikipedia, action: created}
    - {kind: Deployment, name: wikipedia, action: created}
mode:
  description: Whether the module applied the V(workload), or the V(object) only because the operator does the rest.
    V(standalone) is a workload in a cluster without the CustomResourceDefinition.
  returned: with O(state=present)
  type: str
  sample: workload
msg:
  description: The state of the MCPServer, or the error and what to do.
  returned: always
  type: str
  sample: MCPServer mcp/wikipedia is running and validated.
"""
