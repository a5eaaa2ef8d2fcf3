# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The parts of Pods that manifests of other projects have in common with those of MCPServers."""

from __future__ import annotations

import re
import typing as t

from .._util import clean, is_secret_name
from .names import API_VERSION, CONTAINER, KIND

if t.TYPE_CHECKING:
    from .foreign_fields import ForeignFields, ImportReport

Spec = dict[str, t.Any]

_VARIABLE: t.Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,252}")
# Fields of spec.security; the other settings of a security context are the defaults of an MCPServer.
_POD_SECURITY: t.Final = {"runAsUser": int, "runAsGroup": int, "fsGroup": int, "runAsNonRoot": bool}
_CONTAINER_SECURITY: t.Final = {"allowPrivilegeEscalation": bool, "readOnlyRootFilesystem": bool}
_OF_KUBECTL: t.Final = ("kubectl.kubernetes.io/last-applied-configuration",)
_OF_API_SERVER: t.Final = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName"),
    *("generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid"),
)
# The order of the fields in a manifest.
_ORDER: t.Final = (
    *("image", "command", "args", "replicas", "environment", "transport", "service", "healthCheck", "resources"),
    *("security", "network", "podTemplate"),
)


class ForeignPod:
    """Collects the spec of an MCPServer.

    :param name: of the MCPServer.
    """

    def __init__(self, name: str, report: ImportReport) -> None:
        self.spec: Spec = {}
        self._name = name
        self._report = report
        self._template: Spec = {}
        self._container: Spec = {}
        self._others: list[t.Any] = []
        self._dropped_volumes: set[str] = set()

    def set(self, name: str, value: t.Any) -> None:
        """Set a field of the spec, unless the value is None or empty."""
        if value is not None and value not in ("", [], {}):
            self.spec[name] = value

    def missing(self, text: str) -> None:
        """Record what must be added before the manifest is applied."""
        self._report.missing.append(text)

    def template(self, name: str, value: t.Any) -> None:
        """Set a field of ``podTemplate``, or add to a list or mapping that it has."""
        if name == "volumes":
            value = [volume for volume in value or () if not self._drops(volume)]
        if not value:
            return
        before = self._template.get(name)
        if isinstance(before, list):
            value = [*before, *value]
        elif isinstance(before, dict):
            value = {**before, **value}
        self._template[name] = value

    def container(self, name: str, value: t.Any) -> None:
        """Set a field of the server's container that an MCPServer has in ``podTemplate.spec`` only."""
        if value:
            self._container[name] = value

    def pod_spec(self, fields: t.Mapping[str, t.Any]) -> None:
        """Set fields of ``podTemplate.spec``."""
        if fields:
            self.template("spec", dict(fields))

    def add_containers(self, containers: t.Iterable[t.Any], path: str) -> None:
        """Add containers beside that of the server. Probable secrets become references to a Secret.

        :param path: the field that has them, for the report.
        """
        for index, container in enumerate(containers):
            if isinstance(container, dict) and isinstance(container.get("env"), list):
                where = f"{path}[{index}].env"
                owner = clean(container.get("name"), 63)
                variables = [self._without_value(item, owner, where) for item in container["env"]]
                self._others.append({**container, "env": variables})
            else:
                self._others.append(container)

    def variable(self, name: str, value: t.Any, path: str) -> None:
        """Add an environment variable with a value. A probable secret becomes a reference to a Secret.

        :param path: the field that has it, for the report.
        """
        if not _VARIABLE.fullmatch(name):
            self._report.drop(path, "the name is not that of an environment variable.")
        elif is_secret_name(name) and value:
            # A value in the clear is not repeated: what is printed ends in logs and repositories.
            self.secret(name, self._name, name)
            where = clean(path, 200)
            self.missing(f"The key {name} of the Secret {self._name}, whose value {where} has in the clear.")
        elif value is not None and not isinstance(value, str):
            self._report.drop(path, "its value is not a string.")
        else:
            self._environment().append({"name": name, "value": value or ""})

    def secret(self, name: str, secret: str, key: str) -> None:
        """Add an environment variable whose value is in a Secret."""
        self._environment().append({"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}})

    def variables(self, items: t.Iterable[ForeignFields]) -> None:
        """Add variables of the form of Kubernetes."""
        for item in items:
            name, source = item.text("name"), item.take("valueFrom", dict)
            if source is not None and _VARIABLE.fullmatch(name):
                item.ignore("value")
                self._environment().append({"name": name, "valueFrom": source})
            else:
                self.variable(name, item.text("value"), item.path)

    def security(self, pod: ForeignFields, container: ForeignFields) -> None:
        """Set ``spec.security``. Settings that are the defaults of an MCPServer are left out."""
        found: Spec = {}
        for fields in (pod, container):
            for name, kind in _POD_SECURITY.items():
                value = fields.take(name, kind)
                if value is not None:
                    found[name] = value
        for name, kind in _CONTAINER_SECURITY.items():
            value = container.take(name, kind)
            if value is not None:
                found[name] = value
        for fields in (pod, container):
            profile = fields.take("seccompProfile", dict)
            if profile not in (None, {"type": "RuntimeDefault"}):
                fields.report.drop(f"{fields.path}.seccompProfile", "an MCPServer has RuntimeDefault.")
        capabilities = container.take("capabilities", dict)
        if capabilities not in (None, {"drop": ["ALL"]}):
            container.report.drop(
                f"{container.path}.capabilities", "an MCPServer has none; add them in spec.podTemplate.spec."
            )
        self.set("security", found)

    def finished(self, metadata: Spec) -> Spec:
        """Return the manifest."""
        if self._container:
            self._others.insert(0, {"name": CONTAINER, **self._container})
        if self._others:
            self.template("spec", {"containers": [self._without_mounts(container) for container in self._others]})
        if "volumeMounts" in self._template:
            self._template = self._without_mounts(self._template)
        self.set("podTemplate", self._template)
        spec = {key: self.spec[key] for key in _ORDER if key in self.spec}
        return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": spec}

    def _drops(self, volume: t.Any) -> bool:
        """Return whether a volume was left out, because no MCPServer can have it."""
        of_node = isinstance(volume, dict) and "hostPath" in volume
        if of_node:
            name = clean(volume.get("name"), 100)
            self._dropped_volumes.add(name)
            self._report.drop(f"the volume {name}", "an MCPServer has no access to the file system of the node.")
        return of_node

    def _without_mounts(self, container: t.Any) -> t.Any:
        """Return a container without the mounts of volumes that were left out: Kubernetes would refuse the Pod."""
        mounts = container.get("volumeMounts") if isinstance(container, dict) else None
        if not isinstance(mounts, list):
            return container
        kept = []
        for mount in mounts:
            name = clean(mount.get("name"), 100) if isinstance(mount, dict) else None
            if name in self._dropped_volumes:
                self._report.drop(f"a mount of the volume {name}", "the volume was left out.")
            else:
                kept.append(mount)
        rest = {key: value for key, value in container.items() if key != "volumeMounts"}
        return {**rest, "volumeMounts": kept} if kept else rest

    def _without_value(self, variable: t.Any, container: str, path: str) -> t.Any:
        """Return a variable of another container; a probable secret as a reference to a Secret."""
        if not isinstance(variable, dict) or not variable.get("value") or not is_secret_name(variable.get("name")):
            return variable
        name = clean(variable["name"], 253)
        # The server can have another value for a variable of the same name.
        key = f"{container}.{name}"
        self.missing(f"The key {key} of the Secret {self._name}, whose value {path} has in the clear.")
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": self._name, "key": key}}}

    def _environment(self) -> list[t.Any]:
        found: list[t.Any] = self.spec.setdefault("environment", [])
        return found


def read_metadata(metadata: ForeignFields, name: str) -> Spec:
    """Return the metadata of an MCPServer.

    :param name: replaces the name.
    """
    found: Spec = {"name": name or metadata.text("name")}
    metadata.ignore("name", *_OF_API_SERVER)
    for key, kind in (("namespace", str), ("labels", dict)):
        value = metadata.take(key, kind)
        if value:
            found[key] = value
    annotations = metadata.take("annotations", dict) or {}
    for key in annotations:
        if key not in _OF_KUBECTL:
            metadata.report.drop(f"{metadata.path}.annotations[{clean(key, 100)}]", "it may be for the other operator.")
    metadata.end()
    return found
