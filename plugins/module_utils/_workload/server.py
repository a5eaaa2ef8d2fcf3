# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The variables of the templates in ``roles/mcpserver/templates`` for an MCPServer.

All defaults and rules are applied here; the templates only print the manifests.
"""

from __future__ import annotations

import typing as t

from . import (
    certificate,
    draining,
    exposure,
    managed,
    names,
    port_collisions,
    ports,
    probes,
    rollout_manager,
    scaling,
    service_discovery,
    sidecar,
    sidecar_options,
    sidecar_volumes,
    stdio,
    tls,
    tool_call,
    validation_interval,
)
from .fields import mapping, omit_empty

__all__ = ["environment", "mapping", "template_context", "warnings"]

# The path in the environment variable if the manifest sets none. Detection tries both well-known paths.
DEFAULT_PATH = "/mcp"
# Three hours, the default of Kubernetes for ClientIP affinity.
_AFFINITY_SECONDS = 10800


def template_context(
    server: t.Mapping[str, t.Any],
    default_resources: t.Mapping[str, t.Any] | None = None,
    bridge_images: t.Mapping[str, t.Any] | None = None,
    gate: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """Return the variables of the templates of one MCPServer.

    :param server: the MCPServer as the API server returned it, or as :func:`manifest.check` did.
    :param default_resources: requests and limits for a manifest without them.
    :param bridge_images: images that contain the bridge of stdio servers; see :mod:`.stdio`.
    :param gate: the fields of a readiness gate, from :func:`.gate.fields`; None for Pods without one.
    :raises ManifestError: a field has a type that the CustomResourceDefinition does not allow, or is too large.
    """
    spec = server["spec"]
    tool_call.check(spec)
    meta = server["metadata"]
    gate = gate or {}
    name = str(meta["name"])
    transport = mapping(spec, "transport")
    http = mapping(mapping(transport, "config"), "http")
    template = mapping(spec, "podTemplate")
    protocol = transport.get("protocol", "auto")
    sse = mapping(http, "sse") if protocol == "sse" else None
    security = _container_security(spec)
    env = environment(spec, http)[0]
    volumes, mounts = template.get("volumes"), template.get("volumeMounts")
    if stdio.bridged(spec):
        volumes, mounts = stdio.volumes(spec, template)
    certificates, certificate_mounts = sidecar_volumes.volumes(server)
    if certificates:
        volumes = [*certificates, *(volumes or [])]
        mounts = [*certificate_mounts, *(mounts or [])] if stdio.bridged(spec) else mounts
    account = template.get("serviceAccountName")
    flagger, proxies = (
        rollout_manager.manager(spec) == rollout_manager.FLAGGER,
        sidecar.containers(server, bridge_images),
    )
    return {
        "name": name,
        "namespace": meta["namespace"],
        "labels": names.labels(name),
        "selector": names.selector(name),
        "pod_selector": managed.pod_selector(server),
        "owner_references": [names.owner_reference(server)] if meta.get("uid") else [],
        "service_account": {"name": account or name, "create": not account},
        "deployment_annotations": _made_of(meta),
        "replicas": scaling.replicas(spec),
        "strategy": scaling.strategy(spec, sse),
        "progress_deadline_seconds": gate.get("progress_deadline_seconds"),
        "pod": _pod(spec, name, sse, volumes, gate),
        "init_containers": [
            *([stdio.init_container(spec, bridge_images, security)] if stdio.injected(spec) else []),
            *([] if flagger else proxies),
        ],
        "more_containers": proxies if flagger else [],
        "container": {
            "name": names.CONTAINER,
            "image": spec.get("image") or stdio.image(spec, bridge_images),
            "env": env,
            "ports": sidecar.container_ports(server),
            "resources": spec.get("resources") or default_resources or {},
            "security": security,
            # A log may contain a secret. The bridge writes its own message without secrets.
            "last_words": "File" if stdio.bridged(spec) else "FallbackToLogsOnError",
            "optional": {
                **_program(server, env),
                **omit_empty({"volumeMounts": mounts, "lifecycle": draining.lifecycle(spec)}),
            },
        },
        "service": _service(server, http, sse),
        "certificate": certificate.spec(server),
        "route": exposure.route(server),
        "backend_tls": exposure.backend_tls(server),
        "registration": service_discovery.registration(server),
        "mcp_route": service_discovery.mcp_route(server),
        "hpa": scaling.hpa(spec),
        "hpa_target": managed.scale_target(server),
        # At most one Pod may be evicted at a time.
        "disruption_budget": scaling.several(spec),
    }


def warnings(server: t.Mapping[str, t.Any]) -> list[str]:
    """Return warnings about fields that are accepted and have no effect, or another one than they say."""
    spec = server["spec"]
    http = mapping(mapping(mapping(spec, "transport"), "config"), "http")
    found = [
        f"spec.environment sets {name} more than once; the last value is used." for name in environment(spec, http)[1]
    ]
    if mapping(spec, "service").get("protocol") == "UDP":
        found.append("spec.service.protocol is UDP, but MCP over HTTP needs TCP; TCP is used.")
    found.extend(scaling.warnings(spec))
    found.extend(validation_interval.warnings(spec))
    if stdio.bridged(spec):
        found.extend(stdio.warnings(spec))
    found.extend(sidecar.warnings(server))
    found.extend(port_collisions.warnings(server))
    found.extend(exposure.warnings(server))
    found.extend(service_discovery.warnings(server))
    return found


def environment(spec: t.Mapping[str, t.Any], http: t.Mapping[str, t.Any]) -> tuple[list[dict[str, t.Any]], list[str]]:
    """Return the container's environment, and the names that the manifest sets more than once.

    Variables of the manifest override those of the operator. Server-side apply rejects duplicate names, so the last
    value is used, as in a shell.
    """
    ours = {"MCP_TRANSPORT": "http", "MCP_HTTP_PATH": http.get("path") or DEFAULT_PATH}
    if http.get("sessionManagement"):
        ours["MCP_SESSION_MANAGEMENT"] = "true"
    if stdio.bridged(spec):
        ours = stdio.environment(spec)
    merged: dict[str, dict[str, t.Any]] = {}
    twice: list[str] = []
    for variable in spec.get("environment") or []:
        name = variable["name"]
        if merged.pop(name, None) is not None and name not in twice:
            twice.append(name)
        merged[name] = dict(variable)
    for name, value in ours.items():
        merged.setdefault(name, {"name": name, "value": value})
    return list(merged.values()), twice


def _pod(
    spec: t.Mapping[str, t.Any],
    name: str,
    sse: t.Mapping[str, t.Any] | None,
    volumes: t.Sequence[t.Any] | None,
    gate: t.Mapping[str, t.Any],
) -> dict[str, t.Any]:
    template, security = mapping(spec, "podTemplate"), mapping(spec, "security")
    own = (
        {**names.MANAGED, names.INSTANCE_LABEL: name}
        if rollout_manager.manager(spec) == rollout_manager.FLAGGER
        else names.MANAGED
    )
    return {
        # Labels of the manifest override the defaults, except those that select the Pods.
        "labels": {**names.labels(name), **mapping(template, "labels"), **names.selector(name), **own},
        "annotations": {**mapping(template, "annotations"), **gate.get("annotations", {})},
        "readiness_gates": gate.get("readiness_gates", []),
        "security": {"fsGroup": int(security.get("fsGroup", 1000)), "seccompProfile": {"type": "RuntimeDefault"}},
        "optional": omit_empty(
            {
                "terminationGracePeriodSeconds": draining.grace_seconds(spec, sse),
                "topologySpreadConstraints": scaling.spread(names.selector(name)),
                "nodeSelector": mapping(template, "nodeSelector"),
                "tolerations": template.get("tolerations"),
                "affinity": mapping(template, "affinity"),
                "imagePullSecrets": template.get("imagePullSecrets"),
                "volumes": volumes,
            }
        ),
    }


def _made_of(meta: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the annotation with the generation of the MCPServer that a Deployment is made from."""
    generation = meta.get("generation")
    return {names.GENERATION_ANNOTATION: str(generation)} if generation else {}


