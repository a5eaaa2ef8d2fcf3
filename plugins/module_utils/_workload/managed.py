# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.rollout.managedBy``: another controller replaces the Pods, and sets the number of Pods of the Deployment.

Argo Rollouts makes the Pods from the template of the Deployment, and scales the Deployment down
(https://argo-rollouts.readthedocs.io/en/stable/migrating/). Flagger copies the Deployment to one with the suffix
"-primary", and scales the Deployment up while it tries a new template
(https://docs.flagger.app/usage/how-it-works). See docs/how-to/progressive-delivery.md.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from .canary import ABORTED, FIELD, PAUSED, PROGRESSING, PROMOTING, STABLE
from .fields import mapping
from .names import INSTANCE_LABEL, MANAGED, selector
from .rollout_manager import ARGO, FLAGGER, PRIMARY, TITLES, manager

_MESSAGE = 500
# Of an integer in the status. The status of a Canary may be written by others.
_LARGEST = 2**31 - 1
# The phases of a Rollout and of a Canary (https://docs.flagger.app/usage/how-it-works), as those of status.rollout. In
# others, nothing is known yet, or the controller is not in charge.
_PHASES = {
    ARGO: {"Healthy": STABLE, "Progressing": PROGRESSING, "Paused": PAUSED, "Degraded": ABORTED},
    FLAGGER: {
        "Initialized": STABLE,
        "Succeeded": STABLE,
        "Progressing": PROGRESSING,
        "Waiting": PAUSED,
        "WaitingPromotion": PAUSED,
        "Promoting": PROMOTING,
        "Finalising": PROMOTING,
        "Failed": ABORTED,
    },
}
_REVERTED = f"{TITLES[FLAGGER]}: Failed: The manifest has the template again that serves."
_REFERENCES = {ARGO: "workloadRef", FLAGGER: "targetRef"}

Object = t.Mapping[str, t.Any]
Status = dict[str, t.Any]


def primary(name: str) -> str:
    """Return the name that Flagger gives to the Deployment that serves, and to its label ``app``."""
    return f"{name}{PRIMARY}"


def warnings(server: Object) -> list[str]:
    """Return the warning about a manifest that is applied without an operator."""
    found = manager(server["spec"])
    if not found:
        return []
    return [f"spec.rollout.managedBy needs the operator. Without it, the Pods of {TITLES[found]} are not observed."]


def refers(kind: str, item: Object, name: str) -> bool:
    """Tell whether a Rollout or a Canary is about the Deployment of this name.

    :param kind: what :func:`.manager` returns.
    """
    reference = mapping(mapping(item, "spec"), _REFERENCES[kind])
    return (reference.get("kind"), reference.get("name")) == ("Deployment", name)


def pod_selector(server: Object) -> dict[str, str]:
    """Return the labels of all Pods of an MCPServer, of which Flagger changes one."""
    name = str(server["metadata"]["name"])
    return {INSTANCE_LABEL: name, **MANAGED} if manager(server["spec"]) == FLAGGER else selector(name)


def service_selector(server: Object) -> dict[str, str]:
    """Return the labels of the Pods that clients in the cluster use.

    With Flagger, these are all Pods until the primary ones serve, and from then on only these.
    """
    name = str(server["metadata"]["name"])
    if manager(server["spec"]) == FLAGGER and mapping(mapping(server, "status"), FIELD).get("phase"):
        return selector(primary(name))
    return pod_selector(server)


def scale_target(server: Object) -> dict[str, str]:
    """Return what a HorizontalPodAutoscaler scales: the object that makes the Pods."""
    name = str(server["metadata"]["name"])
    if manager(server["spec"]) == ARGO:
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}


def inputs(server: Object) -> bool | None:
    """Return what :func:`service_selector` depends on in the status; None if it does not."""
    if manager(mapping(server, "spec")) != FLAGGER:
        return None
    return bool(mapping(mapping(server, "status"), FIELD).get("phase"))


def status(server: Object, item: t.Optional[Object], now: str) -> Status:
    """Return ``status.rollout`` from the Rollout or the Canary; empty while there is none, or it is not in charge.

    :param item: the Rollout or the Canary.
    :param now: RFC 3339 time.
    """
    kind = manager(server["spec"])
    own = mapping(item or {}, "status")
    word = str(own.get("phase") or "")
    phase = _PHASES.get(kind, {}).get(word)
    if phase is None:
        return {}
    found: Status = {"phase": phase, "message": _message(kind, word, own)}
    if phase not in (STABLE, ABORTED):
        found.update(_step(kind, item or {}))
    before = mapping(mapping(server, "status"), FIELD)
    if kind == FLAGGER and phase == ABORTED:
        found.update(_after_failure(own, before))
    same = all(before.get(field) == found.get(field) for field in ("phase", "step", "weight"))
    found["since"] = before["since"] if same and before.get("since") else now
    return found


def _after_failure(own: Object, before: Object) -> Status:
    """Return what else is known after a template has failed: which one, and whether the manifest has it no longer.

    If the manifest has the template again that serves, Flagger has nothing to try, and its phase stays the same. While
    the phase is "Failed", it records the template of the Deployment at each interval. Without a template that failed,
    it was another object that the Pods use, such as a Secret.

    :param own: the status of the Canary.
    """
    applied, promoted = (str(own.get(name) or "") for name in ("lastAppliedSpec", "lastPromotedSpec"))
    failed = applied if applied != promoted else str(before.get("canaryRevision") or "")
    if not failed:
        return {}
    reverted = {"phase": STABLE, "message": _REVERTED} if applied == promoted else {}
    return {"canaryRevision": failed, **reverted}


def _step(kind: str, item: Object) -> Status:
    """Return the step of a Rollout, or the weight of a Canary."""
    own = mapping(item, "status")
    if kind == ARGO:
        index = own.get("currentStepIndex")
        steps = mapping(mapping(mapping(item, "spec"), "strategy"), "canary").get("steps")
        # After the last step the index is their number.
        if isinstance(index, int) and isinstance(steps, list) and 0 <= index < len(steps):
            return {"step": index + 1}
        return {}
    weight = own.get("canaryWeight")
    return {"weight": weight} if isinstance(weight, int) and 0 < weight <= _LARGEST else {}


def _message(kind: str, word: str, own: Object) -> str:
    conditions = own.get("conditions")
    failed = [
        str(entry.get("message"))
        for entry in (conditions if isinstance(conditions, list) else [])
        if isinstance(entry, t.Mapping) and entry.get("type") == "Promoted" and entry.get("message")
    ]
    text = own.get("message") or (failed[0] if kind == FLAGGER and failed else "")
    return clean(f"{TITLES[kind]}: {word}{': ' if text else ''}{text}", _MESSAGE)
