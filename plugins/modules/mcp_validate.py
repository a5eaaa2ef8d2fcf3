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
    opens.
extends_documentation_fragment:
  - mcp.kubernetes._mcp
  - mcp.kubernetes._mcp.read_only
options:
  url:
    description:
      - URL of the server's endpoint, for example V(http://localhost:8080/mcp).
      - A URL without a path makes the usual paths be tried.
      - Give either this or O(host).
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
  description: Whether there is no issue of level V(error). V(null) when that cannot be known without credentials.
  type: bool
  returned: always
reached:
  description: Whether at least one HTTP response came.
  type: bool
  returned: always
requires_auth:
  description: Whether the server wants credentials, or others than were given.
  type: bool
  returned: always
auth:
  description: What the server said about the credentials that it wants, else V(null).
  type: dict
  returned: always
  sample: {scheme: Bearer, resource_metadata: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"}
transport:
  description: The transport that was found, V(sse) or V(streamable-http), else V(null).
  type: str
  returned: always
protocol_version:
  description: The revision that was negotiated, else V(null).
  type: str
  returned: always
  sample: "2025-11-25"
supported_versions:
  description: The revisions that the server is known to support. It may support more.
  type: list
  elements: str
  returned: always
endpoint:
  description: URL of the endpoint that was found, else V(null).
  type: str
  returned: always
path:
  description: Path of the endpoint that was found, else V(null).
  type: str
  returned: always
server_info:
  description: How the server introduced itself, else V(null).
  type: dict
  returned: always
  sample: {name: weather, version: "1.2.0"}
instructions:
  description: Whether the server gives instructions for its use.
  type: bool
  returned: always
capabilities:
  description: The capabilities that the server advertises.
  type: list
  elements: str
  returned: always
  sample: [tools, resources]
tools: &listing
  description: What the server lists, else V(null).
  type: dict
  returned: always
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
session:
  description: Whether the server keeps a session.
  type: bool
  returned: always
response_mode:
  description: Whether responses come as V(json) or by V(sse), else V(null).
  type: str
  returned: always
issues:
  description: Defects and remarks, errors first.
  type: list
  elements: dict
  returned: always
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
  returned: always
duration:
  description: Seconds that the validation took.
  type: float
  returned: always
client_version:
  description: Version of the validator.
  type: str
  returned: always
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import (
    ARGUMENT_SPEC,
    CONSTRAINTS,
    options_from,
    target_from,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.validate import Report, validate


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True, **CONSTRAINTS)
    try:
        report = validate(target_from(module.params), options_from(module.params))
    except InvalidTarget as exc:
        module.fail_json(msg=str(exc), changed=False, **Report().to_dict())
    where = report.endpoint or module.params["url"] or module.params["host"]
    result = {"changed": False, "msg": report.summary(where), **report.to_dict()}
    if report.compliant is False and module.params["fail_on_noncompliance"]:
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
