# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this document fragment is **PRIVATE** to the collection. It can have breaking changes at any time.

from __future__ import annotations


class ModuleDocFragment:
    """The options of a validation, and the attributes of a module that only reads."""

    DOCUMENTATION = r"""
options:
  transport:
    description:
      - The expected transport of the server.
      - With V(auto), Streamable HTTP is tried first, then HTTP with SSE.
      - A server that uses the other transport is validated as well, with the issue V(PROTOCOL_MISMATCH).
    type: str
    choices: [auto, sse, streamable-http]
    default: auto
  timeout:
    description: Time limit in seconds for the whole validation, whatever the server does.
    type: float
    default: 30.0
  request_timeout:
    description: Time limit in seconds for one request with its response.
    type: float
    default: 10.0
  start_timeout:
    description:
      - Seconds to retry a server that is still starting, that is, while connections fail or requests return 429,
        502, 503 or 504.
      - They count towards O(timeout).
    type: float
    default: 0.0
  required_capabilities:
    description:
      - Capabilities that the server must declare, for example V(tools).
      - A missing one is the issue V(MISSING_CAPABILITY).
    type: list
    elements: str
    default: []
  strict:
    description: Treat warnings as errors.
    type: bool
    default: false
  deep:
    description:
      - Also check that the server rejects invalid requests, such as an unknown method or version.
      - A server that also supports 2026-07-28, which has no handshake, is sent them in both ways.
      - An issue has the same level with and without this option.
      - This takes a few more requests.
    type: bool
    default: false
  expect:
    description:
      - JMESPath expressions that must hold for the return values of a server. An expression with the value V(false),
        V(null) or empty is the issue V(EXPECTATION_FAILED).
      - This requires the Python library C(jmespath).
    type: list
    elements: str
  tool_call:
    description:
      - A tool to call. Its result is checked. Choose one without side effects.
      - The tool is not called in check mode, or if the server does not list it.
    type: dict
    suboptions:
      name:
        description: The name of the tool.
        type: str
        required: true
      arguments:
        description: The arguments of the tool.
        type: dict
  headers:
    description:
      - Headers for all requests to the server, for example with an API key. They are sent to no other origin.
      - Headers that the protocol sets are not allowed. For C(Host), use O(host_header).
    type: dict
  bearer_token:
    description: A bearer token for all requests to the server.
    type: str
  client_credentials:
    description:
      - Fetch an access token for this server (RFC 8707) with the client credentials grant of OAuth 2.0 (RFC 6749), and
        send it like O(bearer_token).
      - The secret is only sent to the token endpoint that you configure here, never to one that an MCP server names.
      - If no token can be obtained, nothing is sent to the server, and the issue V(AUTH_TOKEN_FAILED) has the reason.
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
        description: URL of the token endpoint. Set either this or O(client_credentials.issuer).
        type: str
      issuer:
        description:
          - URL of the authorization server, exactly as in its metadata.
          - The token endpoint is read from its metadata (RFC 8414 or OpenID Connect Discovery).
        type: str
      scopes:
        description: The scopes to request.
        type: list
        elements: str
      resource:
        description: The resource to request. The default is the URL of the server, without a path if none is set.
        type: str
      authentication:
        description: How to send them, in the C(Authorization) header (V(basic)) or in the form (V(post)).
        type: str
        choices: [basic, post]
        default: basic
  validate_certs:
    description: Whether to verify the TLS certificate of the server.
    type: bool
    default: true
  ca_cert:
    description: PEM file with the certificates of trusted authorities. The default is the trust store of the system.
    type: path
  client_cert:
    description: PEM file with the client certificate.
    type: path
  client_key:
    description: PEM file with the key of O(client_cert), unless that file has it too. It must not be encrypted.
    type: path
"""

    TARGETS = r"""
options:
  targets:
    description:
      - Several servers to validate in one task, many at the same time.
      - Each has the same options as the task, and inherits those that it omits.
      - A slow server does not delay the others; it only uses one of O(concurrency) slots.
      - Set one of O(targets), O(url) and O(host).
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the report. The default is the URL, or host, port and path.
        type: str
      url:
        description: As O(url). O(scheme), O(port) and O(path) are then not inherited.
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
        description: As O(timeout), from the start of this validation.
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
        description: As O(headers), which it replaces.
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
    description: The number of O(targets) to validate at the same time, at most 256.
    type: int
    default: 16
"""

    READ_ONLY = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details: It only reads, so it does the same in check mode, but does not call O(tool_call).
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: N/A
    details: It changes nothing.
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
    details: It never reports a change.
"""
