# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates the Pods of an MCPServer by a Job in its namespace, and waits for the result."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._engine.job_probe import JobSettings, JobTarget, create_job, read_job
from ..module_utils._workload import job, probe_auth
from ..module_utils._workload.errors import ValidationJobError
from ..module_utils._workload.pod_selector import controlled_by
from ..module_utils._workload.probe_spec import probe_spec

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_INTERVAL = 0.5  # seconds between two requests for the state of the Job
_SLACK = 20.0  # seconds after the Job's deadline in which the API server may report its end
_IMAGE_ACTION = (
    "The image is the operator's. Name one that your cluster can pull: -e mcpserver_validation_image=IMAGE for the "
    "playbook, validation_image=IMAGE for the module."
)

Object = t.Mapping[str, t.Any]


class JobProbe:
    """Validates Pods by Jobs, synchronously.

    :param image: of the operator.
    """

    def __init__(
        self,
        client: Client,
        image: str,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._image = image
        self._clock = clock
        self._sleep = sleep

    def probe(self, server: Object, deployment: Object, pods: t.Sequence[Object]) -> list[dict[str, t.Any]]:
        """Return a report for each Pod as :mod:`report_encoding` returns it, with ``pod`` added.

        :param deployment: what the Job is deleted with if there is no MCPServer.
        :raises ValidationJobError: the Job did not start, or ended without a report.
        :raises KubeError: the API server did not answer, or rejected the Job.
        """
        reports = []
        spec = probe_spec(server)
        for first in range(0, len(pods), job.MAX_PODS):
            part = pods[first : first + job.MAX_PODS]
            found = [
                probe_auth.judge(report, spec.auth, strict=spec.strict)
                for report in self._run(server, deployment, part)
            ]
            reports += [{**report, "pod": pod["metadata"]["name"]} for report, pod in zip(found, part)]
        return reports

    def _run(self, server: Object, deployment: Object, pods: t.Sequence[Object]) -> list[dict[str, t.Any]]:
        targets = [JobTarget([pod["metadata"]["name"]], str((pod.get("status") or {}).get("podIP"))) for pod in pods]
        owner = None if server["metadata"].get("uid") else _owner(deployment)
        # The time makes the attempt unique.
        settings = JobSettings(self._image, int(time.time()) % 10**9, owner)
        made = create_job(self._client, server, probe_spec(server), targets, settings)
        name, namespace, limit = made["metadata"]["name"], made["metadata"]["namespace"], _deadline(made)
        selector = f"batch.kubernetes.io/job-name={name}"
        deadline = self._clock() + limit + _SLACK
        while self._clock() < deadline:
            pods_of = controlled_by(self._client.list("v1", "Pod", namespace, labelSelector=selector))
            result = read_job(made, pods_of(made))
            if result.reports is not None:
                return result.reports
            if result.ended is not None or result.unrecoverable:
                raise ValidationJobError(f"{namespace}/{name}: {result.problem} {_IMAGE_ACTION}")
            self._sleep(_INTERVAL)
        seen = f"The validation Job {name} reported nothing within {limit} s."
        raise ValidationJobError(f"{seen} Look at it with: kubectl -n {namespace} describe job {name}")


def _deadline(made: Object) -> int:
    return int(made["spec"]["activeDeadlineSeconds"])


def _owner(deployment: Object) -> dict[str, t.Any]:
    meta = deployment["metadata"]
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": meta["name"], "uid": meta["uid"]}
