# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The variables of the playbooks, as ``playbooks/meta`` describes them."""

from __future__ import annotations

import difflib
import fnmatch
import math
import typing as t
from pathlib import Path

import yaml
from ansible.utils.vars import load_extra_vars

from ..module_utils._errors import McpKubernetesError
from ..module_utils._util import clean

# Parsing in Python would take a tenth of a second of each run.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FOLDER = Path(__file__).resolve().parents[2] / "playbooks" / "meta"
PREFIX = "mcp_"

Options = dict[str, dict[str, t.Any]]
# name of a variable -> its earlier names
Names = dict[str, list[str]]


class UnknownVariable(McpKubernetesError):
    """A variable begins with ``mcp_``, and no playbook has it."""

    code = "UNKNOWN_VARIABLE"


class MissingVariable(McpKubernetesError):
    """A variable that a playbook requires is not set."""

    code = "MISSING_VARIABLE"


class VariableTwice(McpKubernetesError):
    """A variable is set by its name and by an earlier name."""

    code = "VARIABLE_TWICE"


class VariableInvalid(McpKubernetesError):
    """A variable has a value that the playbook cannot use."""

    code = "VARIABLE_INVALID"


def check(playbook: str, given: t.Collection[str], defined: t.Container[str] = (), folder: Path = _FOLDER) -> list[str]:
    """Check the names of extra variables, and return warnings.

    A variable of another playbook is a warning only: one run can import several playbooks of this collection.

    :param given: names of extra variables; those without the prefix are ignored.
    :param defined: names of all variables, also those of inventories.
    :raises UnknownVariable: no playbook of this collection has one of them.
    :raises MissingVariable: the playbook requires a variable that is not set.
    :raises VariableTwice: a variable is set by two of its names, and it is not clear which one counts.
    """
    options = {path.stem: _options(path) for path in sorted(folder.glob("*.yml"))}
    names = {name: {one: field.get("aliases", []) for one, field in own.items()} for name, own in options.items()}
    known = names.pop(playbook)
    current = {name for own in names.values() for name in own}
    of_others: set[str] = set()
    for name, earlier in known.items():
        for other in earlier:
            _once(playbook, (name, other), given, defined, shared=other in current)
            if name in given and other in current:
                of_others.add(other)
    warnings = []
    for name in given:
        if not name.startswith(PREFIX) or (_is_in(name, known) and name not in of_others):
            continue
        having = [other for other, own in names.items() if _is_in(name, own)]
        if not having:
            raise _unknown(playbook, name, known)
        warnings.append(f"{name} has no effect in the playbook {playbook}. It is a variable of {', '.join(having)}.")
    for name, field in options[playbook].items():
        if field.get("required") and not any(one in given or one in defined for one in (name, *known[name])):
            raise MissingVariable(f"The playbook {playbook} needs {name}.", f"Set it: {field['description']}")
    return warnings


def numbers(playbook: str, folder: Path = _FOLDER) -> list[str]:
    """Return the variables of a playbook that are numbers of seconds or percent."""
    options = _options(folder / f"{playbook}.yml")
    return [name for name, field in options.items() if field.get("type") == "float"]


def check_number(name: str, value: t.Any) -> None:
    """Require a number that is finite and not negative: a playbook that waits for others would never end.

    :raises VariableInvalid: it is none.
    """
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise VariableInvalid(f"{name} is {clean(value, 40) or 'empty'}.", "Set a number that is not negative.")


def check_task(
    playbook: str, loader: t.Any, variables: t.Mapping[str, t.Any], template: t.Callable[[t.Any], t.Any]
) -> list[str]:
    """Check the names of the extra variables of a run, and the numbers of its playbook, and return warnings.

    Unknown variables of inventories are accepted: they can be for other playbooks.

    :param loader: Ansible's loader of files.
    :param variables: of the task.
    :param template: returns the value of a variable.
    :raises McpKubernetesError: as :func:`check` and :func:`check_number`.
    """
    given = load_extra_vars(loader)
    defined, hostvars = set(variables), variables["hostvars"]
    names = replaced(playbook, given)
    # The check runs on localhost, and plays on other hosts use their variables.
    for host in hostvars if names else ():
        defined.update(set(names) & set(hostvars.raw_get(host)))
    warnings = check(playbook, given, defined)
    # Later, a task would fail in the middle, for example between a change and its rollback.
    for name in numbers(playbook):
        if name in variables:
            check_number(name, template(variables[name]))
    return warnings


def replaced(playbook: str, given: t.Container[str], folder: Path = _FOLDER) -> list[str]:
    """Return the variables of a playbook of which an earlier name is an extra variable.

    Where a host has the current name, the extra variable would have no effect.
    """
    options = _options(folder / f"{playbook}.yml")
    return [name for name, field in options.items() if any(one in given for one in field.get("aliases", []))]


def _once(
    playbook: str, pair: tuple[str, str], given: t.Container[str], defined: t.Container[str], *, shared: bool
) -> None:
    """Require that a variable is set by one of two names.

    An extra variable with the current name replaces one of an inventory with the earlier name, as it does if the names
    are the same. If other playbooks have a variable with the earlier name, it can be for them: in an inventory, and
    as an extra variable beside the current name, in a run that imports several playbooks.

    :param pair: the name and an earlier name.
    :param shared: whether another playbook has a variable with the earlier name.
    """
    name, earlier = pair
    both = all(one in given or one in defined for one in pair)
    replaces = name in given and (shared or earlier not in given)
    of_others = shared and earlier not in given
    if both and not (replaces or of_others):
        raise VariableTwice(
            f"The playbook {playbook} has {name} and {earlier}, which is an earlier name of it.", f"Set only {name}."
        )


def _options(path: Path) -> Options:
    (spec,) = yaml.load(path.read_text(encoding="utf-8"), _LOADER)["argument_specs"].values()  # noqa: S506
    options: Options = spec["options"]
    return options


def _is_in(name: str, known: Names) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _all(known))


def _all(known: Names) -> list[str]:
    return [one for name, earlier in known.items() for one in (name, *earlier)]


def _unknown(playbook: str, name: str, known: Names) -> UnknownVariable:
    near = difflib.get_close_matches(name, _all(known), n=1)
    if near:
        current = next(one for one, earlier in known.items() if near[0] in (one, *earlier))
        action = f"Did you mean {current}?"
    else:
        action = f"It has {', '.join(known)}. Use names without {PREFIX} for variables of your own."
    return UnknownVariable(f"The playbook {playbook} has no variable {clean(name)}.", action)
