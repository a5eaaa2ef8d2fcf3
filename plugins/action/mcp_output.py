# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Write a text to a file, or display it."""

from __future__ import annotations

import typing as t
import unicodedata

from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import McpAction, display

_COPY = "ansible.builtin.copy"
# Control, format (with those that reverse or hide text) and surrogate characters, line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SAFE = frozenset("\n\t\N{ZERO WIDTH JOINER}")  # the last one joins emojis


class ActionModule(McpAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    _supports_check_mode = True
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "content": {"type": "str", "required": True},
        "dest": {"type": "path"},
        "display": {"type": "bool", "default": True},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Write or display it. A debug task would print its line ends as backslash escapes."""
        if options["dest"]:
            return self._write(options["content"], options["dest"])
        if options["display"]:
            display.display(f"\n{printable(options['content'])}\n")
        return {"changed": False}

    def _write(self, content: str, dest: str) -> dict[str, t.Any]:
        """Write it as the module copy does, with its check mode and its diff."""
        task = self._task.copy()
        task.action = _COPY
        task.args = {"content": content, "dest": dest, "mode": "0644"}
        copy = self._shared_loader_obj.action_loader.get(
            _COPY,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        result: dict[str, t.Any] = copy.run(task_vars=self._variables)
        return result


def printable(text: str) -> str:
    """Return a text without characters that could drive a terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_unsafe(one) else one for one in text).rstrip()


def _is_unsafe(one: str) -> bool:
    return one not in _SAFE and unicodedata.category(one) in _UNSAFE
