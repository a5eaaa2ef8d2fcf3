# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The fields of a manifest that need mcp-sidecar in the Pods, and the options that it gets for them.

An HTTP server gets it as a proxy before the server. A stdio server has it already, with the same options.
"""

from __future__ import annotations

import typing as t

from . import names, stdio, tls
from .fields import mapping
from .rollout_manager import FLAGGER, manager

Object = t.Mapping[str, t.Any]

# Names of metrics: those of vitorbari/mcp-operator, so that the same manifest keeps them.
_NAMES = "compatible"
# Fields without which there is no sidecar.
_FIELDS = frozenset({"metrics", "tls", "auth", "limits", "strategy", "rollout"})
# Seconds for which a terminating Pod still serves, until its endpoint has been removed everywhere; and the longest time
# for its sessions.
_DRAIN_SECONDS, _SESSION_SECONDS = 3, 300


def wanted(spec: Object) -> bool:
    """Tell whether the Pods need mcp-sidecar for something else than the stdio transport."""
    if _FIELDS.isdisjoint(spec):
        return False
    return bool(mapping(spec, "metrics").get("enabled")) or controls_access(spec) or waits(spec)


def drains_sessions(spec: Object) -> bool:
    """Tell whether a terminating Pod serves until its sessions have ended. mcp-sidecar knows them."""
    return bool(mapping(spec, "strategy").get("drainSessions"))


def waits(spec: Object) -> bool:
    """Tell whether mcp-sidecar answers the preStop hook.

    Flagger copies Pod templates with the types of Kubernetes 1.27, which have no other hook without a program in the
    image.
    """
    return drains_sessions(spec) or manager(spec) == FLAGGER


def drain_seconds(spec: Object) -> int:
    """Return the seconds for which a terminating Pod still serves, at most."""
    value = mapping(spec, "strategy").get("drainSeconds")
    if value is not None:
        return int(value)
    return _SESSION_SECONDS if drains_sessions(spec) else _DRAIN_SECONDS


def measures_canary(spec: Object) -> bool:
    """Tell whether the operator reads the metrics of the sidecars, to compare a canary with the stable Pods."""
    wanted = mapping(spec, "rollout").get("analysis") is not None
    return wanted and bool(mapping(spec, "metrics").get("enabled"))


def controls_access(spec: Object) -> bool:
    """Tell whether a call that does not pass mcp-sidecar would be one that the manifest does not allow."""
    return tls.of_sidecar(spec) is not None or any(mapping(spec, field) for field in ("auth", "limits"))


def proxied(spec: Object) -> bool:
    """Tell whether clients reach the server through the proxy."""
    return wanted(spec) and not stdio.bridged(spec)


def options(server: Object, metrics_port: int, endpoint: str) -> list[str]:
    """Return the options of mcp-sidecar for the fields of the manifest; empty if it has none.

    The kubelet replaces ``$(NAME)`` in arguments by a variable, and ``$$`` by ``$``. Texts of the manifest are no such
    references (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/).

    :param metrics_port: the port of the metrics and of the health checks, which the kubelet uses.
    :param endpoint: the URL at which clients in the cluster reach the server.
    """
    spec, meta = server["spec"], server["metadata"]
    if not wanted(spec):
        return []
    metrics = mapping(spec, "metrics")
    words = [
        f"--metrics-listen=:{metrics_port}",
        f"--metrics-names={metrics.get('names') or _NAMES}",
        f"--server-name={meta['namespace']}/{meta['name']}",
    ]
    words += [f"--tool={tool}" for tool in metrics.get("tools") or []]
    if metrics.get("otlpEndpoint"):
        words.append(f"--otlp-endpoint={metrics['otlpEndpoint']}")
    if waits(spec) and drain_seconds(spec):
        words.append(f"--drain-sessions={drain_seconds(spec)}s")
    words += [*_tls(spec), *_auth(mapping(spec, "auth"), endpoint), *_limits(mapping(spec, "limits"))]
    return [word.replace("$", "$$") for word in words]


def _tls(spec: Object) -> t.Iterator[str]:
    settings = tls.of_sidecar(spec)
    if settings is None:
        return
    yield f"--tls-cert-file={names.TLS_PATH}/tls.crt"
    yield f"--tls-key-file={names.TLS_PATH}/tls.key"
    yield f"--tls-min-version={settings.get('minVersion') or '1.2'}"
    if settings.get("mode") == tls.MUTUAL:
        own = "clientCAConfigMapRef" in settings or "clientCASecretRef" in settings
        yield f"--tls-client-ca-file={names.CLIENT_CA_PATH if own else names.TLS_PATH}/ca.crt"
        yield from (f"--tls-client-san={name}" for name in settings.get("clientSANs") or [])


def _auth(settings: Object, endpoint: str) -> t.Iterator[str]:
    if not settings:
        return
    yield from (f"--auth-issuer={issuer}" for issuer in settings.get("issuers") or [])
    yield f"--auth-resource={settings.get('resource') or endpoint}"
    if settings.get("audience"):
        yield f"--auth-audience={settings['audience']}"
    yield from (f"--auth-scope={scope}" for scope in settings.get("scopes") or [])
    for entry in settings.get("toolScopes") or []:
        yield from (f"--auth-tool-scope={entry.get('tool')}={scope}" for scope in entry.get("scopes") or [])
    if "caConfigMapRef" in settings:
        yield f"--auth-ca-file={names.AUTH_CA_PATH}/ca.crt"
    if settings.get("forwardSubjectHeader"):
        yield f"--auth-subject-header={settings['forwardSubjectHeader']}"
    if settings.get("audit"):
        yield "--audit"


def _limits(settings: Object) -> t.Iterator[str]:
    for field in ("session", "subject"):
        limit = mapping(settings, field)
        if limit:
            rate = int(limit.get("requestsPerSecond") or 0)
            yield f"--limit-{field}={rate}/s:{int(limit.get('burst') or rate)}"
