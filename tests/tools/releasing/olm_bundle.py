# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A bundle for the Operator Lifecycle Manager, made of install.yaml: as an archive for catalogs, and as an image.

OLM creates the ServiceAccount, its permissions and the Deployment from the ClusterServiceVersion. Admission policies
are no kind that a bundle may contain: they are in a file of their own.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from .archives import pack
from .images import BUNDLE, labels, pack_image
from .layouts import write_image
from .source import Source

PACKAGE = "mcp-operator"
POLICIES = "admission-policies.yaml"
_Object = dict[str, Any]
# What OLM makes itself: its namespace is chosen by whoever installs the bundle.
_OF_OLM = ("Namespace", "ServiceAccount", "Deployment", "ClusterRoleBinding")
# What a bundle contains as it is.
_KEPT = ("CustomResourceDefinition", "ClusterRole", "Role", "RoleBinding", "Service")
_NOT_IN_BUNDLES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
# The rules of system:auth-delegator, to which install.yaml binds.
_DELEGATED = {
    "system:auth-delegator": [
        {"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"], "verbs": ["create"]},
        {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"], "verbs": ["create"]},
    ]
}
_PREFIX = "operators.operatorframework.io.bundle"
_DESCRIPTION = """\
The operator runs [Model Context Protocol](https://modelcontextprotocol.io) (MCP) servers from MCPServer objects, and
validates each of their Pods by a real MCP handshake.

A bundle cannot contain ValidatingAdmissionPolicies. Apply `{policies}` of the release `{version}` as well, and install
the operator in the namespace `{namespace}`, which it names: otherwise nothing restricts what a compromised operator may
change, and nothing refuses a downgrade that drops fields.
"""


def bundle(source: Source, folder: Path, install: Path) -> list[Path]:
    """Write the archive of the bundle, its image, and the policies that it cannot contain; return their paths.

    :param install: install.yaml of this release.
    :raises SystemExit: an object of install.yaml has a kind for which there is no place.
    """
    objects = _objects(install)
    made = files(source, objects)
    archive, policies = folder / f"{BUNDLE}-{source.version}.tar.gz", folder / POLICIES
    policies.write_bytes(b"".join(b"---\n" + _yaml(item) for item in objects if item["kind"] in _NOT_IN_BUNDLES))
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for name, content in made.items():
            path = Path(scratch) / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
        pack(archive, [(name, Path(scratch) / "files" / name) for name in made], source.epoch)
        layout = Path(scratch) / "image"
        said = {**_annotations(source), **labels(source, BUNDLE)}
        write_image(layout, archive, said)
        return [archive, pack_image(source, folder, BUNDLE, layout), policies]


def files(source: Source, objects: Iterable[_Object]) -> dict[str, bytes]:
    """Return the files of a bundle by their paths in it."""
    made = {"metadata/annotations.yaml": _yaml({"annotations": _annotations(source)})}
    by_kind: dict[str, list[_Object]] = {}
    for item in objects:
        if item["kind"] not in (*_OF_OLM, *_KEPT, *_NOT_IN_BUNDLES):
            sys.exit(f"install.yaml has a {item['kind']}. Say in {Path(__file__).name} whether a bundle contains it.")
        by_kind.setdefault(item["kind"], []).append(item)
    (deployment,), (account,) = by_kind["Deployment"], by_kind["ServiceAccount"]
    own = {_rules_of(item) for kind in ("ClusterRoleBinding", "RoleBinding") for item in _bound(by_kind, kind, account)}
    for kind in _KEPT:
        for item in by_kind[kind]:
            if (kind.removesuffix("Binding"), _role(item)) not in own:
                made[f"manifests/{item['metadata']['name']}.{kind.lower()}.yaml"] = _yaml(_anywhere(item))
    version = _service_version(source, by_kind, deployment, account)
    made[f"manifests/{PACKAGE}.clusterserviceversion.yaml"] = _yaml(version)
    return dict(sorted(made.items()))


