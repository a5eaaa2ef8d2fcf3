# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Creates validation Jobs and reads their results."""

from __future__ import annotations

import secrets
import typing as t

from .._kube.errors import ApiConflict
from .._workload import job, pods, report_encoding
from .._workload.names import FIELD_MANAGER
from .workload_state import refusal

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .._workload.probe_spec import ProbeSpec

Object = t.Mapping[str, t.Any]
# Names of Jobs that are tried; a client that knows the targets and the time can create Jobs of the first names.
_ATTEMPTS = 3
_STEPS = 1000


class JobTarget(t.NamedTuple):
    """A container that a Job validates.

    :param ref: identifies it; it is kept in an annotation of the Job.
    :param address: of its Pod.
    """

    ref: t.Sequence[str]
    address: str


class JobSettings(t.NamedTuple):
    """What differs between the Jobs for the same targets.

    :param image: of the operator.
    :param attempt: a number that no other Job for these targets has: a Job can be neither changed nor run again.
    :param owner: ownerReference to what the Job is deleted with; None for the MCPServer.
    """

    image: str
    attempt: int
    owner: t.Optional[Object] = None


class JobResult(t.NamedTuple):
    """The state of a Job.

    :param reports: a report for each target, in their order; None if there are none (yet).
    :param problem: why there are no reports; empty if nothing indicates a problem.
    :param ended: RFC 3339 time at which the Job ended; None while it runs.
    :param unrecoverable: the Job does not start until the manifest or the cluster is changed.
    """

    reports: t.Optional[list[dict[str, t.Any]]] = None
    problem: str = ""
    ended: t.Optional[str] = None
    unrecoverable: bool = False


def create_job(
    client: Client, server: Object, spec: ProbeSpec, targets: t.Sequence[JobTarget], settings: JobSettings
) -> dict[str, t.Any]:
    """Create a Job that validates Pods, and its ServiceAccount; return the Job.

    :raises ForeignObject: a ServiceAccount of that name has another owner.
    :raises ApiConflict: Jobs of all names that were tried exist.
    :raises KubeError: the API server did not answer, or rejected an object.
    """
    ensure_account(client, server, job.account(server, settings.owner))
    pods_of = [(target.ref, target.address) for target in targets]
    attempt = settings.attempt
    error: t.Optional[ApiConflict] = None
    for _number in range(_ATTEMPTS):
        made = job.job(server, spec, pods_of, image=settings.image, attempt=attempt, owner=settings.owner)
        try:
            return client.create(made, field_manager=FIELD_MANAGER)
        except ApiConflict as exc:
            error, attempt = exc, attempt + 1 + secrets.randbelow(_STEPS)
    raise t.cast("ApiConflict", error)


def ensure_account(client: Client, server: Object, account: dict[str, t.Any]) -> None:
    """Create the ServiceAccount of validation Jobs if it does not exist.

    :raises ForeignObject: it has another owner.
    """
    meta = account["metadata"]
    place = (account["apiVersion"], account["kind"], meta["namespace"], meta["name"])
    found = client.find(*place)
    if found is None:
        try:
            client.create(account, field_manager=FIELD_MANAGER)
        except ApiConflict:
            found = client.find(*place)
        else:
            return
    if found is not None and not _has_owner(found, meta["ownerReferences"][0]):
        raise refusal(account, found, server)


def _has_owner(found: Object, wanted: Object) -> bool:
    owners = found["metadata"].get("ownerReferences") or []
    return any(
        owner.get("uid") == wanted["uid"] and bool(owner.get("controller")) == bool(wanted.get("controller"))
        for owner in owners
    )


def read_job(found: Object, controlled_pods: t.Iterable[Object]) -> JobResult:
    """Return the state of a Job.

    :param controlled_pods: the Pods whose controller it is. Pods that only have its label prove nothing.
    """
    controlled_pods = list(controlled_pods)
    for pod in controlled_pods:
        for container in (pod.get("status") or {}).get("containerStatuses") or []:
            terminated = (container.get("state") or {}).get("terminated")
            # A service mesh can have added others.
            if terminated and container.get("name") == job.COMPONENT:
                return _result(found, terminated)
    for condition in (found.get("status") or {}).get("conditions") or []:
        if condition.get("type") in ("Failed", "Complete") and condition.get("status") == "True":
            problem = f"The validation Job has failed: {condition.get('message')}"
            return JobResult(problem=problem, ended=str(condition.get("lastTransitionTime")))
    for pod in controlled_pods:
        cause = pods.cause(pod)
        if cause is not None:
            return JobResult(problem=f"The validation Job does not start: {cause}", unrecoverable=cause.unrecoverable)
    return JobResult()


def _result(found: Object, terminated: Object) -> JobResult:
    reports = report_encoding.decode_reports(str(terminated.get("message") or ""))
    ended = str(terminated.get("finishedAt"))
    if reports is not None and len(reports) == len(job.subjects(found)):
        return JobResult(reports, ended=ended)
    code = terminated.get("exitCode")
    problem = f"The validation Job ended with exit code {code} and without a report for each Pod."
    return JobResult(problem=problem, ended=ended)
