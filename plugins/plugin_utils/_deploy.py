# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Apply and observe MCPServers of one cluster, with the options that the actions for it share."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.applier import Applier
from ..module_utils._engine.network_default import NetworkDefault
from ..module_utils._engine.operator_lease import OperatorLease
from ._action import display
from ._apply import DeployBatch
from ._apply_mode import AUTO, CHOICES, ApplyModes
from ._job_probe import JobProbe
from ._observe import observe
from ._renderer import Renderer
from ._role import network
from ._rollback import Rollbacks
from ._routes import Routes
from ._settings import Settings

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._per_cluster import Results

Options = t.Mapping[str, t.Any]

# Documented in plugins/doc_fragments/_workload.py, in the fragments of the same names.
RENDER: dict[str, dict[str, t.Any]] = {
    "default_resources": {"type": "dict"},
    "bridge_images": {"type": "dict"},
    "network": {"type": "dict"},
}
APPLY_MODE: dict[str, dict[str, t.Any]] = {"apply": {"type": "str", "choices": list(CHOICES), "default": AUTO}}
VALIDATION: dict[str, dict[str, t.Any]] = {
    "validate_timeout": {"type": "float", "default": 30.0},
    "fail_on_invalid": {"type": "bool", "default": True},
    "validation_image": {"type": "str"},
}
WAIT: dict[str, dict[str, t.Any]] = {"wait_timeout": {"type": "float", "default": 120.0}}


def apply_servers(
    client: Client, servers: t.Mapping[str, t.Any], options: Options, templates: str, *, dry_run: bool
) -> Results:
    """Apply MCPServers, and their workloads where no operator does.

    :param servers: host name -> manifest.
    :param options: ``apply``, ``namespace`` and those of :data:`RENDER`.
    :param templates: folder of the templates.
    """
    renderer = Renderer(templates, options["bridge_images"], options["network"])
    default = NetworkDefault(client, network(options["network"])["default"])
    batch = DeployBatch(
        client,
        Applier(client, renderer, options["default_resources"], network_default=default),
        ApplyModes(client, options["apply"]),
        default_namespace=options["namespace"],
        dry_run=dry_run,
    )
    return batch.apply_all(servers)


def together(applied: t.Mapping[str, t.Any], observed: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the result of an MCPServer that was applied and then observed."""
    return {
        **applied,
        **observed,
        # After the validation, the route of a server that is exposed is applied, too.
        "changed": bool(applied.get("changed") or observed.get("changed")),
        **{key: [*applied.get(key, []), *observed.get(key, [])] for key in ("objects", "diff", "warnings")},
    }


def observe_servers(
    client: Client, targets: t.Mapping[str, t.Any], options: Options, templates: str | None, *, dry_run: bool
) -> Results:
    """Wait for MCPServers, validate their Pods and write their status.

    :param targets: host name -> ``namespace``, ``name`` and ``mode``.
    :param options: ``wait_timeout``, ``write_status`` and those of :data:`VALIDATION` and :data:`RENDER`.
    :param templates: folder of the templates, to record what passed, to roll back to it and to create routes. None does
        none of them.
    """
    renderer = Renderer(templates, options["bridge_images"], options["network"]) if templates else None
    image = options["validation_image"]
    # There is one writer of a status: the operator where one answers.
    operator = OperatorLease(client)
    may_write = options["write_status"] and not dry_run
    settings = Settings(
        wait_timeout=options["wait_timeout"],
        check_timeout=options["validate_timeout"],
        may_write=lambda namespace: may_write and not operator.manages(namespace),
        has_operator=operator.manages,
        check=dry_run,
        fail_on_invalid=options["fail_on_invalid"],
        report=lambda line: display.display(f"  {line}"),
        jobs=JobProbe(client, image) if image and not dry_run else None,
        rollbacks=Rollbacks(client, renderer, options["default_resources"]) if renderer and not dry_run else None,
        routes=Routes(client, Applier(client, renderer, options["default_resources"]), dry_run=dry_run)
        if renderer
        else None,
    )
    return observe(client, targets, settings)
