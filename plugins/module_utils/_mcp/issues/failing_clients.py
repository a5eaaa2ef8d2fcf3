# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Say which official clients fail on servers with an issue, as measured."""

from __future__ import annotations

import typing as t

from .measured_failures import FAILURES

# Clients that support 2026-07-28.
_STATELESS: t.Final = ("Python 2.x", "TypeScript 2.x")
_ALL: t.Final = ("Python 1.x", "Python 2.x", "TypeScript 1.x", "TypeScript 2.x")


def describe_failing_clients(code: str, *, stateless: bool = False) -> str:
    """Return a sentence that names the failing clients; empty if none fails or if it was not measured.

    :param stateless: only those that support 2026-07-28.
    """
    measured = FAILURES.get(code)
    if measured is None:
        return ""
    kept = _STATELESS if stateless else _ALL
    always, sometimes = ([client for client in clients if client in kept] for clients in measured)
    parts = [
        f"{text}: {join_clients(clients)}."
        for text, clients in (
            ("Official clients that fail", always),
            ("Official clients that fail on some of these servers", sometimes),
        )
        if clients
    ]
    return " ".join(parts)


def join_clients(clients: t.Sequence[str]) -> str:
    """Return the names of clients, the language once.

    >>> join_clients(["Python 1.x", "Python 2.x", "TypeScript 1.x"])
    'Python 1.x and 2.x, TypeScript 1.x'
    """
    lines: dict[str, list[str]] = {}
    for client in clients:
        language, _space, line = client.partition(" ")
        lines.setdefault(language, []).append(line)
    return ", ".join(f"{language} {' and '.join(found)}" for language, found in lines.items())