def _service_version(
    source: Source, by_kind: Mapping[str, list[_Object]], deployment: _Object, account: _Object
) -> _Object:
    chart = _read(source.root / "operator" / "chart" / "Chart.yaml")
    example = _read(source.root / "examples" / "minimal.yaml")
    (definition,) = by_kind["CustomResourceDefinition"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    namespace = deployment["metadata"]["namespace"]
    return {
        "apiVersion": "operators.coreos.com/v1alpha1",
        "kind": "ClusterServiceVersion",
        "metadata": {
            "name": f"{PACKAGE}.v{source.version}",
            "annotations": {
                "alm-examples": json.dumps([example], indent=1),
                "capabilities": chart["annotations"]["artifacthub.io/operatorCapabilities"],
                "categories": "AI/Machine Learning",
                "containerImage": container["image"],
                "createdAt": source.created,
                "description": chart["description"],
                "operatorframework.io/suggested-namespace": namespace,
                "repository": source.published.repository,
                "support": f"{source.published.repository}/blob/v{source.version}/SUPPORT.md",
            },
        },
        "spec": {
            "displayName": "MCP operator",
            "description": _DESCRIPTION.format(policies=POLICIES, version=source.version, namespace=namespace),
            "version": source.version,
            "minKubeVersion": chart["kubeVersion"].removeprefix(">=").removesuffix("-0"),
            "maturity": "alpha" if source.version.startswith("0.") else "stable",
            "keywords": chart["keywords"],
            "maintainers": [{"name": chart["maintainers"][0]["name"], "email": source.published.security_contact}],
            "provider": {"name": chart["maintainers"][0]["name"], "url": source.published.repository},
            "links": [{"name": "Documentation", "url": f"{source.published.repository}/blob/main/docs/README.md"}],
            "icon": [{"base64data": _icon(source), "mediatype": "image/svg+xml"}],
            "installModes": [
                {"type": name, "supported": name == "AllNamespaces"}
                for name in ("OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces")
            ],
            "customresourcedefinitions": {
                "owned": [
                    {
                        "name": definition["metadata"]["name"],
                        "version": served["name"],
                        "kind": definition["spec"]["names"]["kind"],
                        "displayName": definition["spec"]["names"]["kind"],
                        "description": "An MCP server that the operator runs and validates",
                    }
                    for served in definition["spec"]["versions"]
                ]
            },
            "install": {"strategy": "deployment", "spec": _strategy(by_kind, deployment, account)},
            "relatedImages": _related(container),
        },
    }


def _strategy(by_kind: Mapping[str, list[_Object]], deployment: _Object, account: _Object) -> _Object:
    """Return what OLM installs itself: the Deployment, and the permissions of its ServiceAccount."""
    meta = deployment["metadata"]
    found = {}
    for key, kind in (("clusterPermissions", "ClusterRole"), ("permissions", "Role")):
        rules: list[_Object] = []
        for item in _bound(by_kind, f"{kind}Binding", account):
            name = item["roleRef"]["name"]
            (rule,) = [r["rules"] for r in by_kind[kind] if r["metadata"]["name"] == name] or [_DELEGATED[name]]
            rules += rule
        found[key] = [{"serviceAccountName": account["metadata"]["name"], "rules": rules}]
    spec = {"name": meta["name"], "label": meta["labels"], "spec": deployment["spec"]}
    return {"deployments": [spec], **found}


def _bound(by_kind: Mapping[str, list[_Object]], kind: str, account: _Object) -> list[_Object]:
    """Return the bindings whose subject is the ServiceAccount of the operator."""
    who = {"kind": "ServiceAccount", **{key: account["metadata"][key] for key in ("name", "namespace")}}
    return [item for item in by_kind[kind] if item["subjects"] == [who]]


def _rules_of(binding: _Object) -> tuple[str, str]:
    return binding["roleRef"]["kind"], binding["roleRef"]["name"]


def _role(item: _Object) -> str:
    """Return the name of a role, or of the role that a binding is about."""
    return str((item.get("roleRef") or item["metadata"])["name"])


def _anywhere(item: _Object) -> _Object:
    """Return an object without its namespace: OLM puts it into its own."""
    return {**item, "metadata": {key: value for key, value in item["metadata"].items() if key != "namespace"}}


def _related(container: _Object) -> list[_Object]:
    """Return all images that an installation may pull."""
    images = {"operator": container["image"]}
    for entry in container["env"]:
        if entry["name"].startswith("MCP_OPERATOR_BRIDGE_") and entry.get("value"):
            images[entry["name"].removeprefix("MCP_OPERATOR_").removesuffix("_IMAGE").lower()] = entry["value"]
    return [{"name": name.replace("_", "-"), "image": image} for name, image in images.items()]


def _annotations(source: Source) -> dict[str, str]:
    channel = "preview" if "-" in source.version or source.version.startswith("0.") else "stable"
    values = {
        "mediatype": "registry+v1",
        "manifests": "manifests/",
        "metadata": "metadata/",
        "package": PACKAGE,
        "channels": channel,
        "channel.default": channel,
    }
    return {f"{_PREFIX}.{key}.v1": value for key, value in values.items()}


def _icon(source: Source) -> str:
    return base64.b64encode((source.root / "docs" / "images" / "mcp-operator.svg").read_bytes()).decode()


def _objects(install: Path) -> list[_Object]:
    return list(_read(install)["items"])


def _read(path: Path) -> _Object:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))


def _yaml(value: object) -> bytes:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return bytes(yaml.dump(value, Dumper=dumper, sort_keys=False, width=120, allow_unicode=True, encoding="utf-8"))
