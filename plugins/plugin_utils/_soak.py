# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Watch MCPServers for a soak time: each must stay validated at the generation that was applied."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._kube.errors import ApiUnreachable
from ..module_utils._util import clean
from ..module_utils._workload import names
from ..module_utils._workload.table import is_healthy, is_ready
from ..module_utils._workload.validation import is_settled

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Results = dict[str, dict[str, t.Any]]


class Clock(t.Protocol):
    """The time, which tests replace."""

    def monotonic(self) -> float:
        """Return seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


def soak(
    client: Client,
    targets: t.Mapping[str, t.Mapping[str, t.Any]],
    *,
    seconds: float,
    interval: float,
    require_validated: bool = True,
    clock: Clock = time,
) -> Results:
    """Read the MCPServers of one cluster again and again, and return a result for each.

    One that is not healthy fails at once, and the others are watched on. A cluster that does not answer for a while is
    no failure, as long as it answers at the end.

    :param targets: key -> ``namespace``, ``name`` and ``generation``.
    :param seconds: the soak time. With 0, the MCPServers are read once.
    :param interval: seconds between two reads.
    :param require_validated: a server that is ready and has failed validation is a failure, too.
    :raises KubeError: the API server rejected a request, or did not answer at the end.
    """
    deadline = clock.monotonic() + seconds
    results: Results = {}
    while True:
        last = clock.monotonic() >= deadline
        left = {key: target for key, target in targets.items() if key not in results}
        try:
            seen = _read(client, left)
        except ApiUnreachable:
            if last:
                raise
            seen = {}
        for key, server in seen.items():
            problem = judge(server, left[key], require_validated=require_validated)
            if problem:
                results[key] = _result(left[key], server, problem)
        if last or len(results) == len(targets):
            return {**{key: _result(left[key], server, "") for key, server in seen.items()}, **results}
        clock.sleep(max(0.0, min(interval, deadline - clock.monotonic())))


def judge(
    server: t.Mapping[str, t.Any] | None, target: t.Mapping[str, t.Any], *, require_validated: bool = True
) -> str:
    """Return what is wrong with an MCPServer; empty if it is validated at the generation that was applied."""
    if server is None:
        return "It was deleted."
    generation = int(server["metadata"].get("generation") or 0)
    applied = int(target.get("generation") or 0)
    if applied and generation != applied:
        return f"Its spec was changed after the rollout: generation {generation} instead of {applied}."
    status = server.get("status") or {}
    if not is_settled(server):
        return f"It is not validated at generation {generation}: {clean(status.get('message'), 300)}"
    if not (is_healthy(server) if require_validated else is_ready(status)):
        state = (status.get("validation") or {}).get("state")
        return f"It is {clean(status.get('phase'))} and {clean(state)}: {clean(status.get('message'), 300)}"
    return ""


def _read(client: Client, targets: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, dict[str, t.Any] | None]:
    found: dict[tuple[str, str], dict[str, t.Any]] = {}
    for namespace in sorted({str(target["namespace"]) for target in targets.values()}):
        for server in client.list(names.API_VERSION, names.KIND, namespace):
            server["metadata"].pop("managedFields", None)
            found[namespace, server["metadata"]["name"]] = server
    return {key: found.get((target["namespace"], target["name"])) for key, target in targets.items()}


def _result(target: t.Mapping[str, t.Any], server: dict[str, t.Any] | None, problem: str) -> dict[str, t.Any]:
    name = f"{target['namespace']}/{target['name']}"
    result: dict[str, t.Any] = {
        "failed": bool(problem),
        "msg": f"MCPServer {name}: {problem or 'It stayed validated.'}",
    }
    return {**result, "server": server} if server else result
