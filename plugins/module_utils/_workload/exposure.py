# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.expose``: the HTTPRoute that leads from Gateways to the Service, and the BackendTLSPolicy for its certificate.

The route is created once the server has passed validation, and remains as long as the manifest wants it. See
docs/decisions/0026-exposing-servers.md and https://gateway-api.sigs.k8s.io/reference/spec/.
"""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from . import canary, names, route_sessions, tls, validation
from .errors import ManifestError
from .fields import mapping, omit_empty
from .ports import service_port

GROUP = "gateway.networking.k8s.io"
API_VERSION, ROUTE = f"{GROUP}/v1", "HTTPRoute"
# Versions of BackendTLSPolicy with the same fields: of Gateway API 1.4, and of 1.1 to 1.3.
BACKEND_TLS_VERSIONS = (f"{GROUP}/v1", f"{GROUP}/v1alpha3")
GATEWAY = "Gateway"
# The field of the status with what the route depends on beside the manifest.
FIELD = "exposure"
SSE = "sse"
_DEFAULT_PATH = "/mcp"
_ROOT = "/"
_AUTHORITY_KEY = "ca.crt"
_PASSED = ("Validated", "AuthRequired")

Object = t.Mapping[str, t.Any]


class Parent(t.NamedTuple):
    """A Gateway to which the route is attached; ``section`` and ``port`` select some of its listeners."""

    namespace: str
    name: str
    section: str = ""
    port: int = 0


def wanted(server: Object) -> bool:
    """Tell whether the manifest exposes the server."""
    return server["spec"].get("expose") is not None


def routed(server: Object) -> bool:
    """Tell whether the route is to exist: once the server has passed validation, or if it is not validated at all.

    :param server: with the latest status.
    """
    if not wanted(server):
        return False
    return bool(_known(server).get("serverPath")) or not validation.enabled(server)


def parents(server: Object) -> list[Parent]:
    """Return the Gateways of the manifest.

    :raises ManifestError: there is none, or one has no name.
    """
    found = []
    for entry in _list(_expose(server), "parentRefs"):
        if not isinstance(entry, t.Mapping) or not entry.get("name"):
            raise ManifestError("spec.expose.parentRefs has an entry without a name.", "Set the name of a Gateway.")
        namespace = str(entry.get("namespace") or server["metadata"]["namespace"])
        found.append(
            Parent(namespace, str(entry["name"]), str(entry.get("sectionName") or ""), int(entry.get("port") or 0))
        )
    if not found:
        raise ManifestError("spec.expose has no parentRefs.", "Set parentRefs to the Gateways of the server.")
    return found


def gateways_of_its_namespace(server: Object) -> list[dict[str, t.Any]]:
    """Return references to the Gateways of the manifest that are in the namespace of the server.

    :raises ManifestError: there is no Gateway, or one has no name.
    """
    own = server["metadata"]["namespace"]
    return [_parent_ref(parent, server) for parent in parents(server) if parent.namespace == own]


def hostnames(server: Object) -> list[str]:
    """Return the host names of the manifest, in lower case."""
    return [str(name).lower() for name in _list(_expose(server), "hostnames")]


def public_path(server: Object) -> str:
    """Return the path that clients use."""
    return str(_expose(server).get("path") or server_path(server))


def server_path(server: Object) -> str:
    """Return the path of the server's endpoint: that of the last validation that passed, else that of the manifest."""
    http = mapping(mapping(mapping(server["spec"], "transport"), "config"), "http")
    return str(_known(server).get("serverPath") or http.get("path") or _DEFAULT_PATH)


def observed(server: Object, found: Object, persistence: str = "") -> dict[str, t.Any]:
    """Return ``status.exposure``, on which the route depends; empty for a server that is not exposed.

    :param found: the new ``status.validation``.
    :param persistence: whether Gateways keep sessions, by :mod:`.route_sessions`; empty if that was not looked at.
    """
    if not wanted(server):
        return {}
    before = dict(_known(server))
    if persistence and before:
        before[route_sessions.FIELD] = persistence
    if found.get("state") not in _PASSED or (before and canary.serves_stable(server)):
        # During a canary, the validation is about Pods that may have another path.
        return before
    path = urlsplit(str(found.get("endpoint") or "")).path or server_path(server)
    protocol = found.get("protocol") or before.get("protocol")
    return omit_empty({**before, "serverPath": path, "protocol": protocol})


def as_recorded(server: Object) -> dict[str, t.Any]:
    """Return a server with no other status than what its route depends on."""
    known = inputs(server)
    return {**server, "status": {FIELD: known} if known else {}}


