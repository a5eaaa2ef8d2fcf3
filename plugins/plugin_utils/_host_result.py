# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The result of one MCPServer in a batch, at most one KiB: all results of a batch go through one event."""

from __future__ import annotations

import json
import typing as t

from ..module_utils._util import clean, clean_with_end

if t.TYPE_CHECKING:
    from ..module_utils._errors import McpKubernetesError

# Less than a KiB: the operator adds a few keys of its own.
_MOST = 1000
_MESSAGE = 400
_WARNING = 120


class HostResult:
    """Collects the result while one MCPServer is reconciled."""

    def __init__(self) -> None:
        self.template = ""
        self.warnings: list[str] = []
        self._actions: dict[str, str] = {}
        self._children: dict[str, list[str]] = {}
        self._error: McpKubernetesError | None = None

    def applied(self, key: str, action: str, child: t.Sequence[str]) -> None:
        """Record an object that is as wanted: its uid, its state and the fingerprint of its manifest."""
        self._actions[key] = action
        self._children[key] = list(child)

    def deleted(self, key: str) -> None:
        """Record an object that was deleted."""
        self._actions[key] = "deleted"

    def fail(self, error: McpKubernetesError) -> None:
        """Record the error that ended the work."""
        self._error = error

    def to_dict(self) -> dict[str, t.Any]:
        """Return the batch's result for one host."""
        result: dict[str, t.Any] = {
            "changed": any(action != "unchanged" for action in self._actions.values()),
            "failed": self._error is not None,
            "children": self._children,
        }
        if self.template:
            result["template"] = self.template
        if self._error is not None:
            code = f" [{self._error.code}]"
            text = f"{self._error.seen} {self._error.action}".strip()
            result["error"] = self._error.code
            # Chains of errors end with a cause.
            result["msg"] = _fit(text, _MESSAGE - len(code), clean_with_end) + code
        for text in self.warnings:
            said = [*result.get("warnings", []), _fit(text, _WARNING)]
            if _size({**result, "warnings": said}) <= _MOST:
                result["warnings"] = said
        if _size(result) > _MOST:
            # With long names. The next run applies the objects once more, which changes nothing.
            del result["children"]
        return result


def _fit(text: str, most: int, cut: t.Callable[[str, int], str] = clean) -> str:
    """Return a text of at most so many bytes of JSON.

    :param cut: returns a text with at most so many characters.
    """
    letters = most
    while (size := _size(short := cut(text, letters)) - len('""')) > most:
        letters = min(letters - 1, letters * most // size)
    return short


def _size(value: t.Any) -> int:
    return len(json.dumps(value).encode())
