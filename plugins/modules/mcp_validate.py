#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mcp_validate
short_description: Validate a Model Context Protocol (MCP) server by a real handshake
version_added: 0.1.0
description:
  - Finds out which transport a server speaks, completes the handshake of the protocol, lists what the server
    advertises, and names every defect by a stable code.
  - Knows the revisions 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28, over HTTP with SSE and over
    Streamable HTTP.
  - Connects from the host that the task runs on. Changes nothing there or at the server, and ends the session that it
    opens. Only a tool that O(tool_call) names may do more.
extends_documentation_fragment:
  - mcp.kubernetes._mcp
  - mcp.kubernetes._mcp.targets
  - mcp.kubernetes._mcp.read_only
options:
  url:
    description:
      - URL of the server's endpoint, for example V(http://localhost:8080/mcp).
      - A URL without a path makes the usual paths be tried.
      - Give either this, O(host) or O(targets).
    type: str
  scheme:
    description: Scheme of the endpoint when O(host) is given.
    type: str
    choices: [http, https]
    default: http
  host:
    description: Name or address of the server.
    type: str
  port:
    description: Port of the server. By default, the one of the scheme.
    type: int
  path:
    description:
      - Path of the endpoint.
      - Without it, the usual ones are tried, V(/mcp) and V(/sse) among them.
    type: str
  host_header:
    description:
      - What to send as C(Host), and as the server name of TLS, instead of the host that is connected to.
      - Useful where a server, or a proxy before it, answers to a certain name only.
    type: str
  fail_on_noncompliance:
    description:
      - Whether the task fails when the server does not comply.
      - A server of which that cannot be known since it wants credentials does not fail the task. See RV(compliant).
    type: bool
    default: true
