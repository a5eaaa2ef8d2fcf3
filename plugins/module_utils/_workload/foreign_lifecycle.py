# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An MCPServer of mcp-lifecycle-operator.

Source: https://github.com/kubernetes-sigs/mcp-lifecycle-operator/blob/00d7dbd/api/v1beta1/mcpserver_types.go. v1alpha1
is a subset of it.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .foreign_fields import ForeignFields
    from .foreign_pod import ForeignPod

GROUP: t.Final = "mcp.x-k8s.io"
_PATH: t.Final = "/mcp"  # the default of spec.config.path
_VOLUMES: t.Final = {"ConfigMap": "configMap", "Secret": "secret", "EmptyDir": "emptyDir"}
_EGRESS: t.Final = "see spec.network.egress, which has addresses, domains, namespaces and ports."


def read(spec: ForeignFields, pod: ForeignPod) -> None:
    """Read the spec of an MCPServer of mcp-lifecycle-operator."""
    source = spec.fields("source")
    source.ignore("type")
    image = source.fields("containerImage")
    pod.set("image", image.text("ref"))
    pod.container("imagePullPolicy", image.text("pullPolicy"))
    pod.template("imagePullSecrets", image.take("imagePullSecrets", list))
    if not pod.spec.get("image"):
        pod.missing("spec.image: the manifest has no workload of its own. Name the image of the server.")
    config = spec.fields("config")
    http = {"port": config.take("port", int) or 8080, "path": config.text("path") or _PATH}
    http.update(_tls(spec.fields("transport").fields("tls")))
    pod.set("transport", {"type": "http", "protocol": "streamable-http", "config": {"http": http}})
    pod.set("args", config.take("arguments", list))
    pod.variables(config.objects("env"))
    pod.container("envFrom", config.take("envFrom", list))
    for number, mount in enumerate(config.objects("storage")):
        _storage(mount, pod, f"storage-{number}")
    _runtime(spec.fields("runtime"), pod)
    if spec.fields("mcp").take("stateless", bool):
        pod.set("service", {"sessionAffinity": "None"})
    _network(spec.fields("network"), pod)
    spec.drop("gateway", "see spec.expose.")
    pod.template("labels", spec.take("extraLabels", dict))
    pod.template("annotations", spec.take("extraAnnotations", dict))


def _tls(tls: ForeignFields) -> dict[str, t.Any]:
    """Return what follows for ``spec.transport.config.http``."""
    enabled = tls.take("enabled", bool)
    secret = tls.fields("caBundleSecret").text("name")
    tls.drop("insecureSkipVerify", "validation always verifies certificates.")
    if not enabled:
        return {}
    return {"tls": {"caSecretRef": {"name": secret, "key": "ca.crt"}} if secret else {}}


def _storage(mount: ForeignFields, pod: ForeignPod, name: str) -> None:
    source = mount.fields("source")
    field = _VOLUMES.get(source.text("type"))
    path, permissions = mount.text("path"), mount.text("permissions") or "ReadOnly"
    found = source.take(field, dict) if field else None
    if found is None or not path:
        mount.drop_all("it has no path, or its source is none of ConfigMap, Secret and EmptyDir.")
        return
    pod.template("volumes", [{"name": name, field: found}])
    place: dict[str, t.Any] = {"name": name, "mountPath": path}
    if permissions != "ReadWrite":
        place["readOnly"] = True
    if permissions == "RecursiveReadOnly":
        place["recursiveReadOnly"] = "Enabled"
    pod.template("volumeMounts", [place])


def _runtime(runtime: ForeignFields, pod: ForeignPod) -> None:
    pod.set("replicas", runtime.take("replicas", int))
    pod.set("resources", runtime.take("resources", dict))
    security = runtime.fields("security")
    pod.template("serviceAccountName", security.text("serviceAccountName"))
    pod.security(security.fields("podSecurityContext"), security.fields("securityContext"))
    health = runtime.fields("health")
    probes = {name: health.take(name, dict) for name in ("livenessProbe", "readinessProbe")}
    if any(probes.values()):
        # The probes as they are, in place of the TCP connections to the port that an MCPServer has by default.
        pod.spec["healthCheck"] = {"enabled": False}
        for name, probe in probes.items():
            pod.container(name, probe)


def _network(network: ForeignFields, pod: ForeignPod) -> None:
    clients = network.take("ingressFrom", list)
    for name in ("egressTo", "egressPorts", "dnsEgressPeer"):
        network.drop(name, _EGRESS)
    if clients:
        # The connections that the Pods open stay open, as they were.
        pod.set("network", {"ingress": {"presets": [], "from": clients}, "egress": {"mode": "open"}})
