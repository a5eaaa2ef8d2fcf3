# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An MCPServer of ToolHive, and its kinds for remote servers.

Source: https://github.com/stacklok/toolhive/blob/e25de16/cmd/thv-operator/api/v1beta1/mcpserver_types.go, with
mcpremoteproxy_types.go and mcpserverentry_types.go. v1alpha1 has the same fields where they are read here.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .foreign_fields import ForeignFields
    from .foreign_pod import ForeignPod

GROUP: t.Final = "toolhive.stacklok.dev"
# Kinds that start no server.
REMOTE_KINDS: t.Final = ("MCPRemoteProxy", "MCPServerEntry")
_PORT: t.Final = 8080  # the default of spec.mcpPort
_CONTAINER: t.Final = "mcp"  # the server's container in spec.podTemplateSpec
_SEE_AUTH: t.Final = "see spec.auth for tokens of clients."
_PROXY: t.Final = "it is for the proxy of ToolHive, which an MCPServer does not have."
_REASONS: t.Final = {
    **dict.fromkeys(("oidcConfigRef", "authServerRef", "authzConfig", "authzConfigRef"), _SEE_AUTH),
    **dict.fromkeys(("replicas", "sessionStorage", "trustProxyHeaders", "endpointPrefix"), _PROXY),
    "permissionProfile": "ToolHive does not enforce it on Kubernetes; see spec.network.",
    "rateLimiting": "see spec.limits.",
    "audit": "see spec.auth.audit.",
    "toolConfigRef": "no tool is hidden or renamed; see spec.auth.toolScopes.",
    "telemetryConfigRef": "see spec.metrics.",
    "proxyMode": "the sidecar serves Streamable HTTP.",
}
_TEMPLATE: t.Final = (
    *(("nodeSelector", dict), ("affinity", dict), ("tolerations", list), ("imagePullSecrets", list)),
    ("volumes", list),
)


def read(spec: ForeignFields, pod: ForeignPod) -> None:
    """Read the spec of an MCPServer of ToolHive."""
    kind = spec.text("transport") or "stdio"
    image, port, service = spec.text("image"), spec.take("mcpPort", int), spec.take("proxyPort", int)
    pod.set("image", image)
    pod.set("args", spec.take("args", list))
    pod.set("replicas", spec.take("backendReplicas", int))
    for name, reason in _REASONS.items():
        spec.drop(name, reason)
    if kind == "stdio":
        pod.set("transport", {"type": "stdio"})
        pod.missing("spec.command: the sidecar starts the server by it; look up the entry point of the image.")
    else:
        protocol = "sse" if kind == "sse" else "streamable-http"
        pod.set("transport", {"type": "http", "protocol": protocol, "config": {"http": {"port": port or _PORT}}})
    _service(spec, pod, service)
    pod.variables(spec.objects("env"))
    for secret in spec.objects("secrets"):
        name, key, variable = secret.text("name"), secret.text("key"), secret.text("targetEnvName")
        pod.secret(variable or key, name, key)
    for volume in spec.objects("volumes"):
        volume.drop_all("an MCPServer has no access to the file system of the node.")
    resources = spec.take("resources", dict)
    if resources:
        spec.report.notes.append(
            "ToolHive applies spec.resources to its proxy; here they are those of the server. Check that they suffice."
        )
    pod.set("resources", resources)
    pod.template("serviceAccountName", spec.text("serviceAccount"))
    _template(spec.fields("podTemplateSpec"), pod)


def _service(spec: ForeignFields, pod: ForeignPod, port: int | None) -> None:
    overrides = spec.fields("resourceOverrides")
    overrides.drop("proxyDeployment", _PROXY)
    service: dict[str, t.Any] = {"port": port} if port else {}
    # ClientIP is the default of ToolHive for all servers; by default, an MCPServer has it if the server has sessions.
    if spec.text("sessionAffinity") == "None":
        service["sessionAffinity"] = "None"
    proxy = overrides.fields("proxyService")
    annotations = proxy.take("annotations", dict)
    if annotations:
        service["annotations"] = annotations
    pod.set("service", service)
    spec.report.notes.append("The Service has the name of the MCPServer. Clients used that of the proxy of ToolHive.")


def _template(template: ForeignFields, pod: ForeignPod) -> None:
    """Read ``spec.podTemplateSpec``, a partial Pod template."""
    metadata, spec = template.fields("metadata"), template.fields("spec")
    for name in ("labels", "annotations"):
        pod.template(name, metadata.take(name, dict))
    for name, kind in _TEMPLATE:
        pod.template(name, spec.take(name, kind))
    pod.template("serviceAccountName", spec.text("serviceAccountName"))
    security = None
    for container in spec.objects("containers"):
        name = container.text("name")
        if name != _CONTAINER:
            container.drop_all(f"only the container {_CONTAINER} is read.")
            continue
        pod.set("resources", container.take("resources", dict))
        pod.variables(container.objects("env"))
        security = container.fields("securityContext")
        pod.template("volumeMounts", container.take("volumeMounts", list))
        for field in ("envFrom", "livenessProbe", "imagePullPolicy"):
            pod.container(field, container.take_any(field))
        _probes(container, pod)
    pod.security(spec.fields("securityContext"), security or spec.fields("no container"))


def _probes(container: ForeignFields, pod: ForeignPod) -> None:
    """Read the probes that an MCPServer has too: one has a single handler, so both cannot be merged."""
    for field in ("readinessProbe", "startupProbe"):
        if pod.spec["transport"]["type"] != "http":
            container.drop(field, "the sidecar has its own.")
        probe = container.take_any(field)
        if probe:
            pod.spec["healthCheck"] = {"enabled": False}
            pod.container(field, probe)


def headers(forwarded: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """Return the names of the headers that ToolHive sends to a remote server; no value is repeated."""
    plain, secret = forwarded.get("addPlaintextHeaders"), forwarded.get("addHeadersFromSecret")
    names = list(plain) if isinstance(plain, dict) else []
    if isinstance(secret, list):
        names += [item.get("headerName") for item in secret if isinstance(item, dict)]
    return [{"name": name, "isRequired": True} for name in names]
