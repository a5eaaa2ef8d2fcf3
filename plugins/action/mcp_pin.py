# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a lock file of what MCPServers offer."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.offers_by_url import (
    PinnedUrl,
    lock_name,
    offers_by_url,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.pin import (
    as_text,
    compare,
    stale_as_text,
    write,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.served_offers import (
    Served,
    fleet_covers,
    fleet_offers,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import (
    ARGUMENT_SPEC,
    merge_target,
    options_from,
    target_from,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction

# Options of a target, as those of mcp_validate.
_TARGET = (
    "name",
    "url",
    "transport",
    "host_header",
    "headers",
    "bearer_token",
    "client_credentials",
    "validate_certs",
    "ca_cert",
    "client_cert",
    "client_key",
)
_OF_TARGETS = ARGUMENT_SPEC["targets"]["options"]
_DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
_CREDENTIALS = "Set bearer_token, client_credentials or headers of the target, or correct them."

# What reads the servers, and what tells which entries of a lock file are theirs.
_Source = tuple[t.Callable[[], Served], t.Callable[[str], bool]]


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "path": {"type": "path", "required": True},
        "servers": {"type": "list", "elements": "str", "default": []},
        "namespace": {"type": "str"},
        "timeout": {"type": "float", "default": 30.0},
        "fail_on_unknown": {"type": "bool", "default": True},
        "targets": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {name: {**_OF_TARGETS[name], "required": name == "url"} for name in _TARGET},
            "mutually_exclusive": [("bearer_token", "client_credentials")],
            "required_by": {"client_key": ("client_cert",)},
        },
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Compare, and write the file if it differs."""
        path = Path(options["path"])
        found = compare(path, *(_by_url(options) if options["targets"] else self._by_cluster(options)))
        if found.changed and not self.check_mode:
            write(path, found.after)
        texts = [as_text(name, items, found.digests[name]) for name, items in sorted(found.differences.items())]
        differences = {name: [one._asdict() for one in items] for name, items in found.differences.items()}
        unknown = {name: problem.to_dict() for name, problem in found.unknown.items()}
        if not (texts or unknown):
            kind = "servers" if options["targets"] else "MCPServers"
            texts.append(f"All {len(found.digests)} {kind} offer what the lock file has.")
        result = {
            "changed": found.changed,
            "failed": bool(unknown) and options["fail_on_unknown"],
            "digests": found.digests,
            "differences": differences,
            "unknown": unknown,
            "stale": list(found.stale),
            "msg": "\n".join([*texts, *map(stale_as_text, found.stale), *map(str, found.unknown.values())]),
        }
        if found.changed:
            where = str(path)
            result["diff"] = {
                "before": found.before,
                "after": found.after,
                "before_header": where,
                "after_header": where,
            }
        return result

    def _by_cluster(self, options: dict[str, t.Any]) -> _Source:
        client = self.client(options)
        wanted, namespace, timeout = options["servers"], options["namespace"] or None, options["timeout"]
        return (
            lambda: fleet_offers(client, wanted, namespace, timeout),
            lambda name: fleet_covers(wanted, namespace, name),
        )


def _by_url(options: dict[str, t.Any]) -> _Source:
    if options["servers"] or options["namespace"]:
        raise InvalidTarget("targets is set together with servers or namespace.", "Pin MCPServers by a second task.")
    servers = []
    for given in options["targets"]:
        params = merge_target({**_DEFAULTS, "timeout": options["timeout"]}, given)
        name = lock_name(given.get("name") or "", given["url"])
        servers.append(PinnedUrl(name, target_from(params), options_from(params)))
    return lambda: offers_by_url(servers, credentials=_CREDENTIALS), lambda _name: False
