# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write the validator's table of issues and failing clients from what was measured (tests/oracles/tolerance.yaml)."""

from __future__ import annotations

import collections
import sys
from typing import Any

from steps import ROOT

sys.path.insert(0, str(ROOT / "tests" / "servers"))

from oracle import tolerance
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.servers import Dual

MODULE = ROOT / "plugins" / "module_utils" / "_mcp" / "issues" / "measured_failures.py"
HEAD = '''# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which official clients fail on servers with an issue, as measured on the fake servers of the tests.

Written by tests/tools/client_failures.py from tests/oracles/tolerance.yaml; do not edit.
"""

from __future__ import annotations

import typing as t

PY1, PY2, TS1, TS2 = "Python 1.x", "Python 2.x", "TypeScript 1.x", "TypeScript 2.x"
'''
# The issues that say that no server was found come with the one that says why.
BESIDE = {"TRANSPORT_DETECTION_FAILED", "TRANSPORT_CREATION_FAILED"}
DEPRECATED = "DEPRECATED_"  # information that comes with other issues
CONSTANTS = {"python-1": "PY1", "python-2": "PY2", "typescript-1": "TS1", "typescript-2": "TS2"}


def by_code(servers: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what was measured on the fake servers that have one issue, for each code.

    Not of servers of two revisions: their issues are of the one that was not negotiated.
    """
    found: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for fake_server in FAKE_SERVERS:
        codes = set(fake_server.issues) - BESIDE
        codes = {code for code in codes if not code.startswith(DEPRECATED)} or codes
        two = fake_server.keeper is not None and isinstance(fake_server.keeper(), Dual)
        if fake_server.name in servers and len(codes) == 1 and not two:
            found[codes.pop()].append(servers[fake_server.name])
    return dict(sorted(found.items()))


def failing(servers: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the clients that fail on all of the servers that they can use, and those that fail on some."""
    always: list[str] = []
    sometimes: list[str] = []
    for client in CONSTANTS:
        fails = [client in seen["fails"] for seen in servers if client in (*seen["works"], *seen["fails"])]
        if any(fails):
            (always if all(fails) else sometimes).append(client)
    return always, sometimes


def module() -> str:
    """Return the module."""
    measured = tolerance.load()
    lines = [f'    {CONSTANTS[client]}: "{version}",' for client, version in measured["versions"].items()]
    rows = [
        f'    "{code}": ({", ".join(map(_tuple, failing(servers)))}),'
        for code, servers in by_code(measured["servers"]).items()
    ]
    return "\n".join(
        [
            f"{HEAD}",
            "# The measured versions.",
            "VERSIONS: t.Final = {",
            *lines,
            "}",
            "# For each code, the clients that fail on all servers with this issue, and those that fail on some.",
            "FAILURES: t.Final[t.Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {",
            *rows,
            "}",
            "",
        ]
    )


def _tuple(clients: list[str]) -> str:
    names = [CONSTANTS[client] for client in clients]
    return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
