# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The Job that shows whether the NetworkPolicy of an MCPServer is enforced.

A policy is stored whether or not a network plugin enforces it. The Job's Pod is none that the policy lets in. It
connects to a Pod of the server, which must fail, and to the API server, which must not: otherwise the Pod has no
network at all, and nothing is known.
"""

from __future__ import annotations

import typing as t

from . import job, job_template, names, network, ports
from .fields import mapping
from .objects import fingerprint

CONDITION = "NetworkIsolated"
COMPONENT = "mcp-network-probe"
# Seconds after which the policy is tried again.
PERIOD = 24 * 3600.0
# On the Job and its Pod template: what is proved, from digest().
DIGEST_ANNOTATION = f"{names.GROUP}/network-proof"
_REFUSED = "A Pod that no rule allows was refused."
_NOT_ENFORCED = (
    "A Pod that the NetworkPolicy does not allow reached the server. Either the network plugin of the cluster does not "
    "enforce NetworkPolicies, or another policy of the namespace lets it in."
)
_BY_ADDRESS = "The Pod that must be refused reached the server; a block of addresses in spec.network may allow it."
_NO_NETWORK = "The Pod that must be refused could not connect to the API server either, so nothing is known."
_SECONDS = 5
_API_SERVER = "https://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)/"

Object = t.Mapping[str, t.Any]


class Isolation(t.NamedTuple):
    """The condition :data:`CONDITION`, and what it is about.

    :param digest: from :func:`digest`; empty while nothing was proved.
    :param time: RFC 3339 time of the proof; empty likewise.
    """

    status: str
    reason: str
    message: str
    digest: str = ""
    time: str = ""


def digest(policy_state: str, pods: t.Iterable[Object]) -> str:
    """Return what identifies a proof: it is repeated after a change of the policy or of the Pod template."""
    templates = {str(mapping(pod["metadata"], "labels").get("pod-template-hash")) for pod in pods}
    return fingerprint([policy_state, sorted(templates)])


def probe_job(server: Object, address: str, proof: str, *, image: str, attempt: int) -> dict[str, t.Any]:
    """Return the Job.

    :param address: of a Pod of the server.
    :param proof: from :func:`digest`.
    :param image: of the operator.
    :param attempt: a number that no other Job of the server has.
    """
    template = _template(server, address, proof, image, attempt)
    meta = server["metadata"]
    return {
        "apiVersion": job.API_VERSION,
        "kind": job.KIND,
        "metadata": {
            "name": f"{str(meta['name'])[:40].rstrip('-')}-validate-{fingerprint(template)}",
            "namespace": meta["namespace"],
            "labels": _labels(server),
            "annotations": template["metadata"]["annotations"],
            "ownerReferences": [names.owner_reference(server)],
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": 120,
            "ttlSecondsAfterFinished": 600,
            "template": template,
        },
    }


def proof_of(found: Object) -> str:
    """Return what a Job proves; empty if it is no Job of :func:`probe_job`."""
    return str(_annotations(found).get(DIGEST_ANNOTATION) or "")


def is_ours(found: Object, server: Object, address: str, image: str) -> bool:
    """Tell whether a Job is one that :func:`probe_job` returns, after the API server's defaults."""
    wanted = _template(server, address, proof_of(found), image, job.attempt(found))
    return job_template.matches(mapping(mapping(found, "spec"), "template"), wanted)


def isolation(server: Object, *, reached: bool, has_network: bool) -> Isolation:
    """Return the result of a Job.

    :param reached: it connected to the server.
    :param has_network: it connected to the API server.
    """
    if reached:
        peers = mapping(mapping(server["spec"], "network"), "ingress").get("from") or []
        if any(peer.get("ipBlock") is not None for peer in peers):
            return Isolation("Unknown", "AllowedByAddress", _BY_ADDRESS)
        return Isolation("False", "NotEnforced", _NOT_ENFORCED)
    if not has_network:
        return Isolation("Unknown", "NoNetwork", _NO_NETWORK)
    return Isolation("True", "Refused", _REFUSED)


def _annotations(found: Object) -> Object:
    return mapping(mapping(mapping(mapping(found, "spec"), "template"), "metadata"), "annotations")


def _template(server: Object, address: str, proof: str, image: str, attempt: int) -> dict[str, t.Any]:
    host = f"[{address}]" if ":" in address else address
    urls = [f"http://{host}:{ports.served_port(server)}/mcp", _API_SERVER]
    return {
        "metadata": {
            "labels": {**_labels(server), network.PROBE_LABEL: "true"},
            "annotations": {
                job.SUBJECTS_ANNOTATION: '[["server"],["network"]]',
                job.ATTEMPT_ANNOTATION: str(attempt),
                DIGEST_ANNOTATION: proof,
            },
        },
        "spec": job.pod_spec(
            server,
            image,
            ["--start-timeout", "0", "--timeout", f"{2 * _SECONDS}", "--request-timeout", f"{_SECONDS}", "--", *urls],
        ),
    }


def _labels(server: Object) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": COMPONENT,
        names.INSTANCE_LABEL: server["metadata"]["name"],
        "app.kubernetes.io/component": COMPONENT,
        names.MANAGED_BY_LABEL: names.VALIDATION,
    }
