# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""One MCPServer for which an operator does the work: its status is awaited."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._engine.operator_lease import is_unobserved, unmanaged
from ..module_utils._workload import validation
from ._prerequisite_errors import without_operator

if t.TYPE_CHECKING:
    from ._cluster_snapshot import Key, Snapshot
    from ._settings import Settings


# Seconds without an operator after which the waiting ends.
_DESERTED = 30.0


class StatusWaiter:
    """Waits for the operator to finish one MCPServer, a snapshot of the cluster at a time."""

    def __init__(self, key: Key, settings: Settings) -> None:
        self.key = key
        self.name = "/".join(key)
        self.spoke = time.monotonic()
        self._settings = settings
        self._said = ""
        self._answered: float | None = None

    def step(self, seen: Snapshot, waited: float) -> dict[str, t.Any] | None:
        """Look at the MCPServer once and return its result when there is one."""
        server = seen.servers.get(self.key)
        if server is None:
            gone = f"MCPServer {self.name} is not there."
            return {"failed": not self._settings.check, "msg": gone}
        status = server.get("status") or {}
        phase, message = str(status.get("phase") or "Pending"), str(status.get("message") or "")
        line = f"{self.name}: {phase}, {message}"
        if line != self._said:
            self._said, self.spoke = line, time.monotonic()
            self._settings.report(line)
        if self._settings.has_operator(self.key[0]):
            self._answered = waited
        late = waited >= self._settings.wait_timeout
        finished = validation.is_settled(server) and phase in ("Running", "ValidationFailed", "Failed")
        if not (finished or late or self._settings.check):
            return self._deserted(server, waited)
        invalid = (status.get("validation") or {}).get("state") == "Failed"
        failed = (phase != "Running" or (invalid and self._settings.fail_on_invalid)) and not self._settings.check
        if late and not finished:
            message = f"The operator has not finished after {waited:.0f} s: {phase}, {message}"
        failed = failed or (late and not finished)
        message = f"MCPServer {self.name}: {message}"
        return {
            "failed": failed,
            "msg": message,
            # As without an operator: what is no failure of the play is not silent.
            "warnings": [message] if invalid and not failed else [],
            "server": server,
            "reports": {},
        }

    def _deserted(self, server: t.Mapping[str, t.Any], waited: float) -> dict[str, t.Any] | None:
        """Return a result where no operator answers, or the one that answered has gone.

        Between two operators there may be a moment, and a new one needs some seconds to take its Lease. One that is
        installed elsewhere has another Lease, and shows itself by the status.
        """
        if self._answered is None:
            if waited < _DESERTED or not is_unobserved(server):
                return None
            message = f"MCPServer {self.name}: {unmanaged(self.key[0])} [NO_OPERATOR]"
            return {"failed": True, "msg": message, "reports": {}}
        if waited - self._answered < _DESERTED:
            return None
        seen = f"the operator has stopped answering {waited - self._answered:.0f} s ago: its Lease is not renewed."
        action = f"Start it again, or do without it: {without_operator()}."
        return {"failed": True, "msg": f"MCPServer {self.name}: {seen} {action} [OPERATOR_GONE]", "reports": {}}
