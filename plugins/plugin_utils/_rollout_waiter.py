# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Waits until an MCPServer is validated, and writes its status."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
import typing as t

from ..module_utils._engine.approved_offers import read_pin
from ..module_utils._engine.diagnosis import Diagnosis, PodDiagnoser, PodEvents
from ..module_utils._engine.observe import Observed, RolledBack, compute_status, pending_validation, validation_of
from ..module_utils._engine.port_forward_probe import probe_by_port_forward
from ..module_utils._kube.errors import ApiUnreachable, KubeError
from ..module_utils._util import format_time
from ..module_utils._workload import job, names, pods, rollout, status, validation
from ..module_utils._workload.errors import ValidationJobError
from ..module_utils._workload.offers import judge
from ..module_utils._workload.pod_selector import SelectedPods
from ..module_utils._workload.tool_call import without_tool_call
from ._prerequisite_errors import option

if t.TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from ..module_utils._kube.client import Client
    from ._cluster_snapshot import Key, Snapshot
    from ._settings import Settings

# Seconds between two reads of the Events of one Pod.
_EVENTS_PERIOD = 3.0

_NO_DIAGNOSIS = Diagnosis()

Server = dict[str, t.Any]
Result = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class _Rollback:
    """A rollback that was started `since` seconds after the beginning, and the reports that caused it."""

    outcome: RolledBack
    reports: list[dict[str, t.Any]]
    since: float


