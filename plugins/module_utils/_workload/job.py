# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The validation Job, which validates the Pods of an MCPServer from within its namespace.

It is for clusters whose network policies reject connections from other namespaces. It runs under a ServiceAccount
without rights and without a token. Its termination message has the reports, shortened by :mod:`.report_encoding`; its
log has the whole reports.

Every user who can create Jobs in the namespace can create one that looks like it. So all that decides is in the Pod
template, which cannot be changed: :func:`is_ours` compares it with the one that is created here. A Job that passes ran
our image with our arguments, even if another client created it.
"""

from __future__ import annotations

import json
import typing as t

from . import job_template, names
from .objects import fingerprint
from .server import mapping
from .timeouts import timeouts
from .validation_interval import interval

if t.TYPE_CHECKING:
    from .probe_spec import ProbeSpec

API_VERSION, KIND = "batch/v1", "Job"
# On the Job and its Pod template: the containers that it validates, in the order of the reports in its message.
SUBJECTS_ANNOTATION = f"{names.GROUP}/subjects"
ATTEMPT_ANNOTATION = f"{names.GROUP}/attempt"
COMPONENT = names.VALIDATION_COMPONENT
# What it makes of its name; a name of a Job may have 63 characters, since its Pods are labelled with it.
_PREFIX = 41
# Pods that one Job dials: their answers fit into its message. It dials most of them at once, and the others then.
MAX_PODS = 20
_ROUNDS = 2
# Seconds for all that is not dialling.
_SECONDS = 60
# A Job is kept for so long at least, and until the next one has ended: the results are known from Jobs alone.
_KEPT_SECONDS = 3600
_MESSAGE = "/dev/termination-log"
_CALL = "--call-tool="


def runner(server: t.Mapping[str, t.Any]) -> str:
    """Return ``spec.validation.runner``: "job", or an empty string for the default."""
    return str(mapping(server["spec"], "validation").get("runner") or "")


def account(server: t.Mapping[str, t.Any], owner: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """Return the ServiceAccount of an MCPServer's validation Jobs. It has no rights.

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
    """Return a Job that validates Pods.

    :param pods: what names each of them, and its address.
    :param image: of the operator.
    :param attempt: a number that no Job about these has yet: a Job cannot be changed or run again.
    :param owner: as of :func:`account`.
    """
    annotations = _annotations([subject for subject, _address in pods], attempt)
    template = _template(server, spec, [_url(spec, address) for _subject, address in pods], image, annotations)
    seconds = _SECONDS + _ROUNDS * timeouts(server).whole
    mark = fingerprint(template)
    meta = _meta(server, owner)
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {
            **meta,
            "name": f"{server['metadata']['name'][:_PREFIX].rstrip('-')}-validate-{mark}",
            "annotations": annotations,
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": int(seconds),
            "ttlSecondsAfterFinished": max(_KEPT_SECONDS, 2 * int(interval(server))),
            "template": template,
        },
    }


def subjects(found: t.Mapping[str, t.Any]) -> list[tuple[str, ...]]:
    """Return what identifies the containers that a Job validates; empty if its annotation is invalid."""
    try:
        return [tuple(map(str, subject)) for subject in json.loads(_annotation(found, SUBJECTS_ANNOTATION))]
    except (ValueError, TypeError, RecursionError):
        return []


def attempt(found: t.Mapping[str, t.Any]) -> int:
    """Return a Job's number."""
    text = _annotation(found, ATTEMPT_ANNOTATION)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def calls_tool(found: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a Job that :func:`job` returned calls a tool."""
    return any(text.startswith(_CALL) for text in _args(found)[0])


def is_ours(
    found: t.Mapping[str, t.Any],
    server: t.Mapping[str, t.Any],
    spec: ProbeSpec,
    addresses: t.Mapping[tuple[str, ...], str],
    image: str,
) -> bool:
    """Tell whether a Job is one that :func:`job` returns, after the API server's defaults.

    :param addresses: of the Pods that exist, by what names them.
    :param image: of the operator.
    """
    urls, about = _args(found)[1], subjects(found)
    if not about or len(urls) != len(about) or mapping(found, "spec").get("manualSelector"):
        return False
    if any(subject in addresses and url != _url(spec, addresses[subject]) for subject, url in zip(about, urls)):
        return False
    wanted = _template(server, spec, urls, image, _annotations(about, attempt(found)))
    return job_template.matches(mapping(mapping(found, "spec"), "template"), wanted)


def _annotation(found: t.Mapping[str, t.Any], name: str) -> str:
    metadata = mapping(mapping(mapping(found, "spec"), "template"), "metadata")
    return str(mapping(metadata, "annotations").get(name, ""))


def _annotations(about: t.Iterable[t.Sequence[str]], attempt: int) -> dict[str, str]:
    text = json.dumps([list(subject) for subject in about], separators=(",", ":"))
    return {SUBJECTS_ANNOTATION: text, ATTEMPT_ANNOTATION: str(attempt)}


def _args(found: t.Mapping[str, t.Any]) -> tuple[list[str], list[str]]:
    """Return the options and the URLs in the arguments of a Job's container."""
    try:
        [container] = found["spec"]["template"]["spec"]["containers"]
        args = list(map(str, container["args"]))
        end = args.index("--")
        return args[:end], args[end + 1 :]
    except (LookupError, ValueError, TypeError):
        return [], []


def _literal(text: str) -> str:
    """Return text that Kubernetes does not expand in arguments: it replaces ``$$`` by ``$``."""
    return text.replace("$", "$$")


def _url(spec: ProbeSpec, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{spec.port}{_path(spec.path)}"


def _template(
    server: t.Mapping[str, t.Any],
    spec: ProbeSpec,
    urls: t.Sequence[str],
    image: str,
    annotations: t.Mapping[str, str],
) -> dict[str, t.Any]:
    # In one argument: a value of a manifest must not become an option.
    wanted = [f"--require={name}" for name in spec.capabilities]
    wanted += [f"--expect={_literal(text)}" for text in spec.expect]
    if spec.tool_call is not None:
        name, arguments = spec.tool_call
        wanted += [f"{_CALL}{_literal(name)}", f"--tool-arguments={_literal(arguments)}"]
    wait = timeouts(server)
    return {
        "metadata": {"labels": _labels(server), "annotations": dict(annotations)},
        "spec": pod_spec(
            server,
            image,
            [
                *("--transport", spec.transport, "--host-header", spec.authority),
                *("--start-timeout", f"{wait.start:g}", "--timeout", f"{wait.whole:g}"),
                *("--request-timeout", f"{wait.request:g}"),
                *wanted,
                "--",
                *urls,
            ],
        ),
    }


def pod_spec(server: t.Mapping[str, t.Any], image: str, arguments: t.Sequence[str]) -> dict[str, t.Any]:
    """Return the spec of a Pod that validates, and reports through its termination message.

    :param image: of the operator.
    :param arguments: of ``mcp-operator validate``.
    """
    return {
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
                "args": ["validate", "--format", "json", "--summary", _MESSAGE, *arguments],
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
