# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read a server from a URL, or from an MCP registry by its API v0.1.

Source: https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml (2025-12-01)
"""

from __future__ import annotations

import http.client
import threading
import typing as t
import urllib.error
import urllib.parse
import urllib.request

from .._util import clean
from .._workload.errors import RegistryUnreadable

REGISTRY: t.Final = "https://registry.modelcontextprotocol.io"
MAX_BYTES: t.Final = 1024 * 1024
_TIMEOUT: t.Final = 15.0  # seconds for one read
_DEADLINE: t.Final = 30.0  # seconds for everything


def server_url(registry: str, name: str, version: str) -> str:
    """Return the URL of a version of a server.

    :param version: an exact version, or ``latest``.
    """
    name, version = (urllib.parse.quote(text, safe="") for text in (name, version))
    return f"{registry.rstrip('/')}/v0.1/servers/{name}/versions/{version}"


def read_url(url: str, deadline: float = _DEADLINE) -> bytes:
    """Return what a URL has, at most :data:`MAX_BYTES`. No redirect is followed: only the host that you name is read.

    :param deadline: seconds until the whole response must have been received.
    :raises RegistryUnreadable: the URL is invalid, the response has another status than 200, or it is too long or late.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        valid = False
    if not valid or not url.isascii() or not url.isprintable() or " " in url:
        raise RegistryUnreadable("This is not an HTTP or HTTPS URL without credentials.", f"For example: {REGISTRY}")
    result: list[bytes | Exception] = []

    def read() -> None:
        try:
            result.append(_get(url))
        except Exception as exc:  # noqa: BLE001 - raised again below
            result.append(exc)

    # A server can send one byte after the other, each in time; only another thread can stop waiting for all of them.
    reader = threading.Thread(target=read, name="registry", daemon=True)
    reader.start()
    reader.join(deadline)
    if not result:
        raise RegistryUnreadable(f"The response did not end within {deadline:g} s.", "Try again, or use a file.")
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


def bounded(data: bytes) -> bytes:
    """Return the data.

    :raises RegistryUnreadable: it is longer than :data:`MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise RegistryUnreadable(f"There are more than {MAX_BYTES} bytes.", "Import fewer servers at once.")
    return data


def _get(url: str) -> bytes:
    opener = urllib.request.build_opener(_NoRedirect())
    headers = {"Accept": "application/json", "User-Agent": "mcp-operator"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            if answer.status != 200:
                raise _status(answer.status)
            return bounded(answer.read(MAX_BYTES + 1))
    except urllib.error.HTTPError as exc:
        exc.close()
        raise _status(exc.code) from None
    except (OSError, ValueError, http.client.HTTPException) as exc:
        reason = getattr(exc, "reason", exc)  # of a URLError, whose own text is for developers
        seen = f"The registry cannot be read: {clean(getattr(reason, 'strerror', None) or reason, 200)}."
        raise RegistryUnreadable(seen, "Check the URL, or download the server.json.") from None


def _status(code: int) -> RegistryUnreadable:
    return RegistryUnreadable(
        f"The registry answers {code}.",
        "Check the name, which is of the form com.example/server, the version and the URL; no redirect is followed.",
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: t.Any, **_named: t.Any) -> None:
        """Follow no redirect, so that its response becomes an HTTPError."""