class RolloutWaiter:
    """Waits for one MCPServer, a snapshot of the cluster at a time."""

    def __init__(
        self, client: Client, key: Key, settings: Settings, pool: Executor, *, standalone: bool = False
    ) -> None:
        self.key = key
        self.name = "/".join(key)
        self.spoke = time.monotonic()
        self._client = client
        self._settings = settings
        self._pool = pool
        # Read in this thread. Without the right to read Events the status of the Pods remains.
        self._diagnoser = PodDiagnoser(
            PodEvents(client, _EVENTS_PERIOD, time.monotonic, submit=lambda read: read(), on_error=lambda _exc: None)
        )
        self._restarts_before: dict[str, dict[str, int]] | None = None
        self._unready_since: dict[str, float] = {}
        self._checks: list[Future[list[dict[str, t.Any]]]] = []
        self._cause: pods.Cause | None = None
        self._gave_up = False
        self._standalone = standalone
        self._pods: t.Sequence[t.Mapping[str, t.Any]] = []
        self._rollback: _Rollback | None = None
        self._said = ""
        self._written: dict[str, t.Any] = {}
        self._certificate: t.Mapping[str, t.Any] | None = None

    def step(self, seen: Snapshot, waited: float) -> Result | None:
        """Look at the MCPServer once and return its result when there is one.

        :param waited: seconds since the waiting began.
        """
        server = seen.servers.get(self.key)
        if server is None:
            return self._absent()
        deployment = seen.deployments.get(self.key)
        progress = rollout.rollout(deployment)
        selected = seen.pods.get(self.key, SelectedPods())
        current = selected.newest or []
        self._pods = current
        self._certificate = seen.certificates.get(self.key)
        if self._rollback is not None or self._checks:
            return self._judge(server, progress, waited)
        if progress.complete and selected.newest is not None and all(map(pods.is_ready, current)):
            return self._ready(server, deployment, progress, current)
        cause = self._diagnose(server, deployment, current)
        if self._settings.check and cause is None:
            return self._skip(
                server, "it has no Deployment yet" if deployment is None else "its Pods are not ready yet"
            )
        late = waited >= self._settings.wait_timeout
        if late or self._settings.check or (cause is not None and cause.unrecoverable):
            return self._give_up(server, progress, cause, current)
        self._publish(server, self._observed(server, progress, Diagnosis(cause)))
        return None

    def _diagnose(
        self, server: Server, deployment: dict[str, t.Any] | None, current: t.Sequence[t.Mapping[str, t.Any]]
    ) -> pods.Cause | None:
        if self._restarts_before is None:
            self._restarts_before = {pod["metadata"]["uid"]: pods.restarts_by_container(pod) for pod in current}
        return self._diagnoser.diagnose(
            server, deployment, current, self._seconds_unready, lambda: None, self._restarts_before
        ).cause

    def _seconds_unready(self, item: t.Mapping[str, t.Any], _condition: str) -> float:
        """Return for how many seconds this process has seen an object: clocks of clusters differ from ours."""
        now = time.monotonic()
        return now - self._unready_since.setdefault(str(item["metadata"].get("uid")), now)

    def _absent(self) -> Result:
        if self._settings.check:
            return {"failed": False, "msg": f"MCPServer {self.name}: validation skipped, it does not exist yet."}
        return {"failed": True, "msg": f"MCPServer {self.name} does not exist any more. Deploy it again."}

    def _skip(self, server: Server, reason: str) -> Result:
        """Return the result of check mode, which does not wait, for an MCPServer without Pods to validate."""
        return {
            "failed": False,
            "msg": f"MCPServer {self.name}: validation skipped, {reason}.",
            "warnings": [],
            "server": server,
            "reports": {},
        }

    def _ready(
        self,
        server: Server,
        deployment: dict[str, t.Any] | None,
        progress: rollout.Rollout,
        living: t.Sequence[t.Mapping[str, t.Any]],
    ) -> Result | None:
        if not living or not validation.enabled(server):
            return self._finish(server, self._observed(server, progress), [])
        if self._settings.jobs is not None and deployment is not None and job.runner(server) == "job":
            self._checks = [self._pool.submit(self._settings.jobs.probe, server, deployment, living)]
        else:
            self._validate(server, living)
        self._publish(server, Observed(progress, self._pods, pending_validation(server, running=True)))
        return None

    def _give_up(
        self,
        server: Server,
        progress: rollout.Rollout,
        cause: pods.Cause | None,
        living: t.Sequence[t.Mapping[str, t.Any]],
    ) -> Result | None:
        """End the waiting. If a probe of the kubelet fails, validate the Pod from inside first."""
        self._gave_up = True
        limit = f"not ready after {self._settings.wait_timeout:.0f} s"
        self._cause = cause or pods.Cause("Timeout", limit, f"Give it more time: {option('wait_timeout', 'SECONDS')}.")
        if self._cause.reason in ("ProbeFailed", "Timeout") and validation.enabled(server):
            running = [pod for pod in living if (pod.get("status") or {}).get("phase") == "Running"]
            if running:
                self._validate(server, running[:1])
                return None
        return self._finish(server, self._stuck(server, progress, self._cause), [])

    def _validate(self, server: Server, found: t.Sequence[t.Mapping[str, t.Any]]) -> None:
        seconds = self._settings.check_timeout
        if self._settings.check:
            server = without_tool_call(server)

        def check(pod: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
            return [probe_by_port_forward(self._client, server, pod, seconds)]

        self._checks = [self._pool.submit(check, pod) for pod in found]

    def _judge(self, server: Server, progress: rollout.Rollout, waited: float) -> Result | None:
        if self._rollback is not None:
            return self._settle(server, progress, self._rollback, waited)
        if not all(check.done() for check in self._checks):
            return None
        try:
            pin = read_pin(self._client, server)
            reports = [judge(report, pin) for check in self._checks for report in check.result()]
        except ApiUnreachable:
            return self._dial_again(server, progress, waited)
        except (KubeError, ValidationJobError):
            self._publish(server, self._observed(server, progress))
            raise
        failure = validation.failure(reports)
        if self._gave_up and self._cause is not None:
            # The Pod never became ready; the report from its loopback interface explains why.
            cause = dataclasses.replace(self._cause, message=f"{self._cause.message}. {failure}", action="")
            return self._finish(server, self._stuck(server, progress, cause), reports)
        found = validation_of(server, reports, _now(), pin=pin)
        rollbacks = None if self._has_operator() else self._settings.rollbacks
        if rollbacks is not None and found.status["state"] == "Validated":
            rollbacks.record_passed(server)
        if rollbacks is not None and found.failure and validation.strict(server):
            action = rollbacks.roll_back(server)
            if action:
                self._rollback = _Rollback(RolledBack(found, action), reports, waited)
                return None
        return self._finish(server, Observed(progress, self._pods, found), reports)

    def _dial_again(self, server: Server, progress: rollout.Rollout, waited: float) -> Result | None:
        """Forget the checks of Pods to which there was no way, so that they are made again while there is time.

        :raises ApiUnreachable: there is none left.
        """
        checks, self._checks = self._checks, []
        if self._gave_up and self._cause is not None:
            return self._finish(server, self._stuck(server, progress, self._cause), [])
        if waited >= self._settings.wait_timeout:
            self._publish(server, self._observed(server, progress))
            for check in checks:
                check.result()
        return None

    def _settle(self, server: Server, progress: rollout.Rollout, rollback: _Rollback, waited: float) -> Result | None:
        """Wait until the rollback is complete, so that the status shows what serves now."""
        observed = Observed(progress, self._pods, rollback.outcome.validation, rolled_back=rollback.outcome)
        if progress.complete or waited - rollback.since >= self._settings.wait_timeout:
            return self._finish(server, observed, rollback.reports)
        self._publish(server, observed)
        return None

    def _observed(self, server: Server, progress: rollout.Rollout, diagnosis: Diagnosis = _NO_DIAGNOSIS) -> Observed:
        return Observed(progress, self._pods, pending_validation(server), diagnosis)

    def _stuck(self, server: Server, progress: rollout.Rollout, cause: pods.Cause) -> Observed:
        return self._observed(server, progress, Diagnosis(cause, gave_up=True))

    def _finish(self, server: Server, observed: Observed, reports: list[dict[str, t.Any]]) -> Result:
        found = self._publish(server, observed)
        routes = None if self._has_operator() else self._settings.routes
        routed = routes.apply({**server, "status": found}) if routes is not None and reports else {}
        invalid = bool(observed.validation.failure) and self._settings.fail_on_invalid
        refused = found["phase"] in ("Failed", "ValidationFailed") or self._gave_up or invalid
        failed = [found["message"]] if observed.validation.failure and not refused else []
        return {
            "failed": refused,
            "msg": f"MCPServer {self.name}: {found['message']}",
            "server": {**server, "status": found},
            "reports": {report["pod"]: report for report in reports},
            **routed,
            "warnings": [f"MCPServer {self.name}: {text}" for text in (*failed, *routed.get("warnings", ()))],
        }

    def _has_operator(self) -> bool:
        """Tell whether an operator manages the workload. It alone creates routes, and rolls back."""
        return not self._standalone and self._settings.has_operator(self.key[0])

    def _publish(self, server: Server, observed: Observed) -> dict[str, t.Any]:
        """Write the status if it changed, and report the progress."""
        found = compute_status(server, observed._replace(certificate=self._certificate), _now())
        line = f"{self.name}: {found['phase']}, {found['message']}"
        if observed.validation.status.get("state") in ("Validating", "Validated", "AuthRequired"):
            line = f"{self.name}: {found['phase']}, {observed.validation.status['state']}"
        if line != self._said:
            self._said, self.spoke = line, time.monotonic()
            self._settings.report(line)
        known = any(status.same_status(found, old) for old in (self._written, server.get("status") or {}))
        if not self._standalone and not known and self._settings.may_write(self.key[0]):
            meta = {"name": self.key[1], "namespace": self.key[0]}
            manifest = {"apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta, "status": found}
            self._client.apply(manifest, field_manager=names.STATUS_MANAGER, subresource="status")
            self._written = found
        return found


def _now() -> str:
    return format_time(dt.datetime.now(dt.timezone.utc))
