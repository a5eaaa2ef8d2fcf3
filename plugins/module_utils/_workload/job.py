# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The validation Job: it dials the Pods of an MCPServer from within the MCPServer's namespace.

For clusters whose network policies keep everybody else out of it. It runs under a ServiceAccount that may do nothing,
and without its token. What it found is its termination message, by :mod:`.compact`, and in full its log.
"""

from __future__ import annotations

import json
import typing as t

from . import names
from .objects import fingerprint
from .server import mapping
from .timeouts import timeouts
from .validation import interval

if t.TYPE_CHECKING:
    from .probe_spec import ProbeSpec

API_VERSION, KIND = "batch/v1", "Job"
# On the Job: what it is about, so that whoever reads its message knows whose answers these are.
SUBJECTS_ANNOTATION = f"{names.GROUP}/subjects"
ATTEMPT_ANNOTATION = f"{names.GROUP}/attempt"
COMPONENT = "mcp-validation"
# What it makes of its name; a name of a Job may have 63 characters, since its Pods are labelled with it.
_PREFIX = 41
# Pods that one Job dials: their answers fit into its message. It dials most of them at once, and the others then.
MOST = 20
_ROUNDS = 2
# Seconds for all that is not dialling.
_SECONDS = 60
# For so long at least its log can be read, and until the next one has ended: what is proved is known from Jobs alone.
_KEPT_SECONDS = 3600
_MESSAGE = "/dev/termination-log"


def runner(server: t.Mapping[str, t.Any]) -> str:
    """Return who is to dial the Pods: empty for whoever asks."""
    return str(mapping(server["spec"], "validation").get("runner") or "")


def account(server: t.Mapping[str, t.Any], owner: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """Return the ServiceAccount of an MCPServer's validation Jobs: nobody gives it any right.

    :param owner: the ownerReference to what it goes with, if that is not the MCPServer.
    """
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {**_meta(server, owner), "name": _account(server)},
        "automountServiceAccountToken": False,
    }


def job(
    server: t.Mapping[str, t.Any],
    spec: ProbeSpec,
    pods: t.Sequence[tuple[t.Sequence[str], str]],
    *,
    image: str,
    attempt: int,
    owner: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """Return the Job that asks some Pods.

    :param pods: what names each of them, and its address.
    :param image: of the operator.
    :param attempt: a number that no Job about these has yet: a Job cannot be changed or run again.
    :param owner: as of :func:`account`.
    """
    template = _template(server, spec, [address for _subject, address in pods], image)
    seconds = _SECONDS + _ROUNDS * timeouts(server).whole
    subjects = json.dumps([list(subject) for subject, _address in pods], separators=(",", ":"))
    mark = fingerprint([template, subjects, attempt])
    meta = _meta(server, owner)
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {
            **meta,
            "name": f"{server['metadata']['name'][:_PREFIX].rstrip('-')}-validate-{mark}",
            "annotations": {SUBJECTS_ANNOTATION: subjects, ATTEMPT_ANNOTATION: str(attempt)},
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": int(seconds),
            "ttlSecondsAfterFinished": max(_KEPT_SECONDS, 2 * int(interval(server))),
            "template": template,
        },
    }


def subjects(found: t.Mapping[str, t.Any]) -> list[tuple[str, ...]]:
    """Return what a Job is about; empty where it does not say."""
    text = (found["metadata"].get("annotations") or {}).get(SUBJECTS_ANNOTATION, "")
    try:
        return [tuple(map(str, subject)) for subject in json.loads(text)]
    except (ValueError, TypeError):
        return []


def attempt(found: t.Mapping[str, t.Any]) -> int:
    """Return a Job's number."""
    text = (found["metadata"].get("annotations") or {}).get(ATTEMPT_ANNOTATION, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _template(
    server: t.Mapping[str, t.Any], spec: ProbeSpec, addresses: t.Iterable[str], image: str
) -> dict[str, t.Any]:
    hosts = [f"[{address}]" if ":" in address else address for address in addresses]
    urls = [f"http://{host}:{spec.port}{_path(spec.path)}" for host in hosts]
    # As one word: what a manifest names must not become an option.
    wanted = [f"--require={name}" for name in spec.capabilities]
    wait = timeouts(server)
    return {
        "metadata": {"labels": _labels(server)},
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": _account(server),
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 1000,
                "runAsGroup": 1000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **_placing(server),
            "containers": [
                {
                    "name": COMPONENT,
                    "image": image,
                    "args": [
                        "validate",
                        *("--format", "json", "--summary", _MESSAGE),
                        *("--transport", spec.transport, "--host-header", spec.authority),
                        *("--start-timeout", f"{wait.start:g}", "--timeout", f"{wait.whole:g}"),
                        *("--request-timeout", f"{wait.request:g}"),
                        *wanted,
                        "--",
                        *urls,
                    ],
                    "terminationMessagePath": _MESSAGE,
                    "resources": {
                        "requests": {"cpu": "50m", "memory": "64Mi"},
                        "limits": {"cpu": "1", "memory": "256Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                        "readOnlyRootFilesystem": True,
                    },
                }
            ],
        },
    }


def _placing(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return where the server's own Pods may run: a namespace that has nodes of its own has them for this, too."""
    template = mapping(server["spec"], "podTemplate")
    fields = ("nodeSelector", "tolerations", "imagePullSecrets")
    return {field: template[field] for field in fields if template.get(field)}


def _path(path: str | None) -> str:
    if path is None:
        return ""
    return path if path.startswith("/") else f"/{path}"


def _account(server: t.Mapping[str, t.Any]) -> str:
    return f"{server['metadata']['name']}-validate"


def _labels(server: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return labels by which the operator finds it, and no Service does."""
    return {
        "app.kubernetes.io/name": COMPONENT,
        names.INSTANCE_LABEL: server["metadata"]["name"],
        "app.kubernetes.io/component": COMPONENT,
        names.MANAGED_BY_LABEL: names.VALIDATION,
    }


def _meta(server: t.Mapping[str, t.Any], owner: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    return {
        "namespace": server["metadata"]["namespace"],
        "labels": _labels(server),
        "ownerReferences": [names.owner_reference(server) if owner is None else dict(owner)],
    }
