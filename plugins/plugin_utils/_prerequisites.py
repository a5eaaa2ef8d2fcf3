# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Install what MCPServers need in a cluster."""

from __future__ import annotations

import time
import typing as t

import yaml

from ..module_utils._engine.namespaces import find_namespace
from ..module_utils._engine.served_kinds import ServedKinds
from ..module_utils._kube.body import ApplyPatch
from ..module_utils._kube.errors import ApiConflict, ApiNotFound, KubeError
from ..module_utils._workload import names
from ._changes import record
from ._role import CRD

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_SERVED_TIMEOUT, _PERIOD = 30.0, 0.5  # seconds

Result = dict[str, t.Any]


class Clock(t.Protocol):
    """The time, which tests replace."""

    def monotonic(self) -> float:
        """Return seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


def install_crd(client: Client, result: Result, *, dry_run: bool, clock: Clock = time) -> None:
    """Install or upgrade the CustomResourceDefinition, and wait until the API server serves MCPServers.

    :param result: receives the change.
    :raises KubeError: it was rejected, or is not served in time.
    """
    wanted = yaml.load(CRD.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - either loads data only
    what = f"CustomResourceDefinition {wanted['metadata']['name']}"
    path = f"{_DEFINITIONS}/{wanted['metadata']['name']}"
    try:
        before = client.request("GET", path, what=f"read the {what}")
    except ApiNotFound:
        before = None
    query = {"fieldManager": names.DEPLOY_MANAGER, "force": "true", **({"dryRun": "All"} if dry_run else {})}
    after = client.request("PATCH", path, what=f"apply the {what}", query=query, body=ApplyPatch(wanted))
    changes: Result = {"changed": False, "objects": [], "diff": []}
    record(changes, before, after, dry_run=dry_run)
    result["changed"] = result["changed"] or changes["changed"]
    # Not its difference, which has thousands of lines.
    result["objects"] += changes["objects"]
    deadline = clock.monotonic() + _SERVED_TIMEOUT
    while not dry_run and not ServedKinds(client).has(names.API_VERSION, names.KIND):
        if clock.monotonic() > deadline:
            raise KubeError(f"The {what} is not served after {_SERVED_TIMEOUT:g} s.", "See its conditions.")
        clock.sleep(_PERIOD)


def create_namespace(client: Client, name: str, result: Result, *, dry_run: bool) -> None:
    """Create a namespace, unless it exists.

    :param result: receives the change.
    :raises KubeError: it may not be read or created.
    """
    action = "unchanged"
    if find_namespace(client, name) is None:
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        query = {"fieldManager": names.DEPLOY_MANAGER, **({"dryRun": "All"} if dry_run else {})}
        try:
            client.request("POST", "/api/v1/namespaces", what=f"create namespace {name}", query=query, body=body)
            action = "created"
        except ApiConflict:
            pass  # by another client since it was read
    result["objects"].append({"kind": "Namespace", "name": name, "action": action})
    result["changed"] = result["changed"] or action == "created"
