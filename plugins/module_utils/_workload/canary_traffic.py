# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The canary of an exposed server: the weights of its HTTPRoute, and the Services that it leads to.

During a canary, the Service of the MCPServer selects the Pods of the stable template only, and a second Service those
of the canary. The route keeps its reference to the first one from beginning to end, so Gateways always know it.
"""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from .._util import parse_time
from . import exposure, names, route_sessions
from .canary import ABORTED, ONGOING, PAUSED, PROMOTING, STABLE_ONLY, TRAFFIC, Plan, deployment, traffic, weighted
from .fields import mapping
from .objects import BACKEND_TLS_POLICY, HTTP_ROUTE

if t.TYPE_CHECKING:
    import datetime as dt

# Seconds that Gateways have to apply weights before the Pods of a canary that has ended are deleted.
DRAIN_SECONDS = 5.0
_ALL = 100
_CLUSTER_IP = "ClusterIP"
_SESSIONS = (
    "The server keeps sessions and the Gateways do not keep a client with one Pod, so they send no requests to the "
    "canary until it is promoted."
)
_ENDPOINT = (
    "Its endpoint has another path or transport, so Gateways send no requests to the canary until it is promoted."
)

Object = t.Mapping[str, t.Any]
Status = dict[str, t.Any]


def ongoing(server: Object, before: Object, state: Status, available: int) -> Status:
    """Return ``status.rollout`` of a canary in progress, with the weight of its Service.

    Requests are sent to the canary once all Pods of a step pass. While more Pods are added, it keeps its share.

    :param before: ``status.rollout`` as it was written last.
    :param state: the new one.
    :param available: the number of available Pods of the canary.
    """
    found = {name: value for name, value in state.items() if name not in (TRAFFIC, STABLE_ONLY)}
    if not weighted(server) or state.get("phase") == PROMOTING:
        return found
    found[STABLE_ONLY] = True
    obstacle = _obstacle(server)
    weight = int(state.get("weight") or 0)
    if state.get("phase") != PAUSED:
        same = before.get("canaryRevision") == state.get("canaryRevision")
        weight = min(weight, traffic(before)) if same and available else 0
    if weight and not obstacle:
        found[TRAFFIC] = weight
        found["message"] = f"{state.get('message')} Gateways send {weight}% of the requests to the canary."
    elif weight:
        found["message"] = f"{state.get('message')} {obstacle}"
    return found


def ended(server: Object, before: Object, rest: Status, now: dt.datetime) -> tuple[Status, float | None]:
    """Return ``status.rollout`` after a canary, and the seconds until it changes; None if it does not.

    The Pods of the canary are kept until Gateways have stopped to send requests to them: without Pods, they would
    answer these with errors.

    :param before: ``status.rollout`` as it was written last.
    :param rest: the new one.
    """
    if not weighted(server) or not before.get(STABLE_ONLY):
        return rest, None
    since = parse_time(rest.get("since")) or now
    wait = DRAIN_SECONDS - (now - since).total_seconds()
    served = before.get("phase") not in ONGOING or before.get(TRAFFIC)
    if before.get("canaryReplicas") and served and wait > 0:
        return {**rest, STABLE_ONLY: True, "canaryReplicas": before["canaryReplicas"]}, wait
    # Until they are deleted, a template that failed gets no requests by the Service either.
    return ({**rest, STABLE_ONLY: True} if rest.get("phase") == ABORTED else rest), None


def objects(children: t.Sequence[dict[str, t.Any]], settled: dict[str, t.Any], plan: Plan) -> list[dict[str, t.Any]]:
    """Return the objects to apply, with those of the canary.

    :param children: the objects that the manifest wants.
    :param settled: the Deployment with the template to apply.
    """
    found: list[dict[str, t.Any]] = []
    for child in children:
        if child["kind"] != "Deployment":
            found.append(_adapt(child, plan))
            continue
        # The stable Deployment comes first: it must keep its template whatever becomes of the canary.
        found.append(settled)
        if plan.weight is not None:
            found.append(_service(next(one for one in children if one["kind"] == "Service")))
        if plan.replicas is not None:
            found.append(deployment(child, plan.replicas))
    return found


def _service(stable: Object) -> dict[str, t.Any]:
    """Return the Service of a canary, which only routes refer to.

    :param stable: the Service that the manifest wants.
    """
    meta, spec = stable["metadata"], stable["spec"]
    own = {names.CANARY_LABEL: "true"}
    named = {name: meta[name] for name in ("namespace", "ownerReferences") if name in meta}
    name = str(meta["name"])
    return {
        **stable,
        "metadata": {**named, "name": names.canary(name), "labels": {**names.labels(name), **own}},
        "spec": {**spec, "type": _CLUSTER_IP, "selector": {**spec["selector"], **own}},
    }


def _adapt(child: dict[str, t.Any], plan: Plan) -> dict[str, t.Any]:
    """Return an object as it is during a canary: the Service, the route and its BackendTLSPolicy."""
    spec = child.get("spec") or {}
    if child["kind"] == "Service" and plan.serves:
        selector = {**spec["selector"], names.TEMPLATE_LABEL: plan.serves}
        return {**child, "spec": {**spec, "selector": selector}}
    if child["kind"] == HTTP_ROUTE and plan.weight is not None:
        rules = [{**rule, "backendRefs": _weighted(rule["backendRefs"], plan.weight)} for rule in spec["rules"]]
        return {**child, "spec": {**spec, "rules": rules}}
    if child["kind"] == BACKEND_TLS_POLICY and plan.weight is not None:
        targets = [named for target in spec["targetRefs"] for named in (target, _of_canary(target))]
        return {**child, "spec": {**spec, "targetRefs": targets}}
    return child


def _weighted(backends: t.Iterable[Object], weight: int) -> list[dict[str, t.Any]]:
    """Return the references with weights, whose sum is 100."""
    found = []
    for backend in backends:
        found += [{**backend, "weight": _ALL - weight}, {**_of_canary(backend), "weight": weight}]
    return found


def _of_canary(reference: Object) -> dict[str, t.Any]:
    return {**reference, "name": names.canary(str(reference["name"]))}


def _obstacle(server: Object) -> str:
    """Return why Gateways cannot distribute the requests of clients over both templates; empty if they can."""
    if route_sessions.keeps_sessions(server) and route_sessions.persistence(server) is None:
        return _SESSIONS
    status = mapping(server, "status")
    tried, known = mapping(status, "validation"), mapping(status, exposure.FIELD)
    path = urlsplit(str(tried.get("endpoint") or "")).path
    differs = path and known.get("serverPath") and path != known["serverPath"]
    protocols = {tried.get("protocol"), known.get("protocol")} - {None, ""}
    return _ENDPOINT if differs or len(protocols) > 1 else ""
