# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The readiness gate of strict mode: Services route to a Pod only after it has passed validation."""

from __future__ import annotations

import json
import typing as t

from . import names, probe_auth, tls
from .fields import mapping
from .probe_spec import ProbeSpec, authority, probe_spec
from .validation import enabled, strict

# Seconds within which a new template must pass, and further seconds until the Deployment's progress deadline.
DEADLINE_SECONDS = 300
_LATER_SECONDS = 300


def wanted(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the Pods of an MCPServer get a gate, if an operator sets it."""
    return enabled(server) and strict(server)


def deadline_seconds(server: t.Mapping[str, t.Any]) -> int:
    """Return the seconds within which a new template must pass."""
    return int(mapping(server["spec"], "validation").get("deadlineSeconds") or DEADLINE_SECONDS)


def fields(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the fields of a Deployment with a gate: the gate, the probe spec of its Pods, and a later deadline."""
    spec = probe_spec(server)
    said: list[t.Any] = [spec.port, spec.path, spec.transport, list(spec.capabilities)]
    if spec.server_name:  # so that an upgrade rolls no Pod
        said.append("https")
    return {
        "readiness_gates": [{"conditionType": names.GATE}],
        "annotations": {names.QUESTION_ANNOTATION: json.dumps(said, separators=(",", ":"))},
        "progress_deadline_seconds": deadline_seconds(server) + _LATER_SECONDS,
    }


def mark_of(template: t.Mapping[str, t.Any]) -> str:
    """Return the fingerprint of a template that has a gate."""
    return str(template["metadata"]["labels"].get(names.TEMPLATE_LABEL, ""))


def probe_spec_of(pod: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any]) -> ProbeSpec | None:
    """Return what a Pod says that it is to be asked; None where it says nothing that can be asked."""
    text = (pod["metadata"].get("annotations") or {}).get(names.QUESTION_ANNOTATION)
    try:
        port, path, transport, capabilities, *scheme = json.loads(str(text))
        if not (isinstance(port, int) and isinstance(transport, str) and isinstance(path, (str, type(None)))):
            return None
        own = tuple(str(name) for name in capabilities)
    except (ValueError, TypeError):
        return None
    # How to authenticate is no property of a template.
    return ProbeSpec(
        port,
        path,
        transport,
        authority(server),
        own,
        auth=probe_auth.auth_type(server),
        strict=strict(server),
        server_name=tls.server_name(server) if scheme else "",
    )


class Rollback(t.NamedTuple):
    """That an earlier template is to be applied instead of one that failed.

    :param failed: the fingerprint of the template that failed.
    :param to: that of the one to apply.
    """

    failed: str
    to: str


def rollback(server: t.Mapping[str, t.Any]) -> Rollback | None:
    """Return what the status says is to be applied instead of what the manifest says; None for nothing."""
    found = mapping(mapping(server, "status"), "rollback")
    if not wanted(server) or not found.get("active") or not found.get("to"):
        return None
    return Rollback(str(found.get("template")), str(found["to"]))


def revision_name(name: str, mark: str) -> str:
    """Return the name of the ControllerRevision that keeps a template."""
    return f"{name}-{mark}"
