# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The configuration of MCP clients: an entry for each server, in the format that a client reads.

The formats are those of the clients' documentation in November 2026. No entry contains a secret: it names the
environment variable that has it, in the way in which the client reads environment variables.

* Claude Code: https://code.claude.com/docs/en/mcp
* Claude Desktop starts programs only; mcp-remote connects them: https://www.npmjs.com/package/mcp-remote
* Codex: https://developers.openai.com/codex/mcp
* Cursor: https://cursor.com/docs/mcp
* MCP Inspector: https://github.com/modelcontextprotocol/inspector/blob/main/docs/mcp-server-configuration.md
* VS Code: https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
* ansible.mcp: https://github.com/ansible-collections/ansible.mcp/blob/main/plugins/connection/mcp.py
"""

from __future__ import annotations

import json
import re
import typing as t
from urllib.parse import urlsplit

from .._util import clean
from .errors import ClientConfigError

STREAMABLE_HTTP: t.Final = "streamable-http"
SSE: t.Final = "sse"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LOOPBACK: t.Final = ("localhost", "127.0.0.1", "::1")

Entry = dict[str, t.Any]


class Endpoint(t.NamedTuple):
    """How a client connects to a server.

    :param transport: ``streamable-http`` or ``sse``.
    :param token_variable: the environment variable with a bearer token; empty for a client that needs none, or that
        gets one by OAuth.
    """

    url: str
    transport: str = STREAMABLE_HTTP
    token_variable: str = ""


class ClientFormat(t.NamedTuple):
    """The format of one client.

    :param key: the key of the servers in the file; empty if the servers are the file.
    :param entry: returns the entry of one server.
    :param toml: the file is TOML; else it is JSON.
    """

    key: str
    entry: t.Callable[[Endpoint], Entry]
    toml: bool = False


def entries(client: str, servers: t.Mapping[str, Endpoint]) -> dict[str, Entry]:
    """Return the entries of servers, by name.

    :param client: a key of :data:`CLIENTS`.
    :raises ClientConfigError: there is no such client, or it cannot connect to one of the servers.
    """
    if client not in CLIENTS:
        raise ClientConfigError(f"The client {clean(client)!r} is unknown.", f"Use one of {', '.join(CLIENTS)}.")
    found: dict[str, Entry] = {}
    for name, endpoint in servers.items():
        if endpoint.token_variable and not _VARIABLE.fullmatch(endpoint.token_variable):
            # It may be the token itself, so it is not repeated.
            raise ClientConfigError("The name of an environment variable has letters, digits and _ only.")
        try:
            found[name] = CLIENTS[client].entry(endpoint)
        except ClientConfigError as exc:
            raise ClientConfigError(f"{clean(name)}: {exc.seen}", exc.action) from None
    return found


def content(client: str, servers: t.Mapping[str, Endpoint]) -> str:
    """Return the content of a client's file with these servers alone.

    :raises ClientConfigError: as :func:`entries`.
    """
    found = entries(client, servers)
    shape = CLIENTS[client]
    if shape.toml:
        return "\n".join(toml_table(shape.key, name, entry) for name, entry in found.items())
    return json.dumps({shape.key: found} if shape.key else found, indent=2) + "\n"


def toml_table(key: str, name: str, entry: Entry) -> str:
    """Return the TOML table of one server, whose values are strings."""
    # A JSON string is a TOML basic string, but for the escape of / that Python does not write.
    lines = [f"{field} = {json.dumps(value)}" for field, value in entry.items()]
    return "\n".join([f"[{key}.{name}]", *lines]) + "\n"


def _claude_code(server: Endpoint) -> Entry:
    return {"type": _http_or_sse(server), "url": server.url, **_headers(server, "${%s}")}


def _claude_desktop(server: Endpoint) -> Entry:
    options = ["--transport", "sse-only" if server.transport == SSE else "http-only"]
    address = urlsplit(server.url)
    if address.scheme == "http" and address.hostname not in _LOOPBACK:
        options.append("--allow-http")
    if server.token_variable:
        # No space after the colon: some clients split arguments there.
        options += ["--header", f"Authorization:Bearer ${{{server.token_variable}}}"]
    return {"command": "npx", "args": ["-y", "mcp-remote", server.url, *options]}


def _codex(server: Endpoint) -> Entry:
    _require_streamable_http(server, "Codex")
    token = {"bearer_token_env_var": server.token_variable} if server.token_variable else {}
    return {"url": server.url, **token}


def _cursor(server: Endpoint) -> Entry:
    return {"url": server.url, **_headers(server, "${env:%s}")}


def _inspector(server: Endpoint) -> Entry:
    if server.token_variable:
        raise ClientConfigError(
            "The MCP Inspector reads no environment variables in its file.",
            "Leave out the variable, and give the header in the Inspector.",
        )
    return {"type": server.transport, "url": server.url}


def _vscode(server: Endpoint) -> Entry:
    return {"type": _http_or_sse(server), "url": server.url, **_headers(server, "${env:%s}")}


def _ansible(server: Endpoint) -> Entry:
    _require_streamable_http(server, "ansible.mcp")
    if server.token_variable:
        raise ClientConfigError(
            "The connection ansible.mcp.mcp takes its token from a variable of Ansible.",
            "Leave out the environment variable, and set ansible_mcp_mcp_bearer_token.",
        )
    return {"type": "http", "url": server.url}


def _http_or_sse(server: Endpoint) -> str:
    return "sse" if server.transport == SSE else "http"


def _headers(server: Endpoint, reference: str) -> Entry:
    if not server.token_variable:
        return {}
    return {"headers": {"Authorization": f"Bearer {reference % server.token_variable}"}}


def _require_streamable_http(server: Endpoint, client: str) -> None:
    if server.transport == SSE:
        raise ClientConfigError(f"{client} does not connect to servers of the HTTP+SSE transport.")


CLIENTS: t.Final[dict[str, ClientFormat]] = {
    "claude-code": ClientFormat("mcpServers", _claude_code),
    "claude-desktop": ClientFormat("mcpServers", _claude_desktop),
    "codex": ClientFormat("mcp_servers", _codex, toml=True),
    "cursor": ClientFormat("mcpServers", _cursor),
    "inspector": ClientFormat("mcpServers", _inspector),
    "vscode": ClientFormat("servers", _vscode),
    "ansible": ClientFormat("", _ansible),
}
