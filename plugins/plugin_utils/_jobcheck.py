# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates the Pods of one MCPServer by a Job in its namespace, as the operator does for ``validation.runner=job``."""

from __future__ import annotations

import time
import typing as t

from ..module_utils._workload import job, report_encoding
from ..module_utils._workload import pods as pod_rules
from ..module_utils._workload.errors import ValidationJobError
from ..module_utils._workload.names import FIELD_MANAGER
from ..module_utils._workload.probe_spec import probe_spec

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

_INTERVAL = 0.5  # seconds between two looks at the Job
_SLACK = 20.0  # seconds that the API server may take to tell that the Job's time is over
_IMAGE_ACTION = (
    "The image is the operator's; name one that your cluster can pull with -e mcpserver_validation_image=IMAGE."
)


class JobCheck:
    """Asks Pods by a Job.

    :param image: of the operator.
    """

    def __init__(self, client: Client, image: str) -> None:
        self._client = client
        self._image = image

    def check(
        self, server: t.Mapping[str, t.Any], deployment: t.Mapping[str, t.Any], pods: t.Sequence[t.Mapping[str, t.Any]]
    ) -> list[dict[str, t.Any]]:
        """Return a report for each Pod, short as :mod:`report_encoding` has it, with ``pod`` added.

        :param deployment: what the Job goes with where there is no MCPServer.
        :raises ValidationJobError: the Job did not start, or ended without a report.
        :raises KubeError: the API server did not take it.
        """
        reports = []
        for first in range(0, len(pods), job.MOST):
            part = pods[first : first + job.MOST]
            found = self._ask(server, deployment, part)
            reports += [{**report, "pod": pod["metadata"]["name"]} for report, pod in zip(found, part)]
        return reports

    def _ask(
        self, server: t.Mapping[str, t.Any], deployment: t.Mapping[str, t.Any], pods: t.Sequence[t.Mapping[str, t.Any]]
    ) -> list[dict[str, t.Any]]:
        subjects = [([pod["metadata"]["name"]], str((pod.get("status") or {}).get("podIP"))) for pod in pods]
        owner = None if server["metadata"].get("uid") else _owner(deployment)
        # A Job cannot run again; no other one was made for these in the same moment.
        made = job.job(
            server, probe_spec(server), subjects, image=self._image, attempt=int(time.time()) % 10**9, owner=owner
        )
        self._client.apply(job.account(server, owner), field_manager=FIELD_MANAGER)
        self._client.apply(made, field_manager=FIELD_MANAGER)
        name, namespace = made["metadata"]["name"], made["metadata"]["namespace"]
        deadline = time.monotonic() + made["spec"]["activeDeadlineSeconds"] + _SLACK
        while time.monotonic() < deadline:
            for pod in self._client.list("v1", "Pod", namespace, labelSelector=f"batch.kubernetes.io/job-name={name}"):
                reports = _reports(pod, name, len(pods))
                if reports is not None:
                    return reports
            time.sleep(_INTERVAL)
        limit = f"The validation Job {name} told nothing within {made['spec']['activeDeadlineSeconds']} s."
        raise ValidationJobError(f"{limit} Look at it with: kubectl -n {namespace} describe job {name}")


def _reports(pod: t.Mapping[str, t.Any], name: str, wanted: int) -> list[dict[str, t.Any]] | None:
    """Return what a Job's Pod told; None while it runs."""
    for container in (pod.get("status") or {}).get("containerStatuses") or []:
        ended = (container.get("state") or {}).get("terminated")
        if ended:
            reports = report_encoding.decode_reports(str(ended.get("message") or ""))
            if reports is None or len(reports) != wanted:
                code = ended.get("exitCode")
                seen = f"The validation Job {name} ended with exit code {code} and without a report of each Pod."
                raise ValidationJobError(f"{seen} {_IMAGE_ACTION}")
            return reports
    cause = pod_rules.cause(pod)
    if cause is not None and cause.unrecoverable:
        raise ValidationJobError(f"The validation Job {name} does not start: {cause}. {_IMAGE_ACTION}")
    return None


def _owner(deployment: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    meta = deployment["metadata"]
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": meta["name"], "uid": meta["uid"]}
