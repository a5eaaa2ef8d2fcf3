# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Identifies a container that is validated, and describes how to probe it."""

from __future__ import annotations

import functools
import ipaddress
import typing as t

from .._vendor._util import parse_time
from .._vendor._workload import names
from .._vendor._workload.objects import fingerprint
from .._vendor._workload.probe_access import NO_ACCESS, ProbeAccess
from .._vendor._workload.probe_spec import ProbeSpec
from .._vendor._workload.timeouts import Timeouts
from ..cluster.store import Object


class ProbeSchedule(t.NamedTuple):
    """How often a container that passes is probed again.

    :param full: seconds between validations that list everything; 0 for never.
    :param light: seconds between handshakes; 0 for never.
    :param threshold: consecutive failures after which the container fails.
    """

    full: float = 0.0
    light: float = 0.0
    threshold: int = 1


# The label by which the Deployment's controller tells Pod templates apart.
_TEMPLATE_HASH = "pod-template-hash"

# Called with the digest of what a server offers, and with a function that packs the offers.
KeepOffers = t.Callable[[str, t.Callable[[str], bytes]], None]

NEVER = ProbeSchedule()
USUAL = Timeouts()


class ContainerRef(t.NamedTuple):
    """Identifies a container and what it was asked.

    A container has a new ID after each restart, and an image has a new ID when its tag is pushed again: the result of a
    probe holds for neither.

    :param pod: the Pod's uid.
    :param digest: of the probe spec and of the last request to validate again.
    """

    pod: str
    container_id: str
    image_id: str
    digest: str


class ProbeRequest(t.NamedTuple):
    """A request to probe a container.

    :param pod: the Pod's name.
    :param ready: the kubelet's probes of the container pass.
    :param ended: when the previous container of the Pod ended, in seconds since the epoch; 0 if there was none, or if
        it ended for lack of memory.
    :param early: the container runs and the kubelet's probes do not pass yet: only a success counts.
    :param light: only shake hands.
    :param access: the credentials.
    :param namespace: the Pod's namespace.
    :param template: identifies the Pod's template.
    :param keep_offers: keeps what the server offers, if it is pinned.
    :param unproven: the container may never have passed: status.validation is not about it, and its gate is closed.
    """

    container: ContainerRef
    pod: str
    address: str
    spec: ProbeSpec
    ready: bool
    ended: float = 0.0
    schedule: ProbeSchedule = NEVER
    early: bool = False
    light: bool = False
    timeouts: Timeouts = USUAL
    access: ProbeAccess = NO_ACCESS
    namespace: str = ""
    template: str = ""
    keep_offers: KeepOffers | None = None
    unproven: bool = False


def probe_request(
    pod: Object, spec: ProbeSpec, schedule: ProbeSchedule = NEVER, revalidation: str = "", timeouts: Timeouts = USUAL
) -> ProbeRequest | None:
    """Return a request to probe a Pod; None while it has no container, or if its address must not be dialed.

    :param revalidation: a change of this text makes the container one that was never probed.
    """
    meta, status = pod["metadata"], pod["status"]
    found = container_of(pod)
    address = str(status.get("podIP") or "")
    if not found.get("containerID") or not _is_pod_address(pod, address):
        return None
    container = ContainerRef(
        str(meta["uid"]), str(found["containerID"]), str(found.get("imageID")), spec.digest + revalidation
    )
    last = (found.get("lastState") or {}).get("terminated") or {}
    return ProbeRequest(
        container,
        str(meta["name"]),
        address,
        spec,
        ready=bool(found.get("ready")),
        ended=0.0 if last.get("reason") == "OOMKilled" else _moment(last.get("finishedAt")),
        schedule=schedule,
        timeouts=timeouts,
        namespace=str(meta.get("namespace", "")),
        template=str((meta.get("labels") or {}).get(_TEMPLATE_HASH, "")),
    )


def containers_digest(containers: t.Iterable[ContainerRef]) -> str:
    """Return a digest of a set of containers, for `status.validation.proof`."""
    return fingerprint(sorted(containers))


def container_of(pod: Object) -> t.Mapping[str, t.Any]:
    """Return the status of the container that runs the server; empty while there is none."""
    found = pod["status"].get("containerStatuses") or []
    return next((entry for entry in found if entry.get("name") == names.CONTAINER), {})


def _moment(text: t.Any) -> float:
    moment = parse_time(text)
    return 0.0 if moment is None else moment.timestamp()


def _is_pod_address(pod: Object, address: str) -> bool:
    """Tell whether an address can be the Pod's own.

    A client that may write Pod statuses must not be able to direct probes to other addresses.
    """
    return not pod["spec"].get("hostNetwork") and _may_be_of_pod(address)


# Each observation of a Pod needs it.
@functools.lru_cache(maxsize=4096)
def _may_be_of_pod(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified)
