# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The variables of the playbooks, as ``playbooks/meta`` describes them."""

from __future__ import annotations

import difflib
import fnmatch
import typing as t
from pathlib import Path

import yaml

from ..module_utils._errors import McpKubernetesError
from ..module_utils._util import clean

_FOLDER = Path(__file__).resolve().parents[2] / "playbooks" / "meta"
PREFIX = "mcp_"


class UnknownVariable(McpKubernetesError):
    """A variable begins with ``mcp_``, and no playbook has it."""

    code = "UNKNOWN_VARIABLE"


def check(playbook: str, given: t.Iterable[str], folder: Path = _FOLDER) -> list[str]:
    """Check the names of extra variables, and return warnings.

    A variable of another playbook is a warning only: one run can import several playbooks of this collection.

    :param given: names of variables; those without the prefix are ignored.
    :raises UnknownVariable: no playbook of this collection has one of them.
    """
    known = _names(folder / f"{playbook}.yml")
    left = [name for name in given if name.startswith(PREFIX) and not _is_in(name, known)]
    if not left:
        return []
    others = {path.stem: _names(path) for path in sorted(folder.glob("*.yml")) if path.stem != playbook}
    warnings = []
    for name in left:
        having = [other for other, names in others.items() if _is_in(name, names)]
        if not having:
            raise _unknown(playbook, name, known)
        warnings.append(f"{name} has no effect in the playbook {playbook}. It is a variable of {', '.join(having)}.")
    return warnings


def _names(path: Path) -> list[str]:
    """Return the names and the earlier names of a playbook's variables."""
    (spec,) = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
    return [name for key, option in spec["options"].items() for name in (key, *option.get("aliases", []))]


def _is_in(name: str, known: t.Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in known)


def _unknown(playbook: str, name: str, known: t.Sequence[str]) -> UnknownVariable:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        action = f"Did you mean {near[0]}?"
    else:
        action = f"It has {', '.join(known)}. Use names without {PREFIX} for variables of your own."
    return UnknownVariable(f"The playbook {playbook} has no variable {clean(name)}.", action)
