# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator import``: from a ``server.json`` of the MCP registry to a manifest of an MCPServer."""

from __future__ import annotations

import argparse
import json
import re
import sys
import typing as t
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .._vendor._util import clean
from .._vendor._workload.registry_entry import manifest_of, targets_of
from ..errors import ArgumentsInvalid
from .requirements import require

COMPLETE, INCOMPLETE = 0, 1
_MAX_BYTES: t.Final = 1024 * 1024
_TIMEOUT: t.Final = 15.0  # seconds for one read from the registry
_REGISTRY: t.Final = "https://registry.modelcontextprotocol.io"
_NAME: t.Final = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_EPILOG: t.Final = """\
The manifest is printed for your review, with notes as comments. Nothing is applied, and no package is downloaded.

exit codes:
  0  the manifest is complete
  1  it is printed, and its comments say what you must add
  2  the command line or the server.json is invalid, or the registry cannot be read"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "server",
        metavar="FILE | NAME",
        help="a server.json (- for standard input), or with --registry a name such as com.example/server",
    )
    parser.add_argument(
        "--registry",
        metavar="URL",
        nargs="?",
        const=_REGISTRY,
        help=f"read the server from a registry by its API v0.1 (default {_REGISTRY})",
    )
    parser.add_argument("--version", metavar="VERSION", default="latest", help="of the server in the registry")
    parser.add_argument("--name", metavar="NAME", default="", help="of the MCPServer (default: from the server's name)")
    parser.add_argument(
        "--package",
        choices=("oci", "npm", "pypi"),
        default="",
        help="the type of the package (default: the first of these)",
    )
    parser.add_argument(
        "--remotes", action="store_true", help="print the remote URLs as a file for `mcp-operator validate --targets`"
    )


def import_server(flags: argparse.Namespace, _environment: t.Mapping[str, str]) -> int:
    """Print the manifest and return the exit code of the process.

    :raises McpKubernetesError: the server cannot be read, or cannot become a manifest.
    """
    require("targets", "yaml")
    import yaml  # noqa: PLC0415  # an extra

    if flags.name and not _NAME.fullmatch(flags.name):
        raise ArgumentsInvalid("--name is not the name of an MCPServer.", "Use lower-case letters, digits and '-'.")
    entry = _decoded(_of_registry(flags) if flags.registry else _of_file(flags.server))
    described: dict[str, t.Any]
    missing: tuple[str, ...] = ()
    if flags.remotes:
        targets, notes = targets_of(entry)
        described = {"targets": targets}
    else:
        imported = manifest_of(entry, flags.name, flags.package)
        described, missing, notes = imported.manifest, imported.missing, list(imported.notes)
    source = clean(flags.server, 200) if flags.server != "-" else "standard input"
    comments = [f"Imported from {source}. Review it before you apply it."]
    comments += [f"ADD: {line}" for line in missing] + [f"NOTE: {line}" for line in notes]
    # Each is one line: what comes from the server was cleaned.
    head = "".join(f"# {clean(line, 1000)}\n" for line in comments)
    sys.stdout.write(head + "---\n" + yaml.safe_dump(described, sort_keys=False, width=120))
    return INCOMPLETE if missing else COMPLETE


def _decoded(data: bytes) -> t.Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise ArgumentsInvalid(f"The server is not JSON: {clean(exc, 200)}.", "Give a server.json.") from None


def _of_file(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise ArgumentsInvalid(
            f"{clean(name, 300)} cannot be read: {exc.strerror}.", "Give a file, or --registry for a name."
        ) from None
    return _bounded(data)


def _of_registry(flags: argparse.Namespace) -> bytes:
    parts = urllib.parse.urlsplit(flags.registry)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ArgumentsInvalid("--registry is not an HTTP or HTTPS URL.", f"For example: {_REGISTRY}")
    name, version = (urllib.parse.quote(text, safe="") for text in (flags.server, flags.version))
    url = f"{flags.registry.rstrip('/')}/v0.1/servers/{name}/versions/{version}"
    # No redirect is followed: the registry that you name is the one that is read.
    opener = urllib.request.build_opener(_NoRedirect())
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "mcp-operator"})  # noqa: S310
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            return _bounded(answer.read(_MAX_BYTES + 1))
    except urllib.error.HTTPError as exc:
        exc.close()
        raise ArgumentsInvalid(
            f"The registry answers {exc.code} for {clean(flags.server, 200)}, version {clean(flags.version, 100)}.",
            "Check the name, which is of the form com.example/server, and the version.",
        ) from None
    except (OSError, ValueError) as exc:
        raise ArgumentsInvalid(
            f"The registry cannot be read: {clean(exc, 200)}.", "Check --registry, or download the server.json."
        ) from None


def _bounded(data: bytes) -> bytes:
    if len(data) > _MAX_BYTES:
        raise ArgumentsInvalid(f"The server.json has more than {_MAX_BYTES} bytes.")
    return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: t.Any, **_named: t.Any) -> None:
        """Follow no redirect, so that its response becomes an HTTPError."""
