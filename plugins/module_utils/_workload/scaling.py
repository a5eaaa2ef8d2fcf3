# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The number of Pods of an MCPServer, how it is set, and how Pods are replaced."""

from __future__ import annotations

import typing as t

from .errors import ManifestError
from .fields import mapping, omit_empty
from .rollout_manager import manager

# The default of spec.replicas in the CustomResourceDefinition.
DEFAULT_REPLICAS = 1
# Spread Pods over nodes and zones where possible.
_TOPOLOGIES = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
_MANY = 2


def external(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an external autoscaler of the Deployment sets the number of Pods."""
    return spec.get("autoscaling") == "external"


def replicas(spec: t.Mapping[str, t.Any]) -> int | None:
    """Return the number of Pods; None if an autoscaler or another controller sets it.

    :raises ManifestError: two autoscalers would set it.
    """
    scaled = bool(mapping(spec, "hpa").get("enabled"))
    if scaled and external(spec):
        raise ManifestError(
            "spec.autoscaling is external and spec.hpa.enabled is true: two autoscalers would set the number of Pods.",
            "Remove one of them.",
        )
    return None if scaled or external(spec) or manager(spec) else int(spec.get("replicas", DEFAULT_REPLICAS))


def warnings(spec: t.Mapping[str, t.Any]) -> list[str]:
    """Return what to tell the user about a number of Pods that has no effect.

    The API server fills in the default of ``replicas``, so the default is never reported.
    """
    if spec.get("replicas", DEFAULT_REPLICAS) == DEFAULT_REPLICAS:
        return []
    if mapping(spec, "hpa").get("enabled"):
        return ["spec.replicas has no effect while spec.hpa.enabled is true: the autoscaler sets the number of Pods."]
    if external(spec):
        return ["spec.replicas has no effect while spec.autoscaling is external."]
    if manager(spec):
        return ["spec.replicas has no effect while spec.rollout.managedBy is set."]
    return []


def hpa(spec: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """Return the variables of the HorizontalPodAutoscaler's template; None if it is disabled."""
    wanted = mapping(spec, "hpa")
    if not wanted.get("enabled"):
        return None
    metrics = [
        {
            "type": "Resource",
            "resource": {"name": name, "target": {"type": "Utilization", "averageUtilization": target}},
        }
        for name, target in (
            ("cpu", wanted.get("targetCPUUtilizationPercentage")),
            ("memory", wanted.get("targetMemoryUtilizationPercentage")),
        )
        if target is not None
    ]
    behavior = {
        direction: wanted[field]
        for direction, field in (("scaleUp", "scaleUpBehavior"), ("scaleDown", "scaleDownBehavior"))
        if wanted.get(field)
    }
    return {
        "min": int(wanted.get("minReplicas", 1)),
        "max": int(wanted.get("maxReplicas", 10)),
        "metrics": [*metrics, *(wanted.get("metrics") or [])],
        "behavior": behavior,
    }


def several(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether there are several Pods, or an autoscaler may add some."""
    wanted = mapping(spec, "hpa")
    if external(spec) or manager(spec):
        return True
    most = int(wanted.get("maxReplicas", 10)) if wanted.get("enabled") else int(spec.get("replicas", DEFAULT_REPLICAS))
    return most >= _MANY


def strategy(spec: t.Mapping[str, t.Any], sse: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """Return the Deployment's strategy. The default keeps all old Pods until new ones are ready."""
    wanted = mapping(spec, "strategy")
    if wanted.get("type") == "Recreate":
        return {"type": "Recreate"}
    surge = "25%" if sse is None else sse.get("maxSurge", "25%")
    ours = {"maxUnavailable": 0, "maxSurge": surge}
    theirs = {name: value for name, value in mapping(wanted, "rollingUpdate").items() if value is not None}
    return {"type": "RollingUpdate", "rollingUpdate": {**ours, **theirs}}


def spread(selector: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    """Return the topology spread constraints. Pods of a new template are spread separately."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": topology,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": omit_empty({"matchLabels": dict(selector)}),
            "matchLabelKeys": ["pod-template-hash"],
        }
        for topology in _TOPOLOGIES
    ]
