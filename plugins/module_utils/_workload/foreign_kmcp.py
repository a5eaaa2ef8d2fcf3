# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An MCPServer of kmcp.

Source: https://github.com/kagent-dev/kmcp/blob/1cec647/api/v1alpha1/mcpserver_types.go, and what its controller does
with the fields: pkg/controller/transportadapter/transportadapter_translator.go.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .foreign_fields import ForeignFields
    from .foreign_pod import ForeignPod

GROUP: t.Final = "kagent.dev"
_PORT: t.Final = 3000  # the default of spec.deployment.port
# Commands that kmcp runs without an image, in an image of its own.
_RUNNERS: t.Final = ("npx", "uvx")


def read(spec: ForeignFields, pod: ForeignPod) -> None:
    """Read the spec of an MCPServer of kmcp."""
    deployment = spec.fields("deployment")
    kind = spec.text("transportType") or ("stdio" if "stdioTransport" in spec else "http")
    spec.ignore("stdioTransport")
    spec.drop("timeout", "clients set it.")
    port = deployment.take("port", int)
    command = deployment.text("cmd")
    image = deployment.text("image")
    pod.set("command", [command] if command else None)
    arguments = deployment.take("args", list)
    if kind == "stdio":
        _stdio(pod, image, command, port)
        # kmcp passes the arguments on as they are; in a Pod, Kubernetes would expand $(NAME).
        arguments = [str(argument).replace("$(", "$$(") for argument in arguments or ()]
    else:
        _http(spec, pod, port or _PORT)
    if not image and not (kind == "stdio" and command in _RUNNERS):
        pod.missing("spec.image: only npx and uvx over stdio run without one.")
    pod.set("image", image)
    pod.set("args", arguments)
    spec.drop("httpTransport", "the transport is stdio.")
    _variables(deployment, pod)
    _pod(deployment, pod)


def _stdio(pod: ForeignPod, image: str, command: str, port: int | None) -> None:
    pod.set("transport", {"type": "stdio"})
    if image and not command:
        pod.missing("spec.command: the sidecar starts the server by it.")
    if port:
        pod.set("service", {"port": port})


def _http(spec: ForeignFields, pod: ForeignPod, port: int) -> None:
    transport = spec.fields("httpTransport")
    target = transport.take("targetPort", int)
    if target not in (None, port):
        transport.report.drop(f"{transport.path}.targetPort", f"kmcp does not use it; the port is {port}.")
    transport.drop("tls", "it is for clients; see spec.tls and spec.transport.config.http.tls.")
    http: dict[str, t.Any] = {"port": port}
    path = transport.text("path")
    if path:
        http["path"] = path
    pod.set("transport", {"type": "http", "protocol": "streamable-http", "config": {"http": http}})


def _variables(deployment: ForeignFields, pod: ForeignPod) -> None:
    for name, value in (deployment.take("env", dict) or {}).items():
        pod.variable(str(name), value, f"{deployment.path}.env.{name}")
    sources = [{"secretRef": {"name": ref.text("name")}} for ref in deployment.objects("secretRefs")]
    pod.container("envFrom", [source for source in sources if source["secretRef"]["name"]])
    for ref in deployment.objects("configMapRefs"):
        name = ref.text("name")
        if name:
            pod.template("volumes", [{"name": f"cm-{name}", "configMap": {"name": name}}])
            mount = {"name": f"cm-{name}", "mountPath": f"/configmaps/{name}", "readOnly": True}
            pod.template("volumeMounts", [mount])


def _pod(deployment: ForeignFields, pod: ForeignPod) -> None:
    deployment.drop("initContainer", "it copies the adapter of kmcp, which an MCPServer does not need.")
    deployment.drop(
        "serviceAccount", "create a ServiceAccount with these annotations, and set spec.podTemplate.serviceAccountName."
    )
    pod.set("replicas", deployment.take("replicas", int))
    pod.set("resources", deployment.take("resources", dict))
    pod.security(deployment.fields("podSecurityContext"), deployment.fields("securityContext"))
    pod.container("imagePullPolicy", deployment.text("imagePullPolicy"))
    pod.add_containers(deployment.take("sidecars", list) or [], deployment.at("sidecars"))
    pod.template("serviceAccountName", deployment.text("serviceAccountName"))
    for name, kind in (
        *(("labels", dict), ("annotations", dict), ("nodeSelector", dict), ("affinity", dict)),
        *(("tolerations", list), ("imagePullSecrets", list), ("volumes", list), ("volumeMounts", list)),
    ):
        pod.template(name, deployment.take(name, kind))
