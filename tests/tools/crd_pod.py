# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The schema of ``spec.podTemplate.spec``: the fields that the API server refuses or restricts at admission.

It says what plugins/module_utils/_workload/pod_fields.py says, as far as rules of the Common Expression Language can:
all other fields are accepted here, and the operator checks them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".cache" / "collections"))

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pod_fields import (
    CAPABILITIES,
    SELINUX_TYPES,
    SYSCTLS,
)

Schema = dict[str, Any]
BASELINE = 'Pod Security "baseline" does not allow this'
# A null in these removes a field of the operator. The API server drops other nulls of fields that a schema names.
NULLABLE = {"nullable": True}


def rule(expression: str, message: str) -> Schema:
    """Return a validation rule, for the field that it is written in."""
    return {"x-kubernetes-validations": [{"rule": expression, "message": message}]}


def one_of(values: tuple[str, ...]) -> Schema:
    """Return a text that is restricted to some values: a rule about it in a list would cost more than is allowed."""
    return {"type": "string", "enum": list(values)}


def thing(properties: dict[str, Schema], **more: Any) -> Schema:
    """Return an object with these fields and any others."""
    return {"type": "object", **more, "x-kubernetes-preserve-unknown-fields": True, "properties": properties}


def many(item: Schema, **more: Any) -> Schema:
    """Return a list."""
    return {"type": "array", **more, "items": item}


ANYTHING: Schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
FALSE: Schema = {"type": "boolean", **rule("!self", f"{BASELINE}; it must be false")}
EMPTY: Schema = {"type": "string", **rule("self == ''", f"{BASELINE}: the kubelet would connect to another host")}
PROFILE = thing({"type": one_of(("RuntimeDefault", "Localhost"))})
SECURITY: dict[str, Schema] = {
    "appArmorProfile": PROFILE,
    "seccompProfile": PROFILE,
    "seLinuxOptions": thing({"type": one_of(SELINUX_TYPES), "user": one_of(("",)), "role": one_of(("",))}),
    "windowsOptions": thing({"hostProcess": FALSE}),
}
HANDLER = {name: thing({"host": EMPTY}, **NULLABLE) for name in ("httpGet", "tcpSocket")}
CONTAINER = thing(
    {
        "lifecycle": thing({name: thing(HANDLER, **NULLABLE) for name in ("postStart", "preStop")}, **NULLABLE),
        **{name: thing(HANDLER, **NULLABLE) for name in ("livenessProbe", "readinessProbe", "startupProbe")},
        "ports": many(
            thing({"hostPort": {"type": "integer", **rule("self == 0", f"{BASELINE}: it binds a port of the node")}})
        ),
        "securityContext": thing(
            {
                **SECURITY,
                "capabilities": thing({"add": many(one_of(CAPABILITIES))}),
                "privileged": FALSE,
                "procMount": one_of(("Default",)),
            }
        ),
    }
)
NO_NODE = rule(
    "!has(self.hostPath) && !has(self.gitRepo)",
    "hostPath and gitRepo volumes are not allowed: they give access to the node",
)
# The API server estimates the cost of a rule from this. All annotations of an object together have at most 256 KiB.
MOST_ANNOTATIONS = 10_000
ELSEWHERE = ("nodeName", "serviceAccount", "serviceAccountName")
POD = {
    **{
        name: {"description": "Must be false. Host namespaces are rejected.", "type": "boolean"}
        for name in ("hostNetwork", "hostPID", "hostIPC")
    },
    "automountServiceAccountToken": {
        "description": "Must be false. Mount a projected token instead.",
        "type": "boolean",
        **rule("!self", "must be false: mount a projected token instead"),
    },
    **{
        name: {
            "description": "Rejected. "
            + ("The scheduler sets it." if name == "nodeName" else "Use podTemplate.serviceAccountName."),
            "type": "string",
        }
        for name in ELSEWHERE
    },
    **{
        name: {"description": "Rejected. Manifests cannot set it.", **many(ANYTHING)}
        for name in ("ephemeralContainers", "readinessGates", "schedulingGates")
    },
    "containers": {"description": "Changes to the server's container, and other containers.", **many(CONTAINER)},
    "initContainers": {"description": "Containers that run before the server, or beside it.", **many(CONTAINER)},
    "securityContext": {
        "description": "Security settings of the Pods. A null does not remove one.",
        **thing({**SECURITY, "sysctls": many(thing({"name": one_of(SYSCTLS)}))}),
    },
    "volumes": {
        "description": "Volumes of the Pods. hostPath and gitRepo are rejected.",
        **many(
            thing(dict.fromkeys(("hostPath", "gitRepo"), ANYTHING), **NO_NODE),
            **NULLABLE,
        ),
    },
}
RULES = [
    {
        "rule": "!self.?hostNetwork.orValue(false) && !self.?hostPID.orValue(false) && !self.?hostIPC.orValue(false)",
        "message": "hostNetwork, hostPID and hostIPC must not be true",
    },
    {
        "rule": " && ".join(f"!has(self.{name})" for name, part in POD.items() if "Rejected" in part["description"]),
        "message": "nodeName, serviceAccount, serviceAccountName, ephemeralContainers, readinessGates and "
        "schedulingGates are not allowed",
    },
]


def write(pod_template: Schema, plain: Callable[[Any], Any]) -> None:
    """Write the restrictions into the schema of ``spec.podTemplate``.

    :param plain: returns data without what it shares.
    """
    pod_template["properties"]["volumes"]["items"].update(plain(NO_NODE))
    apparmor = "container.apparmor.security.beta.kubernetes.io/"
    annotations = pod_template["properties"]["annotations"]
    annotations["maxProperties"] = MOST_ANNOTATIONS
    annotations.update(
        plain(
            rule(
                f"self.all(key, !key.startsWith('{apparmor}') || self[key] in ['', 'runtime/default'] || "
                "self[key].startsWith('localhost/'))",
                f"{BASELINE}: an annotation sets an AppArmor profile other than runtime/default or localhost/*",
            )
        )
    )
    spec = pod_template["properties"]["spec"]
    spec["x-kubernetes-validations"] = plain(RULES)
    spec["properties"] = plain(POD)
