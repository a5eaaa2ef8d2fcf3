# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The root of the one error tree of the collection.

McpKubernetesError          code, what was seen, what to do
├── _mcp.errors             talking to an MCP server
├── _kube.errors            talking to the API server
└── _workload.errors        manifests and what they ask for

Every leaf carries a stable ``code`` (``UPPER_SNAKE_CASE``): scripts may depend on it, the texts are for people.
"""

from __future__ import annotations

import typing as t


class McpKubernetesError(Exception):
    """An error that a user can act on.

    :param seen: what was seen, one sentence, free of secrets and of control characters.
    :param action: what the user can do about it, one sentence, may be empty.
    :param code: overrides the class's stable code.
    """

    code: t.ClassVar[str] = "ERROR"

    def __init__(self, seen: str, action: str = "", *, code: str | None = None) -> None:
        super().__init__(seen, action)
        self.seen = seen
        self.action = action
        if code is not None:
            self.code = code  # type: ignore[misc]  # an instance may be more exact than its class

    def __str__(self) -> str:
        text = self.seen if not self.action else f"{self.seen} {self.action}"
        return f"{text} [{self.code}]"

    def to_dict(self) -> dict[str, str]:
        """Return the error as a dictionary of ``code``, ``seen`` and ``action``."""
        return {"code": self.code, "seen": self.seen, "action": self.action}
