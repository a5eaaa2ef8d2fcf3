# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this document fragment is **PRIVATE** to the collection. It can have breaking changes at any time.

from __future__ import annotations


class ModuleDocFragment:
    """How an MCP server is validated, and what a module that only looks promises."""

    DOCUMENTATION = r"""
options:
  transport:
    description:
      - The transport that the server is expected to speak.
      - With V(auto), Streamable HTTP is tried first, then HTTP with SSE.
      - When the server turns out to speak the other one, it is validated all the same, and the issue
        V(PROTOCOL_MISMATCH) tells so.
    type: str
    choices: [auto, sse, streamable-http]
    default: auto
  timeout:
    description: Seconds that the whole validation may take. This deadline holds whatever the server does.
    type: float
    default: 30.0
  request_timeout:
    description: Seconds that one request and its response may take.
    type: float
    default: 10.0
  start_timeout:
    description:
      - Seconds to go on trying a server that is still starting, that is, while connections are refused or break, or are
        answered with 429, 502, 503 or 504.
      - They count towards O(timeout).
    type: float
    default: 0.0
  required_capabilities:
    description:
      - Capabilities that the server must advertise, for example V(tools).
      - A missing one is the issue V(MISSING_CAPABILITY).
    type: list
    elements: str
    default: []
  strict:
    description: Let warnings count as errors.
    type: bool
    default: false
  deep:
    description:
      - Also check what the revision tells the server to refuse, like unknown methods, versions, origins and sessions.
      - A server that also speaks 2026-07-28, which has no handshake, is checked in both ways.
      - Takes a few more requests.
    type: bool
    default: false
  expect:
    description:
      - JMESPath expressions over what is returned for a server. One whose value is V(false), V(null) or empty is the
        issue V(EXPECTATION_FAILED).
      - The Python library C(jmespath) is needed for them.
    type: list
    elements: str
  tool_call:
    description:
      - A tool to call, and to check the result of. Name one that does no harm.
      - Nothing is called in check mode, nor when the server does not list the tool.
    type: dict
    suboptions:
      name:
        description: The tool's name.
        type: str
        required: true
      arguments:
        description: The tool's arguments.
        type: dict
  headers:
    description:
      - Header fields to send with each request to the server, for example an API key. They are sent to no other origin.
      - Those that the protocol decides on, and C(Host), cannot be given here; see O(host_header).
    type: dict
  bearer_token:
    description: A token to send as C(Authorization) with each request to the server.
    type: str
  client_credentials:
    description:
      - Get an access token by the client credentials grant of OAuth 2.0 (RFC 6749) for this server (RFC 8707), and send
        it like O(bearer_token).
      - The secret is sent to the token endpoint that is named here, and to nowhere that an MCP server names.
      - If there is no token to be had, the issue V(AUTH_TOKEN_FAILED) tells why, and nothing is sent to the server.
    type: dict
    suboptions:
      client_id:
        description: The client's identifier.
        type: str
        required: true
      client_secret:
        description: The client's secret.
        type: str
        required: true
      token_url:
        description: URL of the token endpoint. Give either this or O(client_credentials.issuer).
        type: str
      issuer:
        description:
          - URL of the authorization server, exactly as it calls itself.
          - Its metadata (RFC 8414, or OpenID Connect Discovery) is read to find the token endpoint.
        type: str
      scopes:
        description: The scopes to ask for.
        type: list
        elements: str
      resource:
        description: The resource to ask for. By default, the URL of the server; without a path when none is given.
        type: str
      authentication:
        description: Whether identifier and secret go as C(Authorization) (V(basic)) or in the form (V(post)).
        type: str
        choices: [basic, post]
        default: basic
  validate_certs:
    description: Whether to verify the certificate of a server with TLS.
    type: bool
    default: true
  ca_cert:
    description: File of PEM certificates of the authorities to trust, instead of the system's.
    type: path
  client_cert:
    description: File of the PEM certificate to show to the server.
    type: path
  client_key:
    description: File of the PEM key of O(client_cert), unless that file holds it too. It must not be encrypted.
    type: path
"""

    TARGETS = r"""
options:
  targets:
    description:
      - Several servers to validate in one task, many at a time.
      - Each has the options that the task has, too; what it leaves out is as the task says.
      - What one server does costs the others nothing but one of O(concurrency) places.
      - Give either this, O(url) or O(host).
    type: list
    elements: dict
    suboptions:
      name:
        description: What the report is called by. By default, the URL, or host, port and path.
        type: str
      url:
        description: As O(url). Then nothing is taken over of O(scheme), O(port) and O(path).
        type: str
      scheme:
        description: As O(scheme).
        type: str
        choices: [http, https]
      host:
        description: As O(host).
        type: str
      port:
        description: As O(port).
        type: int
      path:
        description: As O(path).
        type: str
      host_header:
        description: As O(host_header).
        type: str
      transport:
        description: As O(transport).
        type: str
        choices: [auto, sse, streamable-http]
      timeout:
        description: As O(timeout), beginning when it is this server's turn.
        type: float
      request_timeout:
        description: As O(request_timeout).
        type: float
      start_timeout:
        description: As O(start_timeout).
        type: float
      required_capabilities:
        description: As O(required_capabilities).
        type: list
        elements: str
      strict:
        description: As O(strict).
        type: bool
      deep:
        description: As O(deep).
        type: bool
      expect:
        description: As O(expect).
        type: list
        elements: str
      tool_call:
        description: As O(tool_call).
        type: dict
        suboptions:
          name:
            description: As O(tool_call.name).
            type: str
            required: true
          arguments:
            description: As O(tool_call.arguments).
            type: dict
      headers:
        description: As O(headers), instead of them.
        type: dict
      bearer_token:
        description: As O(bearer_token).
        type: str
      client_credentials:
        description: As O(client_credentials).
        type: dict
        suboptions:
          client_id:
            description: As O(client_credentials.client_id).
            type: str
            required: true
          client_secret:
            description: As O(client_credentials.client_secret).
            type: str
            required: true
          token_url:
            description: As O(client_credentials.token_url).
            type: str
          issuer:
            description: As O(client_credentials.issuer).
            type: str
          scopes:
            description: As O(client_credentials.scopes).
            type: list
            elements: str
          resource:
            description: As O(client_credentials.resource).
            type: str
          authentication:
            description: As O(client_credentials.authentication).
            type: str
            choices: [basic, post]
            default: basic
      validate_certs:
        description: As O(validate_certs).
        type: bool
      ca_cert:
        description: As O(ca_cert).
        type: path
      client_cert:
        description: As O(client_cert).
        type: path
      client_key:
        description: As O(client_key).
        type: path
  concurrency:
    description: How many of O(targets) are validated at the same time, at most 256.
    type: int
    default: 16
"""

    READ_ONLY = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details: It changes nothing by itself, so it does the same in check mode, but for O(tool_call), which is left out.
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: N/A
    details: It changes nothing.
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
    details: It never reports a change.
"""
