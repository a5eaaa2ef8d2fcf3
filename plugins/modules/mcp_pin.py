#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mcp_pin
short_description: Write a lock file of what MCPServers offer
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Lists the tools, prompts, resources and instructions of MCPServers, through the port-forward of the API server, and
    writes them with their digests into a file for review.
  - The file is sorted, so that a change of one tool is a change of a few lines. In check mode nothing is written; with
    C(--diff) the difference is shown.
  - The digest of an entry belongs into C(spec.validation.tools.digest) of the manifest.
options:
  path:
    description:
      - The lock file on the control node. It is created if it does not exist.
      - Entries of other MCPServers in it remain.
    type: path
    required: true
  servers:
    description: The MCPServers, as C(NAME) or C(NAMESPACE/NAME). Without it, all MCPServers of O(namespace).
    type: list
    elements: str
    default: []
  namespace:
    description:
      - The namespace of O(servers) without one. Without it, all namespaces; for names, V(default).
      - It is an error if there is no MCPServer.
    type: str
  targets:
    description:
      - Servers by URL, in place of MCPServers, with options of M(mcp.kubernetes.mcp_validate).
      - No cluster is needed.
      - Do not set O(servers) or O(namespace) with it.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the entry in the file. The default is the URL without its query.
        type: str
      url:
        description: URL of the endpoint of the server.
        type: str
        required: true
      transport:
        description: The transport. The default is to detect it.
        type: str
        choices: [auto, sse, streamable-http]
      host_header:
        description: The value of the C(Host) header and the TLS server name. The default is the host of the URL.
        type: str
      headers:
        description: Headers for all requests to the server.
        type: dict
      bearer_token:
        description: A bearer token for all requests to the server.
        type: str
      client_credentials:
        description: Fetch an access token with the client credentials grant of OAuth 2.0.
        type: dict
        suboptions:
          client_id:
            description: The identifier of the client.
            type: str
            required: true
          client_secret:
            description: The secret of the client.
            type: str
            required: true
          token_url:
            description: URL of the token endpoint. Set either this or O(targets[].client_credentials.issuer).
            type: str
          issuer:
            description: URL of the authorization server, exactly as in its metadata.
            type: str
          scopes:
            description: The scopes to request.
            type: list
            elements: str
          resource:
            description: The resource to request. The default is the URL of the server.
            type: str
          authentication:
            description: How to send them, in the C(Authorization) header (V(basic)) or in the form (V(post)).
            type: str
            choices: [basic, post]
            default: basic
      validate_certs:
        description: Whether to verify the TLS certificate of the server. The default is true.
        type: bool
      ca_cert:
        description: PEM file with the certificates of trusted authorities.
        type: path
      client_cert:
        description: PEM file with the client certificate.
        type: path
      client_key:
        description: PEM file with the key of the client certificate.
        type: path
  timeout:
    description: Seconds until a Pod of a server must be ready, and then seconds for the server.
    type: float
    default: 30.0
  fail_on_unknown:
    description:
      - Fail if what an MCPServer offers is not known, because it has no Pod, requires credentials, or does not answer.
      - Its entry in the file remains. The others are compared and written in any case.
    type: bool
    default: true
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without writing the file.
    support: full
  diff_mode:
    description: Shows the difference of the file.
    support: full
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
    details: A change means that the text of the file is not the same.
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
"""

EXAMPLES = r"""
- name: Fail if a server offers something else than approved
  mcp.kubernetes.mcp_pin:
    path: "{{ playbook_dir }}/mcp-lock.yaml"
    namespace: team
  check_mode: true
  register: pinned
  failed_when: pinned is failed or pinned.differences | length > 0
  run_once: true

- name: Write the lock file for review
  mcp.kubernetes.mcp_pin:
    path: "{{ playbook_dir }}/mcp-lock.yaml"
    servers: [team/weather, team/wikipedia]
  run_once: true

- name: Pin servers outside of the cluster
  mcp.kubernetes.mcp_pin:
    path: "{{ playbook_dir }}/mcp-lock-outside.yaml"
    targets:
      - name: weather
        url: https://weather.example.com/mcp
        bearer_token: "{{ weather_token }}"
  run_once: true
"""

RETURN = r"""
digests:
  description: The digest of what each MCPServer offers, by C(NAMESPACE/NAME).
  returned: success
  type: dict
differences:
  description:
    - The MCPServers that offer something else than the file has, by C(NAMESPACE/NAME).
    - Each has a list of C(what) (the kind and the name of an item), C(field), C(old) and C(new), cut and without
      control characters. The list is empty for an MCPServer that the file does not have.
  returned: success
  type: dict
unknown:
  description: The MCPServers whose offers are not known, by C(NAMESPACE/NAME), with C(code), C(seen) and C(action).
  returned: success
  type: dict
stale:
  description:
    - Entries of the file whose MCPServers do not exist, as C(NAMESPACE/NAME). They remain in the file.
    - Without O(servers), entries of O(namespace), or of all namespaces.
  returned: success
  type: list
  elements: str
"""
