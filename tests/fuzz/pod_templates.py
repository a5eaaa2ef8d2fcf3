# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pod templates made of any bytes, checked by us and by Kubernetes' own evaluator of Pod Security "baseline"."""

from __future__ import annotations

import functools
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import pod_security, podspec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from oracle import environment

OURS = {
    "serviceAccountName": "a",
    "automountServiceAccountToken": False,
    "securityContext": {"fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "mcp-server",
            "image": "i:1",
            "readinessProbe": {"tcpSocket": {"port": 8080}},
            "securityContext": {
                "runAsNonRoot": True,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        }
    ],
}
# Most edits are within these, which the profile restricts.
RESTRICTED = re.compile(
    r"ontext\.|annotations|volumes\.\[\]\.[^.]*$|host|[Pp]robe|lifecycle|ports|^spec\.[^.]*$|automount|[cC]ontainers(\.\[\]\.[^.]*)?$"
)
PREFIXES = ("container.apparmor.security.beta.kubernetes.io/", "container.seccomp.security.alpha.kubernetes.io/")
KEYS = (*(prefix + name for prefix in PREFIXES for name in ("", "mcp-server", "c")), PREFIXES[0][:-1], "a")
KEYS = ("seccomp.security.alpha.kubernetes.io/pod", *KEYS)
STRINGS = (
    *(
        "",
        "Unconfined",
        "RuntimeDefault",
        "Localhost",
        "localhost/x",
        "unconfined",
        "runtime/default",
        "docker/default",
    ),
    *("Default", "Unmasked", "spc_t", "container_t", "container_engine_t", "container_init_t", "system_u"),
    *("NET_BIND_SERVICE", "SYS_ADMIN", "NET_RAW", "CHOWN", "ALL", "cap_chown", "mcp-server", "c", "windows", "linux"),
    *("kernel.shm_rmid_forced", "kernel.msgmax", "net.ipv4.tcp_rmem", "net/ipv4/tcp_rmem", "127.0.0.1", "localhost"),
    *("mcp.mcp-operator.io/validated", "RUNTIMEDEFAULT", " RuntimeDefault", "Default\u0000", "\u017f", "K", "host"),
)
# Where we are stricter than the profile: see pod_fields.py and docs/security.md.
STRICTER = re.compile(
    r"metadata\.(?!annotations)|spec\.(automountServiceAccountToken|nodeName|schedulingGates|serviceAccount$|activeDeadline|"
    r"ephemeralContainers|readinessGates)|spec\.volumes\[.*\]\.gitRepo|.*\.procMount$|"
    r"metadata\.annotations\[(container\.)?seccomp\.security\.alpha"
)


class Choices:
    """Choices that bytes stand for; after their end, always the first one."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def number(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def of[T](self, choices: Sequence[T]) -> T:
        many = len(choices) > 256
        return choices[(self.number() * 256 + self.number() if many else self.number()) % len(choices)]


@functools.cache
def program() -> subprocess.Popen[str]:
    """Return Kubernetes' evaluator, which runs until this process ends."""
    return subprocess.Popen(
        [str(environment.pod_security())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def evaluate(template: Any) -> dict[str, Any]:
    """Return what Kubernetes says of a Pod template: ``forbidden``, ``error`` or neither."""
    running = program()
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(json.dumps(template) + "\n")
    running.stdin.flush()
    found = json.loads(running.stdout.readline())
    assert isinstance(found, dict)
    return found


@functools.cache
def fields() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the fields of a Pod template that the profile restricts, and all of them."""
    done = subprocess.run([str(environment.pod_security()), "fields"], capture_output=True, check=True)
    found = [field for field in json.loads(done.stdout) if field["path"]]
    return [field for field in found if RESTRICTED.search(".".join(field["path"]))], found


def edit(template: dict[str, Any], choices: Choices) -> None:
    """Set one field."""
    field = choices.of(choices.of([fields()[0]] * 7 + [fields()[1]]))
    place: Any = template
    last = field["path"][-1]
    for name, following in itertools.pairwise(field["path"]):
        place = enter(place, name, choices, [] if following == "[]" else {})
        if place is None:
            return
    made = value(field["type"], choices)
    if last == "[]":
        place.append(made)
    else:
        place[last] = made


def enter(place: Any, name: str, choices: Choices, empty: Any) -> Any:
    """Return a part of a template, made where it is missing; None where a value of another type is in the way."""
    if name == "[]":
        index = choices.number() % (len(place) + 1)
        if index == len(place):
            place.append(empty if empty == [] else {"name": choices.of(("mcp-server", "c"))})
        found = place[index]
    else:
        if place.get(name) is None:
            place[name] = empty
        found = place[name]
    return found if type(found) is type(empty) else None


def value(kind: str, choices: Choices) -> Any:
    """Return a value, mostly of the field's type."""
    if choices.number() == 255:
        kind = choices.of(("boolean", "string", "integer", "list", "object", "map", "number"))
    if kind == "map":
        return {choices.of(KEYS): choices.of(STRINGS) for _ in range(choices.number() % 3)}
    simple: dict[str, tuple[Any, ...]] = {
        "boolean": (True, False, None),
        "integer": (0, 1, 80, -1, None),
        "number": (0.0, 1.5, 2**31, 2**63),
        "string": (*STRINGS, None),
        "list": ([], None, [], [None]),
        "object": ({}, None),
    }
    found = choices.of(simple[kind])
    return json.loads(json.dumps(found))


def made_of(data: bytes) -> dict[str, Any]:
    """Return a Pod template."""
    containers = [{"name": "mcp-server"}], [{"name": "c"}]
    template: dict[str, Any] = {
        "metadata": {},
        "spec": {"automountServiceAccountToken": False, "containers": containers[0], "initContainers": containers[1]},
    }
    choices = Choices(data)
    while choices:
        edit(template, choices)
    return template


def compare(template: dict[str, Any]) -> None:
    """What Kubernetes forbids we refuse; what we refuse it forbids or cannot decode, or we are known to be stricter."""
    theirs, ours = evaluate(template), pod_security.violations(template)
    assert all(f"{violation.path}: {violation.why}".isprintable() for violation in ours)
    if theirs.get("error"):
        return
    assert ours or not theirs.get("forbidden"), (template, theirs)
    unexplained = [
        violation
        for violation in ours
        if not (STRICTER.match(violation.path) or violation.why.startswith("it must be"))
    ]
    assert theirs.get("forbidden") or not unexplained, (template, unexplained)


def pod_template(data: bytes) -> None:
    """A Pod template is judged as Kubernetes judges it."""
    compare(made_of(data))


def pod_merge(data: bytes) -> None:
    """So is what a manifest is merged to; and what it sets to null is not less secure."""
    template = made_of(data)
    spec = template["spec"]
    try:
        merged = podspec.merge(OURS, spec if isinstance(spec, dict) else {})
    except ManifestError as exc:
        assert str(exc).isprintable()
        return
    compare({"metadata": template["metadata"], "spec": merged})
    if not pod_security.violations({"spec": merged}):
        assert merged["automountServiceAccountToken"] is False
        assert merged["securityContext"]["seccompProfile"]["type"] in ("RuntimeDefault", "Localhost")
        for container in [*merged["containers"], *(merged.get("initContainers") or [])]:
            assert all(
                container["securityContext"][name] is not None for name in OURS["containers"][0]["securityContext"]
            )


# Each target with what it begins from.
TARGETS = {
    "pod_template": (pod_template, [bytes(range(256)), b"\x01" * 40]),
    "pod_merge": (pod_merge, [bytes(range(256)), b"\x01" * 40]),
}