def inputs(server: Object) -> dict[str, t.Any] | None:
    """Return what the route depends on in the status; None for a server that is not exposed."""
    return dict(_known(server)) if wanted(server) else None


def route(server: Object) -> dict[str, t.Any] | None:
    """Return the variables of the HTTPRoute's template; None for a server without a route.

    :raises ManifestError: a field has the wrong type.
    """
    if not routed(server):
        return None
    return {
        "parent_refs": [_parent_ref(parent, server) for parent in parents(server)],
        "hostnames": hostnames(server),
        "rules": [_rule(server)],
    }


def backend_tls(server: Object) -> dict[str, t.Any] | None:
    """Return ``spec`` of the BackendTLSPolicy; None for a server without TLS or without a route."""
    settings = tls.settings(server)
    if settings is None or not routed(server):
        return None
    validates: dict[str, t.Any] = {"hostname": tls.server_name(server)}
    references = [
        {"group": "", "kind": kind, "name": str(mapping(settings, field).get("name") or "")}
        for field, kind in (("caConfigMapRef", "ConfigMap"), ("caSecretRef", "Secret"))
        if field in settings
    ]
    if references:
        validates["caCertificateRefs"] = references
    else:
        validates["wellKnownCACertificates"] = "System"
    target = {"group": "", "kind": "Service", "name": server["metadata"]["name"], "sectionName": names.PORT_NAME}
    return {"targetRefs": [target], "validation": validates}


def warnings(server: Object) -> list[str]:
    """Return warnings about what Gateways cannot do for the server as the manifest has it."""
    if not wanted(server):
        return []
    found = []
    settings = tls.settings(server) or {}
    if settings.get("mode") == tls.MUTUAL:
        found.append(
            "spec.tls.mode is mutual: the Gateway must present a client certificate to the server, which is set in the "
            "Gateway (spec.tls.backend), not in spec.expose."
        )
    for field in ("caConfigMapRef", "caSecretRef"):
        key = mapping(settings, field).get("key")
        if key not in (None, _AUTHORITY_KEY):
            found.append(f"{field} has the key {key}, but Gateways read {_AUTHORITY_KEY} of it.")
    if _rewrites(server) and _known(server).get("protocol") == SSE:
        found.append(
            "spec.expose.path differs from the path of the server, which uses HTTP+SSE: it names the path of messages "
            "itself, so clients cannot send any. Remove spec.expose.path."
        )
    lost = route_sessions.warning(server)
    return [*found, lost] if lost else found


def _rule(server: Object) -> dict[str, t.Any]:
    public, own = public_path(server), server_path(server)
    if _known(server).get("protocol") == SSE and not _rewrites(server):
        # The server names the path of messages in its first event.
        match = {"type": "PathPrefix", "value": _ROOT}
    else:
        # Nothing but the endpoint is exposed.
        match = {"type": "Exact", "value": public}
    rewrite: dict[str, t.Any] = {}
    if hostnames(server):
        # Servers refuse names that they do not know, because of DNS rebinding. Here the route has checked the name.
        rewrite["hostname"] = names.host(server["metadata"]["name"], server["metadata"]["namespace"])
    if public != own:
        rewrite["path"] = {"type": "ReplaceFullPath", "replaceFullPath": own}
    persistence = route_sessions.persistence(server)
    backend = {"group": "", "kind": "Service", "name": server["metadata"]["name"], "port": service_port(server)}
    return {
        "matches": [{"path": match}],
        **({"filters": [{"type": "URLRewrite", "urlRewrite": rewrite}]} if rewrite else {}),
        "backendRefs": [{**backend, "weight": 1}],
        # Streams stay open: many Gateways end a request after 15 seconds.
        "timeouts": {"request": "0s"},
        **({route_sessions.FIELD: persistence} if persistence else {}),
    }


def _rewrites(server: Object) -> bool:
    return public_path(server) != server_path(server)


def _parent_ref(parent: Parent, server: Object) -> dict[str, t.Any]:
    optional = {
        "namespace": parent.namespace if parent.namespace != server["metadata"]["namespace"] else "",
        "sectionName": parent.section,
        "port": parent.port,
    }
    return {"group": GROUP, "kind": GATEWAY, "name": parent.name, **omit_empty(optional)}


def _known(server: Object) -> Object:
    return mapping(mapping(server, "status"), FIELD)


def _expose(server: Object) -> Object:
    return mapping(server["spec"], "expose")


def _list(parent: Object, field: str) -> list[t.Any]:
    value = parent.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ManifestError(f"{field} must be a list, not {type(value).__name__}.", "Correct the manifest.")
    return value
