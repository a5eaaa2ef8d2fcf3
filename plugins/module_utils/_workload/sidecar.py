# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""mcp-sidecar as a proxy before an HTTP server: its container, its ports and the probes that it makes possible.

It is a native sidecar: an init container that keeps running. It starts before the server and stops after it, so that
calls in flight end while the Pod terminates. See docs/decisions/0022-proxy-sidecar.md. With Flagger it is a container,
which waits with the server until the Pod is drained.
"""

from __future__ import annotations

import typing as t

from . import draining, names, ports, rollout_manager, sidecar_options, sidecar_volumes, stdio, tls
from .fields import mapping, omit_empty

METRICS_PORT_NAME = "metrics"
# The port of a server behind the proxy, which has the name of the server's port in Pods without a proxy.
_SERVER_PORT_NAME = "server"
_PROGRAM = "/usr/local/bin/mcp-sidecar"
_RESOURCES = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}
# Another user than the server's default: a process of the server must not be able to read the memory of the sidecar.
_USER = 65532
_SECURITY = {
    "runAsNonRoot": True,
    "runAsUser": _USER,
    "runAsGroup": _USER,
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
# Each second, so that a fast server is ready at once; a slow one has two minutes.
_STARTUP = {"periodSeconds": 1, "failureThreshold": 120, "timeoutSeconds": 3}
_READINESS = {"periodSeconds": 5, "failureThreshold": 3, "timeoutSeconds": 5}
_LIVENESS = {"periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 5}
# The proxy of vitorbari/mcp-operator, which has other options.
_OTHER_PROXY = "vitorbari/mcp-proxy"

Object = t.Mapping[str, t.Any]


def containers(server: Object, images: Object | None) -> list[dict[str, t.Any]]:
    """Return the proxy's container; empty if the server has none.

    :param images: images that contain mcp-sidecar, as for stdio servers.
    """
    spec = server["spec"]
    if not sidecar_options.proxied(spec):
        return []
    port, metrics_port = ports.served_port(server), ports.metrics_port(spec)
    check = {"httpGet": {"path": "/healthz", "port": metrics_port}}
    # Flagger drops the restart policy of init containers, which then would have to end before the server starts.
    native = rollout_manager.manager(spec) != rollout_manager.FLAGGER
    return [
        {
            "name": names.SIDECAR,
            "image": _image(spec, images),
            **({"restartPolicy": "Always"} if native else {"lifecycle": draining.lifecycle(spec)}),
            "command": [_PROGRAM, "proxy"],
            "args": [
                f"--target=http://127.0.0.1:{ports.port_of(server)}",
                f"--listen=:{port}",
                *options(server),
            ],
            "ports": [
                {"name": names.PORT_NAME, "containerPort": port, "protocol": "TCP"},
                {"name": METRICS_PORT_NAME, "containerPort": metrics_port, "protocol": "TCP"},
            ],
            "resources": mapping(mapping(spec, "sidecar"), "resources") or _RESOURCES,
            "securityContext": _SECURITY,
            "terminationMessagePolicy": "FallbackToLogsOnError",
            "readinessProbe": {**check, **_READINESS},
            "livenessProbe": {**check, **_LIVENESS},
            **omit_empty({"volumeMounts": sidecar_volumes.volumes(server)[1]}),
        }
    ]


def options(server: Object) -> list[str]:
    """Return the options of mcp-sidecar that proxies and bridges have in common."""
    meta, spec = server["metadata"], server["spec"]
    path = mapping(mapping(mapping(spec, "transport"), "config"), "http").get("path") or "/mcp"
    host = names.host(meta["name"], meta["namespace"])
    endpoint = f"{tls.scheme(server)}://{host}:{ports.service_port(server)}{path}"
    return sidecar_options.options(server, ports.metrics_port(spec), endpoint)


def container_ports(server: Object) -> list[dict[str, t.Any]]:
    """Return the ports of the server's container: its own, and that of the metrics where it runs mcp-sidecar itself."""
    spec = server["spec"]
    name = _SERVER_PORT_NAME if sidecar_options.proxied(spec) else names.PORT_NAME
    found = [{"name": name, "containerPort": ports.port_of(server), "protocol": "TCP"}]
    if stdio.bridged(spec) and sidecar_options.wanted(spec):
        found.append({"name": METRICS_PORT_NAME, "containerPort": ports.metrics_port(spec), "protocol": "TCP"})
    return found


def probes(spec: Object) -> dict[str, dict[str, t.Any]]:
    """Return the probes of a server's container behind the proxy, which connects to the server for each of them.

    The kubelet would connect to the Pod's address, where a server that only the proxy reaches does not listen.
    """
    check = {"httpGet": {"path": "/readyz", "port": ports.metrics_port(spec)}}
    return {"startupProbe": {**check, **_STARTUP}, "readinessProbe": {**check, **_READINESS}}


def target_port(server: Object) -> int | str:
    """Return the Service's target port: that of the manifest, else the port of the Pods that clients use.

    With a proxy, it is a name. So the Service forwards to each Pod on the port on which it listens while the Pods are
    replaced by some with a proxy, and after a rollback.
    """
    own: int | str | None = mapping(server["spec"], "service").get("targetPort")
    return own or (names.PORT_NAME if sidecar_options.proxied(server["spec"]) else ports.served_port(server))


def service_ports(server: Object, *, app_protocol: str | None) -> list[dict[str, t.Any]]:
    """Return the ports of the Service."""
    spec = server["spec"]
    main: dict[str, t.Any] = {
        "name": names.PORT_NAME,
        "port": ports.service_port(server),
        "targetPort": target_port(server),
        "protocol": "TCP",
    }
    if app_protocol is not None:
        main["appProtocol"] = app_protocol
    if not mapping(spec, "metrics").get("enabled"):
        return [main]
    port = ports.metrics_port(spec)
    return [main, {"name": METRICS_PORT_NAME, "port": port, "targetPort": port, "protocol": "TCP"}]


def warnings(server: Object) -> list[str]:
    """Return warnings about fields that have no effect, or that go round the sidecar."""
    spec = server["spec"]
    own = mapping(spec, "sidecar")
    if not sidecar_options.wanted(spec):
        return ["spec.sidecar has no effect: no field of the manifest needs a sidecar."] if own else []
    if stdio.bridged(spec):
        used = own.keys() <= {"tls"}
        return [] if used else ["spec.sidecar has no effect on a stdio server, which has a sidecar already."]
    found = []
    if _OTHER_PROXY in str(own.get("image") or ""):
        found.append("spec.sidecar.image, the proxy of vitorbari/mcp-operator, has other options; it is not used.")
    target = mapping(spec, "service").get("targetPort")
    if target is not None and target not in (names.PORT_NAME, ports.served_port(server)):
        found.append(f"spec.service.targetPort {target} leads past the sidecar, which then measures no call.")
    return found


def _image(spec: Object, images: Object | None) -> str:
    own = str(mapping(spec, "sidecar").get("image") or "")
    return own if own and _OTHER_PROXY not in own else str((images or {}).get("inject") or "")
