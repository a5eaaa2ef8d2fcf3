# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The clusters that an inventory names, and how each is reached."""

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

# What a connection says beside how to reach the API server.
CHOICE: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "namespaces": {"type": "list", "elements": "str", "default": []},
    "label_selectors": {"type": "list", "elements": "str", "default": []},
}


@dataclasses.dataclass(frozen=True)
class Connection:
    """One API server and which of its MCPServers are asked for.

    :param auth: kubernetes.core's authentication options.
    :param name: what to call the cluster, empty for the name of its context.
    :param label: what to call it in a message before that name is known.
    :param namespaces: empty for all.
    :param portable: a path and the name of a context lead there, so that a playbook can be told the way.
    """

    auth: t.Mapping[str, t.Any]
    name: str
    label: str
    namespaces: tuple[str, ...]
    label_selector: str
    portable: bool

    @property
    def kubeconfig(self) -> str:
        """Return the kubeconfig's path, or several joined as in ``KUBECONFIG``, from whatever folder it is used."""
        given = self.auth.get("kubeconfig")
        if not given or not self.portable:
            return ""
        return os.pathsep.join(str(Path(part).expanduser().absolute()) for part in str(given).split(os.pathsep))


def connections(given: list[dict[str, t.Any]]) -> list[Connection]:
    """Return the connections that the options name; where they name none, the one that the environment does.

    :raises ConfigError: an option is unknown or has a value that it cannot have.
    """
    items = given or [{}]
    auth = AUTH
    if len(items) > 1:
        # A token that somebody exported for one cluster is no other cluster's business.
        auth = {name: _without_fallback(spec) if name != "kubeconfig" else spec for name, spec in AUTH.items()}
    spec = {"connections": {"type": "list", "elements": "dict", "options": {**auth, **CHOICE}}}
    result = ArgumentSpecValidator(spec).validate({"connections": items})
    if result.error_messages:
        raise ConfigError(
            f"The inventory's connections cannot be used: {'; '.join(result.error_messages)}.",
            "See ansible-doc -t inventory mcp.kubernetes.mcpservers.",
            code="CONNECTIONS_INVALID",
        )
    checked = result.validated_parameters["connections"]
    return [_connection(number, *pair) for number, pair in enumerate(zip(items, checked), start=1)]


def digest(wanted: t.Iterable[Connection]) -> str:
    """Return what tells these connections from others, credentials aside: what a cache holds is only true of them."""
    said: list[t.Any] = [os.environ.get("KUBECONFIG")]
    for one in wanted:
        kubeconfig = one.auth["kubeconfig"]
        if isinstance(kubeconfig, t.Mapping):
            kubeconfig = kubeconfig.get("current-context")
        where = [str(part) for part in (kubeconfig, one.auth["context"], one.auth["host"])]
        said.append([one.name, where, one.namespaces, one.label_selector])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def _without_fallback(spec: dict[str, t.Any]) -> dict[str, t.Any]:
    return {key: value for key, value in spec.items() if key != "fallback"}


def _connection(number: int, given: t.Mapping[str, t.Any], checked: t.Mapping[str, t.Any]) -> Connection:
    auth = {name: checked.get(name) for name in AUTH}
    own = {name for name, value in given.items() if value is not None} - set(CHOICE)
    # str() takes Ansible's tags off: these become variables, and a variable from a file may be a template.
    return Connection(
        auth=auth,
        name=str(checked["name"] or ""),
        label=str(checked["name"] or auth["context"] or f"connection {number}"),
        namespaces=tuple(map(str, checked["namespaces"])),
        label_selector=",".join(map(str, checked["label_selectors"])),
        portable=own <= {"kubeconfig", "context"} and not isinstance(auth["kubeconfig"], t.Mapping),
    )
