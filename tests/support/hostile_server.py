# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validate a hostile MCP server on loopback, and record which addresses the validator connects to."""

from __future__ import annotations

import dataclasses
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from zoo.fake_server import FakeServer, RawHandler
from zoo.http import Handler
from zoo.run import HOST, Zoo

# Characters that drive a terminal, forge a log line, hide or reorder text, and look like a template.
HOSTILE_TEXT = (
    "\x1b[2J\x1b]0;owned\x07\u202egnissim\u2066\r\nlevel=info msg=forged\x00\x9b31m"
    '{{ 7 * 7 }}{% raw %}\u200b\U000e0041<b>&"'
)
TIMEOUT = 5.0
REQUEST_TIMEOUT = 1.0


class Network:
    """The addresses that this process connected to and the names that it looked up."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.connected: list[tuple[str, int]] = []
        self.resolved: list[str] = []
        connect, resolve = socket.socket.connect, socket.getaddrinfo

        def record_connect(sock: socket.socket, address: tuple[str, int]) -> None:
            self.connected.append((address[0], address[1]))
            connect(sock, address)

        def record_name(host: str, *arguments: Any, **options: Any) -> Any:
            self.resolved.append(host)
            return resolve(host, *arguments, **options)

        patch.setattr(socket.socket, "connect", record_connect)
        patch.setattr(socket, "getaddrinfo", record_name)


@dataclasses.dataclass(frozen=True)
class Visit:
    """A validation of a hostile server.

    :param port: of the server.
    :param peak: bytes that this process, the server included, allocated at most; 0 if not measured.
    """

    report: Report
    port: int
    seconds: float
    peak: int = 0

    @property
    def codes(self) -> set[str]:
        return {issue.code for issue in self.report.issues}


class Visitor:
    """Starts hostile servers and validates them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(
        self,
        keeper: Callable[[], Handler] | None = None,
        *,
        raw: RawHandler | None = None,
        target: Mapping[str, Any] | None = None,
        tls: str | None = None,
        measure: bool = False,
        **options: Any,
    ) -> Visit:
        """Validate a server once.

        :param keeper: makes a server that speaks HTTP; ``raw`` is one that speaks something else.
        :param tls: the name of a certificate of ``zoo.certificates``.
        :param measure: measure the memory.
        :param options: of the validator; a function gets the URL of the server and returns the value.
        """
        with Zoo([FakeServer("hostile", keeper, raw, tls=tls)], self._folder) as zoo:
            port = zoo.ports["hostile"]
            given = {"timeout": TIMEOUT, "request_timeout": REQUEST_TIMEOUT, "ca_cert": zoo.authority, **options}
            given = {
                name: value(f"http://{HOST}:{port}") if callable(value) else value for name, value in given.items()
            }
            if measure:
                tracemalloc.start()
            begin = time.monotonic()
            try:
                report = validate(Target(**{"host": HOST, "port": port, **(target or {})}), Options(**given))
                peak = tracemalloc.get_traced_memory()[1] if measure else 0
            finally:
                tracemalloc.stop()
        return Visit(report, port, time.monotonic() - begin, peak)


def texts(value: Any) -> Iterator[str]:
    """Yield all strings of plain data, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)