def _program(server: t.Mapping[str, t.Any], env: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Return the container's command and probes."""
    spec, port = server["spec"], ports.port_of(server)
    if stdio.bridged(spec):
        # The kubelet has neither a token nor a certificate, and the metrics port needs none.
        controlled = sidecar_options.controls_access(spec)
        checks = stdio.probes(spec, ports.metrics_port(spec), "/readyz") if controlled else stdio.probes(spec, port)
        return {**stdio.program(spec, env, port, sidecar.options(server)), **checks}
    own = omit_empty({"command": spec.get("command"), "args": spec.get("args")})
    if sidecar_options.proxied(spec) and spec.get("healthCheck") is None:
        return {**own, **sidecar.probes(spec)}
    scheme = "http" if tls.of_server(spec) is None else "https"
    return {**own, **probes.probes(spec.get("healthCheck"), port, scheme)}


def _container_security(spec: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the container's security context: Pod Security "restricted" unless the manifest sets something else."""
    security = mapping(spec, "security")
    context: dict[str, t.Any] = {
        "runAsNonRoot": security.get("runAsNonRoot", True),
        "runAsUser": int(security.get("runAsUser", 1000)),
        "runAsGroup": int(security.get("runAsGroup", 1000)),
        "allowPrivilegeEscalation": security.get("allowPrivilegeEscalation", False),
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    # A bridged server has a volume for /tmp. Whether other servers write to the root file system is unknown.
    read_only = security.get("readOnlyRootFilesystem", True if stdio.bridged(spec) else None)
    if read_only is not None:
        context["readOnlyRootFilesystem"] = read_only
    return context


def found_sticky(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether validation found that clients must stay with one Pod, and the manifest leaves that to detection.

    This is so if the server keeps sessions, or uses HTTP+SSE, where each POST belongs to a stream of one Pod. With a
    single Pod it makes no difference.
    """
    spec = server["spec"]
    if mapping(spec, "service").get("sessionAffinity", "auto") != "auto" or not scaling.several(spec):
        return False
    resolved = mapping(mapping(server, "status"), "resolvedTransport")
    return bool(resolved.get("keepsSessions")) or resolved.get("protocol") == "sse"


def _service(
    server: t.Mapping[str, t.Any], http: t.Mapping[str, t.Any], sse: t.Mapping[str, t.Any] | None
) -> dict[str, t.Any]:
    spec = server["spec"]
    service = mapping(spec, "service")
    # Sessions of the bridge exist in one Pod.
    required = stdio.bridged(spec) or http.get("sessionManagement") or (sse and sse.get("enableSessionAffinity"))
    wanted = service.get("sessionAffinity", "auto")
    sticky = (required or found_sticky(server)) if wanted == "auto" else wanted == "ClientIP"
    return {
        "type": service.get("type") or "ClusterIP",
        "port": ports.service_port(server),
        "labels": {**names.labels(server["metadata"]["name"]), **service_discovery.service_labels(server)},
        "ports": sidecar.service_ports(server, app_protocol=service_discovery.app_protocol(server)),
        "annotations": {**service_discovery.service_annotations(server), **mapping(service, "annotations")},
        "selector": managed.service_selector(server),
        "affinity_seconds": _AFFINITY_SECONDS if sticky else None,
    }
