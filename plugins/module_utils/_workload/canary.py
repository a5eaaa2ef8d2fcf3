# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.rollout``: a changed Pod template runs in a second Deployment before it replaces the one that passed.

The stable Deployment keeps the last template that passed (``status.provedTemplate``), and the Service selects the Pods
of both. See docs/decisions/0028-canary.md; the steps are in :mod:`.canary_steps`, routes in :mod:`.canary_traffic`.
"""

from __future__ import annotations

import typing as t

from .._util import parse_duration
from . import gate, names, scaling
from .fields import mapping

# The strategy, and the field of the status.
CANARY, FIELD = "canary", "rollout"
STABLE, PROGRESSING, PAUSED, PROMOTING, ABORTED = "Stable", "Progressing", "Paused", "Promoting", "Aborted"
PHASES = (STABLE, PROGRESSING, PAUSED, PROMOTING, ABORTED)
ONGOING = (PROGRESSING, PAUSED, PROMOTING)
CONDITION = "CanaryProgressing"
# Fields of the status of exposed servers: percent of the requests that the route sends to the canary, and that the
# Service selects the Pods of the stable template only.
TRAFFIC, STABLE_ONLY = "trafficWeight", "stableOnly"
# The only step of a manifest without steps.
_WEIGHT = 10
# Percent from which on the canary has as many Pods as the stable Deployment, which keeps all of its own.
_HALF = 50
# Characters of the name of a Service (RFC 1123).
_LONGEST_NAME = 63
# Seconds; the limit of the CustomResourceDefinition.
_LONGEST = 604800.0

Object = t.Mapping[str, t.Any]


class Step(t.NamedTuple):
    """A step of a canary.

    :param weight: percent of the Pods that have the new template.
    :param pause: seconds until the next step; None to wait until it is promoted.
    """

    weight: int
    pause: t.Optional[float]


class Plan(t.NamedTuple):
    """Which templates are to be applied.

    :param stable: fingerprint of the template that the stable Deployment keeps; empty for that of the manifest.
    :param replicas: Pods of the canary; None for no canary.
    :param serves: fingerprint of the template whose Pods the Service selects; empty for all Pods.
    :param weight: percent of the requests that the route sends to the canary; None for a route without it.
    """

    stable: str = ""
    replicas: t.Optional[int] = None
    serves: str = ""
    weight: t.Optional[int] = None


def traffic(known: Object) -> int:
    """Return the percentage of the requests that the route sends to the canary.

    :param known: ``status.rollout``, which others may have written.
    """
    return min(max(int(known.get(TRAFFIC) or 0), 0), 100)


def pods(known: Object) -> int:
    """Return the number of Pods of a canary.

    :param known: ``status.rollout``, which others may have written.
    """
    return max(int(known.get("canaryReplicas") or 0), 0)


def requested(server: Object) -> bool:
    """Tell whether the manifest has the strategy canary."""
    return mapping(server["spec"], "rollout").get("strategy") == CANARY


def wanted(server: Object) -> bool:
    """Tell whether changed templates are tried by a canary. Canaries need readiness gates, which an operator opens."""
    return requested(server) and gate.wanted(server)


def weighted(server: Object) -> bool:
    """Tell whether the route of an exposed server gives the canary its share; otherwise the number of Pods does.

    A long name leaves no room for that of the canary's Service.
    """
    if not wanted(server) or server["spec"].get("expose") is None:
        return False
    return len(names.canary(str(mapping(server, "metadata").get("name")))) <= _LONGEST_NAME


def serves_stable(server: Object) -> bool:
    """Tell whether the route of an exposed server leads to Pods of the stable template, and the canary has a part."""
    known = mapping(mapping(server, "status"), FIELD)
    return weighted(server) and known.get("phase") in (PROGRESSING, PAUSED)


def warnings(server: Object) -> list[str]:
    """Return the warning about a manifest that is applied without an operator."""
    if not requested(server):
        return []
    return ["spec.rollout.strategy canary needs the operator. Without it, Pods are replaced as with rolling."]


def steps(server: Object) -> list[Step]:
    """Return the steps of the manifest, at least one."""
    given = mapping(server["spec"], "rollout").get("steps")
    entries = [entry for entry in given if isinstance(entry, t.Mapping)] if isinstance(given, list) else []
    found = [Step(int(entry.get("weight") or _WEIGHT), _pause(entry.get("pause"))) for entry in entries]
    return found or [Step(_WEIGHT, None)]


def replicas(stable: int, weight: int) -> int:
    """Return how many Pods a canary has.

    Their share of all Pods is at most the weight, but there is at least one. The stable Deployment keeps all of its
    Pods, so that an abort has to wait for none. Therefore a canary never has more Pods than it.

    :param stable: the number of Pods that the stable Deployment is to have.
    :param weight: percent.
    """
    if stable <= 0:
        return 0
    if weight >= _HALF:
        return stable
    return max(1, stable * weight // (100 - weight))


def plan(server: Object, mark: str) -> Plan:
    """Return which templates to apply.

    :param server: with its latest status.
    :param mark: the fingerprint of the manifest's template.
    """
    if not wanted(server):
        return Plan()
    status = mapping(server, "status")
    proved = str(status.get("provedTemplate") or "")
    back = gate.rollback(server)
    known = mapping(status, FIELD)
    if proved in ("", mark) or (back is not None and back.failed == mark):
        return _ended(server, proved, known)
    routed = weighted(server)
    if known.get("canaryRevision") != mark or known.get("phase") not in ONGOING:
        # The number of Pods that an autoscaler has set is not known here.
        stable = scaling.replicas(server["spec"])
        count = replicas(1 if stable is None else stable, steps(server)[0].weight)
        return Plan(proved, count, proved, 0) if routed else Plan(proved, count)
    most = _most(server["spec"])
    count = pods(known) if most is None else min(pods(known), most)
    kept = "" if known["phase"] == PROMOTING else proved
    return Plan(kept, count, kept, traffic(known)) if routed else Plan(kept, count)


def _most(spec: Object) -> int | None:
    """Return the largest number of Pods that the stable Deployment may have; None without a limit."""
    scaled = scaling.hpa(spec)
    return scaling.replicas(spec) if scaled is None else int(scaled["max"])


def _ended(server: Object, proved: str, known: Object) -> Plan:
    """Return the plan after a canary has ended: its Pods exist until Gateways have stopped to send requests to them."""
    if not weighted(server) or not known.get(STABLE_ONLY) or known.get("stableRevision") != proved:
        return Plan()
    return Plan(serves=proved, weight=0 if known.get("canaryReplicas") else None)


def inputs(server: Object) -> list[t.Any] | None:
    """Return what :func:`plan` depends on in the status; None without canaries."""
    if not wanted(server):
        return None
    status = mapping(server, "status")
    known = mapping(status, FIELD)
    ongoing = known.get("phase") if known.get("phase") in ONGOING else ""
    found = [status.get("provedTemplate"), known.get("canaryRevision"), known.get("canaryReplicas")]
    routed = [known.get(TRAFFIC), known.get(STABLE_ONLY), known.get("stableRevision")] if weighted(server) else []
    return [*found, bool(ongoing), ongoing == PROMOTING, *routed]


def deployment(stable: Object, count: int) -> dict[str, t.Any]:
    """Return the Deployment of a canary.

    :param stable: the Deployment that the manifest wants, with its template.
    :param count: the number of Pods.
    """
    meta, spec = stable["metadata"], stable["spec"]
    template, own = spec["template"], {names.CANARY_LABEL: "true"}
    template_meta = {**template["metadata"], "labels": {**template["metadata"]["labels"], **own}}
    return {
        **stable,
        "metadata": {**meta, "name": names.canary(meta["name"]), "labels": {**meta["labels"], **own}},
        "spec": {
            **spec,
            "replicas": count,
            "selector": {"matchLabels": {**spec["selector"]["matchLabels"], **own}},
            "template": {**template, "metadata": template_meta},
        },
    }


def identities(server: Object) -> list[dict[str, t.Any]]:
    """Return what identifies the objects of an MCPServer's canary, in the order in which they are deleted."""
    meta = server["metadata"]
    named = {"name": names.canary(meta["name"]), "namespace": meta["namespace"]}
    kinds = (("apps/v1", "Deployment"), ("v1", "Service"))
    return [{"apiVersion": version, "kind": kind, "metadata": named} for version, kind in kinds]


def _pause(value: t.Any) -> float | None:
    if value is None:
        return None
    text = str(value)
    try:
        seconds = float(text) if text.isdigit() else parse_duration(text)
    except ValueError:
        return None
    return min(seconds, _LONGEST)
