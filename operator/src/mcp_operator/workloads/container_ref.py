# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is proved or refuted: one container of one Pod, by one question."""

from __future__ import annotations

import ipaddress
import typing as t

from .._vendor._util import parse_time
from .._vendor._workload import names
from .._vendor._workload.fingerprint import fingerprint
from .._vendor._workload.patience import Patience
from .._vendor._workload.question import Question
from ..cluster.store import Object


class ProbeSchedule(t.NamedTuple):
    """How often one that has passed is asked again, in seconds; 0 for never.

    :param full: with everything that it lists.
    :param light: whether it still shakes hands.
    :param threshold: so many failures in a row count.
    """

    full: float = 0.0
    light: float = 0.0
    threshold: int = 1


NEVER = ProbeSchedule()
USUAL = Patience()


class Subject(t.NamedTuple):
    """A container is another one after each restart, and another image under the same tag is another image.

    :param pod: its uid.
    :param question: the question's mark.
    """

    pod: str
    container: str
    image: str
    question: str


class ProbeRequest(t.NamedTuple):
    """What to dial, and what to ask there.

    :param ready: the kubelet's probes pass.
    :param ended: when the container before this one ended, seconds since the epoch; 0 where there was none.
    :param schedule: how often it is asked again, once it has passed.
    :param early: it runs, and the kubelet's probes do not pass yet: that it answers counts, and nothing else.
    :param light: only find it and shake hands.
    :param patience: how long to wait for it.
    """

    subject: Subject
    pod: str
    address: str
    question: Question
    ready: bool
    ended: float = 0.0
    schedule: ProbeSchedule = NEVER
    early: bool = False
    light: bool = False
    patience: Patience = USUAL


def probe_request(
    pod: Object, question: Question, schedule: ProbeSchedule = NEVER, request: str = "", patience: Patience = USUAL
) -> ProbeRequest | None:
    """Return how a Pod is asked; None while it has no container, or where it is not to be dialled.

    :param request: another text lets it be asked anew.
    """
    status = pod["status"]
    container = container_of(pod)
    address = str(status.get("podIP") or "")
    if not container.get("containerID") or not _may_be_dialled(pod, address):
        return None
    subject = Subject(
        str(pod["metadata"]["uid"]),
        str(container["containerID"]),
        str(container.get("imageID")),
        question.mark + request,
    )
    ended = _moment(((container.get("lastState") or {}).get("terminated") or {}).get("finishedAt"))
    return ProbeRequest(
        subject,
        str(pod["metadata"]["name"]),
        address,
        question,
        ready=bool(container.get("ready")),
        ended=ended,
        schedule=schedule,
        patience=patience,
    )


def proof(subjects: t.Iterable[Subject]) -> str:
    """Return a short name for a set of subjects."""
    return fingerprint(sorted(subjects))


def container_of(pod: Object) -> t.Mapping[str, t.Any]:
    """Return the status of a Pod's container with the server; empty while it has none."""
    found = pod["status"].get("containerStatuses") or []
    return next((entry for entry in found if entry.get("name") == names.CONTAINER), {})


def _moment(text: t.Any) -> float:
    moment = parse_time(text)
    return 0.0 if moment is None else moment.timestamp()


def _may_be_dialled(pod: Object, address: str) -> bool:
    """Tell whether an address can be a Pod's own: whoever writes Pod statuses must not send us anywhere else."""
    if pod["spec"].get("hostNetwork"):
        return False
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified)
