# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The connections of an inventory: which clusters it lists, and how to authenticate."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._kube.errors import ConfigError
from ._argspec import AUTH

# The options of a connection that are not for authentication.
CHOICE: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "namespaces": {"type": "list", "elements": "str", "default": []},
    "label_selectors": {"type": "list", "elements": "str", "default": []},
}


@dataclasses.dataclass(frozen=True)
class Connection:
    """An API server, and which of its MCPServers to list.

    :param auth: kubernetes.core's authentication options.
    :param name: of the cluster; empty for the name of its context.
    :param label: its name in messages before the context is known.
    :param namespaces: empty for all.
    :param portable: whether a path and a context are all that a playbook needs to connect.
    """

    auth: t.Mapping[str, t.Any]
    name: str
    label: str
    namespaces: tuple[str, ...]
    label_selector: str
    portable: bool

    @property
    def kubeconfig(self) -> str:
        """Return the kubeconfig's absolute path, or several joined as in ``KUBECONFIG``."""
        given = self.auth.get("kubeconfig")
        if not given or not self.portable:
            return ""
        return os.pathsep.join(str(Path(part).expanduser().absolute()) for part in str(given).split(os.pathsep))


def connections(given: list[dict[str, t.Any]]) -> list[Connection]:
    """Return the connections of the options; without any, the one of the environment variables.

    :raises ConfigError: an option is unknown or invalid.
    """
    items = given or [{}]
    auth = AUTH
    if len(items) > 1:
        # A token in the environment is for one cluster and must not be sent to another.
        auth = {name: _without_fallback(spec) if name != "kubeconfig" else spec for name, spec in AUTH.items()}
    spec = {"connections": {"type": "list", "elements": "dict", "options": {**auth, **CHOICE}}}
    result = ArgumentSpecValidator(spec).validate({"connections": items})
    if result.error_messages:
        raise ConfigError(
            f"The inventory's connections are invalid: {'; '.join(result.error_messages)}.",
            "See ansible-doc -t inventory mcp.kubernetes.mcpservers.",
            code="CONNECTIONS_INVALID",
        )
    checked = result.validated_parameters["connections"]
    return [_connection(number, *pair) for number, pair in enumerate(zip(items, checked), start=1)]


def digest(wanted: t.Iterable[Connection]) -> str:
    """Return a hash of the connections without their credentials, for the key of the inventory's cache."""
    parts: list[t.Any] = [os.environ.get("KUBECONFIG")]
    for one in wanted:
        kubeconfig = one.auth["kubeconfig"]
        if isinstance(kubeconfig, t.Mapping):
            kubeconfig = kubeconfig.get("current-context")
        where = [str(part) for part in (kubeconfig, one.auth["context"], one.auth["host"])]
        parts.append([one.name, where, one.namespaces, one.label_selector])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def _without_fallback(spec: dict[str, t.Any]) -> dict[str, t.Any]:
    return {key: value for key, value in spec.items() if key != "fallback"}


def _connection(number: int, given: t.Mapping[str, t.Any], checked: t.Mapping[str, t.Any]) -> Connection:
    auth = {name: checked.get(name) for name in AUTH}
    own = {name for name, value in given.items() if value is not None} - set(CHOICE)
    # str() removes the tag that marks a text from a file as a trusted template; these become variables.
    return Connection(
        auth=auth,
        name=str(checked["name"] or ""),
        label=str(checked["name"] or auth["context"] or f"connection {number}"),
        namespaces=tuple(map(str, checked["namespaces"])),
        label_selector=",".join(map(str, checked["label_selectors"])),
        portable=own <= {"kubeconfig", "context"} and not isinstance(auth["kubeconfig"], t.Mapping),
    )
