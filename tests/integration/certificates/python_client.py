# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Call a tool with the official SDK's client over TLS: python_client.py URL ADDRESS CA CERTIFICATE [repeat].

CERTIFICATE is a file with a client certificate and its key, or ``-``. With ``repeat``, one session calls until its
standard input ends, each time over a connection of its own. Prints a line of JSON for each call: its number and the
digest of the server's certificate; or an ``error``. Runs in the oracle's own environment.
"""

# The SDK is in the oracle's environment only.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import sys
import threading

import anyio
import httpx
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

seen = [""]
look_up = socket.getaddrinfo


async def watch(response) -> None:
    encrypted = response.extensions["network_stream"].get_extra_info("ssl_object")
    seen[0] = hashlib.sha256(encrypted.getpeercert(binary_form=True)).hexdigest()


async def main(url: str, address: str, ca: str, certificate: str, repeat: str = "") -> None:
    # The names of Services are known to the resolver of the cluster only.
    socket.getaddrinfo = lambda _host, *arguments, **options: look_up(address, *arguments, **options)
    ended = threading.Event()
    if repeat:
        threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    context = ssl.create_default_context(cafile=ca)
    if certificate != "-":
        context.load_cert_chain(certificate)
    limits = httpx.Limits(max_keepalive_connections=0)
    http = httpx.AsyncClient(verify=context, limits=limits, event_hooks={"response": [watch]}, timeout=30)
    async with http, streamable_http_client(url, http_client=http) as streams, ClientSession(*streams[:2]) as session:
        with anyio.fail_after(30):
            await session.initialize()
        number = 0
        while number == 0 or (repeat and not ended.is_set()):
            number += 1
            with anyio.fail_after(30):
                result = await session.call_tool("now", {"zone": "UTC"})
            assert not result.isError, result
            print(json.dumps({"call": number, "certificate": seen[0]}), flush=True)
            await anyio.sleep(0.02)


def causes(error: BaseException) -> str:
    """Name the causes: the SDK wraps them in groups of groups."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(causes(inner) for inner in error.exceptions))
    return f"{error!r} {error.__cause__!r} {error.__context__!r}"


try:
    anyio.run(main, *sys.argv[1:])
except BaseException as error:  # whatever the SDK raises is the answer
    print(json.dumps({"error": causes(error)}), flush=True)
