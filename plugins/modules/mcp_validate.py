#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mcp_validate
short_description: Validate a Model Context Protocol (MCP) server with a real handshake
version_added: 0.1.0
description:
  - Detects the transport of a server, completes the handshake of the protocol, lists what the server offers, and
    reports every defect with a stable code.
  - Supports the revisions 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28, over HTTP with SSE and over
    Streamable HTTP.
  - Connects from the host that the task runs on. Changes nothing on the host or the server, and ends its session.
    Only the tool in O(tool_call) may have side effects.
extends_documentation_fragment:
  - mcp.kubernetes._mcp
  - mcp.kubernetes._mcp.targets
  - mcp.kubernetes._mcp.read_only
options:
  url:
    description:
      - URL of the endpoint of the server, for example V(http://localhost:8080/mcp).
      - If the URL has no path, the usual paths are tried.
      - Set one of O(url), O(host) and O(targets).
    type: str
  scheme:
    description: Scheme of the endpoint, for O(host).
    type: str
    choices: [http, https]
    default: http
  host:
    description: Name or address of the server.
    type: str
  port:
    description: Port of the server. The default is the port of the scheme.
    type: int
  path:
    description:
      - Path of the endpoint.
      - By default, the usual paths are tried, such as V(/mcp) and V(/sse).
    type: str
  host_header:
    description:
      - The value of the C(Host) header and the TLS server name. The default is the host of the endpoint.
      - Use it if the server, or a proxy in front of it, only accepts a certain name.
    type: str
  fail_on_noncompliance:
    description:
      - Whether the task fails if the server does not comply.
      - A server that requires credentials does not fail the task. See RV(compliant).
    type: bool
    default: true
notes:
  - With the connection P(ansible.builtin.local#connection) and without C(become), C(environment) and C(async),
    the validation runs in the process of Ansible, which is faster than a module.
  - Proxy settings in environment variables are ignored.
  - Redirects and the endpoint of an SSE server are followed within the same origin only.
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

- name: Wait for a server that is starting, and require tools
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

- name: Show the servers that do not comply
  ansible.builtin.debug:
    msg: "{{ fleet.reports | rejectattr('compliant') | map(attribute='name') }}"

- name: Fetch a token with client credentials, call a tool, and check the report
  mcp.kubernetes.mcp_validate:
    url: https://mcp.example.com/mcp
    client_credentials:
      client_id: validator
      client_secret: "{{ client_secret }}"
      issuer: https://auth.example.com
    tool_call:
      name: forecast
      arguments:
        city: Bern
    expect:
      - contains(tool_call.texts[0], 'Bern')
      - protocol_version == '2025-11-25'
"""

RETURN = r"""
msg:
  description: The result in a few sentences.
  type: str
  returned: always
  sample: http://localhost:8080/mcp speaks MCP 2025-11-25 over streamable-http.
compliant:
  description:
    - V(true) if there is no issue of level V(error). V(null) if the server requires credentials.
    - With O(targets), V(false) if a server does not comply, else V(null) if it is unknown for one of them.
  type: bool
  returned: always
reports:
  description:
    - For each of O(targets), in the same order, the return values of a single server, and C(name).
  type: list
  elements: dict
  returned: if O(targets) is set
connected:
  description: Whether a connection to the server was opened.
  type: bool
  returned: if O(targets) is not set
reached:
  description: Whether the server sent at least one HTTP response.
  type: bool
  returned: if O(targets) is not set
requires_auth:
  description: Whether the server requires credentials, or other ones than those in the options.
  type: bool
  returned: if O(targets) is not set
auth:
  description: The credentials that the server requires, from its challenge and metadata, else V(null).
  type: dict
  returned: if O(targets) is not set
  sample: {scheme: Bearer, resource_metadata: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"}
transport:
  description: The detected transport, V(sse) or V(streamable-http), else V(null).
  type: str
  returned: if O(targets) is not set
protocol_version:
  description: The negotiated revision, else V(null). RV(revisions) has the other one if there is one.
  type: str
  returned: if O(targets) is not set
  sample: "2025-11-25"
supported_versions:
  description: The revisions that the server supports, as far as the validation shows. There may be more.
  type: list
  elements: str
  returned: if O(targets) is not set
revisions:
  description:
    - >-
      What the server says and lists at each kind of revision that it supports. First the negotiated revision, as in the
      other return values, then 2026-07-28 if it supports that as well, which newer clients prefer.
    - Empty if no revision was negotiated.
  type: list
  elements: dict
  returned: if O(targets) is not set
  contains:
    protocol_version: {description: The revision., type: str}
    server_info: {description: As RV(server_info)., type: dict}
    instructions: {description: As RV(instructions)., type: bool}
    capabilities: {description: As RV(capabilities)., type: list, elements: str}
    tools: {description: As RV(tools)., type: dict}
    resources: {description: As RV(resources)., type: dict}
    resource_templates: {description: As RV(resource_templates)., type: dict}
    prompts: {description: As RV(prompts)., type: dict}
    differs: {description: The names of the values that differ from the negotiated revision., type: list, elements: str}
endpoint:
  description: URL of the detected endpoint, else V(null).
  type: str
  returned: if O(targets) is not set
path:
  description: Path of the detected endpoint, else V(null).
  type: str
  returned: if O(targets) is not set
server_info:
  description: Name and version of the server, else V(null).
  type: dict
  returned: if O(targets) is not set
  sample: {name: weather, version: "1.2.0"}
instructions: {description: Whether there are instructions., type: bool, returned: if O(targets) is not set}
capabilities:
  description: The capabilities that the server declares.
  type: list
  elements: str
  returned: if O(targets) is not set
  sample: [tools, resources]
tools: &listing
  description: The items that the server lists, else V(null).
  type: dict
  returned: if O(targets) is not set
  contains:
    count: {description: The number of items., type: int}
    names: {description: The names of the first 500 items., type: list, elements: str}
    truncated: {description: "Whether the names, or the count, are incomplete.", type: bool}
resources: *listing
resource_templates: *listing
prompts: *listing
offers:
  description: Digests of what the server offers (C(docs/reference/offer-digest.md)), else V(null).
  type: dict
  returned: if O(targets) is not set
  contains:
    digest: {description: "The digest of everything; V(null) if not everything is known.", type: str}
    kinds: {description: "Digests of all C(tools), C(prompts), C(resources) and C(resource_templates).", type: dict}
    problem: {description: "Why there is no digest, else V(null).", type: str}
tool_call:
  description: The result of O(tool_call), else V(null).
  type: dict
  returned: if O(targets) is not set
  contains:
    name: {description: The name of the tool., type: str}
    is_error: {description: Whether the tool reported an error., type: bool}
    content: {description: The types of the first 20 content items., type: list, elements: str}
    structured: {description: Whether the result has structured content., type: bool}
    texts: {description: "The texts of the first 20 content items, at most 500 characters.", type: list, elements: str}
    structured_content: {description: "The structured content; strings are cut at 500 characters.", type: raw}
session: {description: Whether the server uses a session., type: bool, returned: if O(targets) is not set}
response_mode:
  description: V(json) or V(sse), the format of the responses, else V(null).
  type: str
  returned: if O(targets) is not set
issues:
  description: Defects and information, errors first.
  type: list
  elements: dict
  returned: if O(targets) is not set
  contains:
    code: {description: Stable code., type: str}
    level: {description: "V(error), V(warning) or V(info).", type: str}
    message: {description: What was observed., type: str}
    spec: {description: The requirement of the specification., type: str}
    action: {description: What you can do., type: str}
extensions: {description: Identifiers of extensions., type: list, elements: str, returned: if O(targets) is not set}
ttl: {description: Seconds in which the lists are fresh., type: float, returned: if O(targets) is not set}
cache_scope: {description: V(public) or V(private)., type: str, returned: if O(targets) is not set}
deprecated_features:
  description: What the server uses and a later revision may remove, such as C(http-sse). A declared capability counts.
  type: list
  elements: str
  returned: if O(targets) is not set
not_checked:
  description: Codes of issues that were not looked for, because the time ran out. If any, increase O(timeout).
  type: list
  elements: str
  returned: if O(targets) is not set
attempts:
  description: The number of attempts until the server responded or O(start_timeout) passed.
  type: int
  returned: if O(targets) is not set
duration:
  description: The duration of the validation in seconds.
  type: float
  returned: if O(targets) is not set
client_version:
  description: Version of the validator.
  type: str
  returned: if O(targets) is not set
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