notes:
  - On a host with the connection P(ansible.builtin.local#connection), without C(become), C(environment) and C(async),
    this takes place in the process of Ansible itself, which saves the start of a module.
  - Proxies that environment variables name are not used.
  - Redirects, and the endpoint that an SSE server names, are followed within the origin only.
seealso:
  - name: Model Context Protocol
    description: The specification.
    link: https://modelcontextprotocol.io/specification
author:
  - The mcp.kubernetes authors (@mcp-kubernetes)
"""

EXAMPLES = r"""
- name: Validate a server
  mcp.kubernetes.mcp_validate:
    url: http://localhost:8080/mcp

- name: Wait for a server that is starting, and ask for tools
  mcp.kubernetes.mcp_validate:
    host: weather.example.com
    port: 8080
    start_timeout: 20
    required_capabilities: [tools]

- name: Validate a protected server behind TLS
  mcp.kubernetes.mcp_validate:
    url: https://mcp.example.com/mcp
    bearer_token: "{{ mcp_token }}"
    ca_cert: /etc/ssl/certs/example-ca.pem

- name: Validate a fleet, fifty servers at a time
  mcp.kubernetes.mcp_validate:
    targets:
      - name: weather
        url: http://weather.example.com:8080/mcp
      - name: maps
        url: https://maps.example.com/mcp
        bearer_token: "{{ maps_token }}"
    concurrency: 50
    timeout: 10
    fail_on_noncompliance: false
  register: fleet

- name: Tell who does not comply
  ansible.builtin.debug:
    msg: "{{ fleet.reports | rejectattr('compliant') | map(attribute='name') }}"

- name: Get a token by client credentials, call a tool, and expect more than compliance
  mcp.kubernetes.mcp_validate:
    url: https://mcp.example.com/mcp
    client_credentials:
      client_id: validator
      client_secret: "{{ client_secret }}"
      issuer: https://auth.example.com
      scopes: [tools]
    tool_call:
      name: forecast
      arguments:
        city: Bern
    expect:
      - tools.count >= `3`
      - contains(tools.names, 'forecast')
      - protocol_version == '2025-11-25'

- name: Look at a server without failing
  mcp.kubernetes.mcp_validate:
    url: http://localhost:8080/sse
    fail_on_noncompliance: false
  register: server

- name: Tell which tools there are
  ansible.builtin.debug:
    msg: "{{ server.tools.names | default([]) }}"
"""

RETURN = r"""
msg:
  description: The result in one sentence or two.
  type: str
  returned: always
  sample: http://localhost:8080/mcp speaks MCP 2025-11-25 over streamable-http.
compliant:
  description:
    - Whether there is no issue of level V(error). V(null) when that cannot be known without credentials.
    - With O(targets), V(false) when one of them does not comply, else V(null) when one of them cannot be known.
  type: bool
  returned: always
reports:
  description:
    - One report for each of O(targets), in their order.
    - It has what is returned for a single server, and C(name).
  type: list
  elements: dict
  returned: when O(targets) is given
reached:
  description: Whether at least one HTTP response came.
  type: bool
  returned: when O(targets) is not given
requires_auth:
  description: Whether the server wants credentials, or others than were given.
  type: bool
  returned: when O(targets) is not given
auth:
  description: What the server said about the credentials that it wants, else V(null).
  type: dict
  returned: when O(targets) is not given
  sample: {scheme: Bearer, resource_metadata: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"}
transport:
  description: The transport that was found, V(sse) or V(streamable-http), else V(null).
  type: str
  returned: when O(targets) is not given
protocol_version:
  description: The revision that was negotiated, else V(null).
  type: str
  returned: when O(targets) is not given
  sample: "2025-11-25"
supported_versions:
  description: The revisions that the server is known to support. It may support more.
  type: list
  elements: str
  returned: when O(targets) is not given
endpoint:
  description: URL of the endpoint that was found, else V(null).
  type: str
  returned: when O(targets) is not given
path:
  description: Path of the endpoint that was found, else V(null).
  type: str
  returned: when O(targets) is not given
server_info:
  description: How the server introduced itself, else V(null).
  type: dict
  returned: when O(targets) is not given
  sample: {name: weather, version: "1.2.0"}
instructions:
  description: Whether the server gives instructions for its use.
  type: bool
  returned: when O(targets) is not given
capabilities:
  description: The capabilities that the server advertises.
  type: list
  elements: str
  returned: when O(targets) is not given
  sample: [tools, resources]
tools: &listing
  description: What the server lists, else V(null).
  type: dict
  returned: when O(targets) is not given
  contains:
    count:
      description: How many there are.
      type: int
    names:
      description: Their names, the first 500 of them.
      type: list
      elements: str
    truncated:
      description: Whether there are more than RV(tools.names) shows.
      type: bool
resources: *listing
resource_templates: *listing
prompts: *listing
tool_call:
  description: What came of O(tool_call), else V(null).
  type: dict
  returned: when O(targets) is not given
  contains:
    name:
      description: The tool's name.
      type: str
    is_error:
      description: Whether the tool said that it failed.
      type: bool
    content:
      description: The types of its content, the first 20 of them.
      type: list
      elements: str
    structured:
      description: Whether there is structured content.
      type: bool
session:
  description: Whether the server keeps a session.
  type: bool
  returned: when O(targets) is not given
response_mode:
  description: Whether responses come as V(json) or by V(sse), else V(null).
  type: str
  returned: when O(targets) is not given
issues:
  description: Defects and remarks, errors first.
  type: list
  elements: dict
  returned: when O(targets) is not given
  contains:
    code:
      description: Stable code.
      type: str
    level:
      description: V(error), V(warning) or V(info).
      type: str
    message:
      description: What was seen.
      type: str
    spec:
      description: What the specification says, and where.
      type: str
    action:
      description: What to do.
      type: str
attempts:
  description: How many times the server was tried until it answered, or until O(start_timeout) was over.
  type: int
  returned: when O(targets) is not given
duration:
  description: Seconds that the validation took.
  type: float
  returned: when O(targets) is not given
client_version:
  description: Version of the validator.
  type: str
  returned: when O(targets) is not given
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import ARGUMENT_SPEC, CONSTRAINTS
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import MissingLibrary
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.validate_url import run


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True, **CONSTRAINTS)
    try:
        result = run(module.params, check_mode=module.check_mode)
    except MissingLibrary as exc:
        module.fail_json(msg=missing_required_lib(exc.library), changed=False)
    if result.pop("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
