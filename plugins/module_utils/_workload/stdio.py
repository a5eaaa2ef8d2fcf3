# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Pods of servers with the stdio transport, which a bridge serves over HTTP.

There are two forms. *inject*: the server has an image; an init container copies the bridge into a volume, and the
bridge runs the server's command. *package*: the server has no image; a command such as ``npx`` or ``uvx`` runs in an
image that contains the runtimes and the bridge.
"""

from __future__ import annotations

import typing as t

from .._util import is_secret_name
from .fields import mapping, omit_empty

MODE = "session"
# The init container, and the path of the program in the images and in the volume.
INIT_CONTAINER = "mcp-stdio-bridge"
_IN_IMAGE = "/usr/local/bin/mcp-stdio-bridge"
_IN_VOLUME = "/mcp-stdio-bridge"
_CACHE = "/mcp-cache"
_HEALTH = "/healthz"
_MAX_SESSIONS, _IDLE, _START, _REQUEST = 8, 600, 60, 300
_BRIDGE_RESOURCES = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}


def bridged(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a server uses the stdio transport, and so needs the bridge."""
    return mapping(spec, "transport").get("type") == "stdio"


def injected(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the bridge is copied into the Pod of an image that does not contain it."""
    return bridged(spec) and bool(spec.get("image"))


def mode(spec: t.Mapping[str, t.Any]) -> str:
    """Return "session", where each session has its own process of the server, or "shared"."""
    return str(_settings(spec).get("mode") or MODE)


def starts_for_each(spec: t.Mapping[str, t.Any]) -> bool:
    """Tell whether each session starts a process."""
    return bridged(spec) and mode(spec) == "session"


def start_timeout(spec: t.Mapping[str, t.Any]) -> int:
    """Return the seconds after which a server that has not answered its first message has failed to start."""
    return int(_settings(spec).get("startTimeoutSeconds") or _START)


def image(spec: t.Mapping[str, t.Any], images: t.Mapping[str, t.Any] | None) -> str:
    """Return the image that contains the bridge: that of the manifest, else of ``images``."""
    form = "inject" if spec.get("image") else "package"
    return str(_settings(spec).get("bridgeImage") or (images or {}).get(form) or "")


def program(
    spec: t.Mapping[str, t.Any], env: t.Sequence[t.Mapping[str, t.Any]], port: int, options: t.Sequence[str] = ()
) -> dict[str, t.Any]:
    """Return the container's ``command`` and ``args``: those of the bridge, and after ``--`` those of the server.

    :param env: the container's environment. Names of secrets are passed to the bridge, never their values.
    :param options: further options of the bridge, from :mod:`.sidecar_options`.
    """
    settings = _settings(spec)
    folder = _IN_VOLUME if spec.get("image") else None
    words = [f"--listen=:{port}", f"--mode={mode(spec)}"]
    for field, option, default, unit in (
        ("maxSessions", "max-sessions", _MAX_SESSIONS, ""),
        ("sessionIdleSeconds", "idle", _IDLE, "s"),
        ("startTimeoutSeconds", "start", _START, "s"),
        ("requestTimeoutSeconds", "request", _REQUEST, "s"),
    ):
        words.append(f"--{option}={int(settings.get(field) or default)}{unit}")
    if settings.get("spare") and starts_for_each(spec):
        words.append("--spare")
    words += [f"--secret-env={name}" for name in _secrets(env)]
    words += options
    command = [f"{folder}/mcp-stdio-bridge" if folder else _IN_IMAGE, "run"]
    return {"command": command, "args": [*words, "--", *(spec.get("command") or []), *(spec.get("args") or [])]}


def environment(spec: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the variables that the operator sets, among them writable directories for package managers."""
    ours = {"MCP_TRANSPORT": "stdio"}
    if not spec.get("image"):
        ours.update(
            {
                "HOME": "/tmp",  # noqa: S108 - a volume of the Pod's own
                "XDG_CACHE_HOME": _CACHE,
                "npm_config_cache": f"{_CACHE}/npm",
                "UV_CACHE_DIR": f"{_CACHE}/uv",
                "UV_TOOL_DIR": f"{_CACHE}/uv-tools",
            }
        )
    return ours


def volumes(spec: t.Mapping[str, t.Any], template: t.Mapping[str, t.Any]) -> tuple[list[t.Any], list[t.Any]]:
    """Return the Pod's volumes and the container's mounts: those of the bridge, then those of the manifest."""
    theirs = list(template.get("volumes") or [])
    mounts = list(template.get("volumeMounts") or [])
    taken = {str(mount.get("mountPath")).rstrip("/") for mount in mounts}
    found: list[t.Any] = []
    mounted: list[t.Any] = []
    if spec.get("image"):
        found.append({"name": "mcp-stdio-bridge", "emptyDir": {}})
        mounted.append({"name": "mcp-stdio-bridge", "mountPath": _IN_VOLUME, "readOnly": True})
    elif _CACHE not in taken:
        found.append({"name": "mcp-cache", **_cache(mapping(_settings(spec), "cache"))})
        mounted.append({"name": "mcp-cache", "mountPath": _CACHE})
    # The root file system is read-only by default.
    if "/tmp" not in taken:  # noqa: S108 - as above
        found.append({"name": "mcp-tmp", "emptyDir": {}})
        mounted.append({"name": "mcp-tmp", "mountPath": "/tmp"})  # noqa: S108 - as above
    return [*found, *theirs], [*mounted, *mounts]


def init_container(
    spec: t.Mapping[str, t.Any], images: t.Mapping[str, t.Any] | None, security: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """Return the init container that copies the bridge into the volume."""
    return {
        "name": INIT_CONTAINER,
        "image": image(spec, images),
        "command": [_IN_IMAGE, "copy", _IN_VOLUME],
        "resources": _BRIDGE_RESOURCES,
        "securityContext": {**security, "readOnlyRootFilesystem": True},
        "volumeMounts": [{"name": "mcp-stdio-bridge", "mountPath": _IN_VOLUME}],
    }


def probes(spec: t.Mapping[str, t.Any], port: int, path: str = _HEALTH) -> dict[str, dict[str, t.Any]]:
    """Return the kubelet's probes. The bridge answers 200 only while the server can start a session.

    There is no liveness probe: a bridge whose server cannot run exits with a message.

    :param path: of the health check on this port.
    """
    if mapping(spec, "healthCheck").get("enabled") is False:
        return {}
    get = {"httpGet": {"path": path, "port": port}}
    return {
        # Longer than the start timeout of the bridge, which exits with the cause.
        "startupProbe": {**get, "periodSeconds": 1, "failureThreshold": start_timeout(spec) + 30, "timeoutSeconds": 1},
        "readinessProbe": {**get, "periodSeconds": 5, "failureThreshold": 1, "timeoutSeconds": 5},
    }


def warnings(spec: t.Mapping[str, t.Any]) -> list[str]:
    """Return warnings about fields that have no effect on a bridged server."""
    found = []
    if mapping(spec, "healthCheck").get("path") or mapping(spec, "healthCheck").get("port"):
        found.append(
            "spec.healthCheck.path and port have no effect on a stdio server; the bridge has its own health endpoint."
        )
    if _settings(spec).get("spare") and mode(spec) == "shared":
        found.append("spec.transport.config.stdio.spare has no effect on a shared server, which has one process.")
    return found


def _settings(spec: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    return mapping(mapping(mapping(spec, "transport"), "config"), "stdio")


def _cache(cache: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    if cache.get("claimName"):
        return {"persistentVolumeClaim": {"claimName": cache["claimName"]}}
    return {"emptyDir": omit_empty({"sizeLimit": cache.get("sizeLimit")})}


def _secrets(env: t.Sequence[t.Mapping[str, t.Any]]) -> list[str]:
    """Return the names of variables whose values the bridge masks in messages."""
    return sorted(
        str(variable["name"])
        for variable in env
        if "secretKeyRef" in (variable.get("valueFrom") or {}) or is_secret_name(variable["name"])
    )
