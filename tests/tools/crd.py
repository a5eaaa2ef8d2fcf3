# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keep the CustomResourceDefinition whole.

``crd.py``               writes the restrictions of crd_pod.py into it, and copies it to the role that applies it and
                         to the chart: what users install has no crds/
``crd.py core FILE``     renews the types that it takes from Kubernetes, from an API server's own description of them:
                         kubectl get --raw /openapi/v3/api/v1 > FILE

The source is written by hand except for those types. They are taken without descriptions, defaults and enumerations:
the API server checks them again when the Pods are made, and a CRD must stay small enough for ``kubectl apply``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import FoldedScalarString

sys.path.insert(0, str(Path(__file__).resolve().parent))

import crd_pod

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml"
COPIES = [ROOT / folder / "files" / SOURCE.name for folder in ("roles/mcpserver", "operator/chart")]
REFERENCE = "#/components/schemas/"
CORE = "io.k8s.api.core.v1."

# The fields of spec that are core types: one, or a list of them.
CORE_FIELDS = {
    ("resources",): ("ResourceRequirements", False),
    ("environment",): ("EnvVar", True),
    ("podTemplate", "tolerations"): ("Toleration", True),
    ("podTemplate", "affinity"): ("Affinity", False),
    ("podTemplate", "imagePullSecrets"): ("LocalObjectReference", True),
    ("podTemplate", "volumes"): ("Volume", True),
    ("podTemplate", "volumeMounts"): ("VolumeMount", True),
    ("sidecar", "resources"): ("ResourceRequirements", False),
}

# Types that structural schemas write in another way than OpenAPI does.
INT_OR_STRING: dict[str, Any] = {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]}
QUANTITY = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?[0-9]+))?$"
STRING_MAP: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
SPECIAL: dict[str, dict[str, Any]] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {**INT_OR_STRING, "pattern": QUANTITY},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": INT_OR_STRING,
    # Of a volume's claim template, labels and annotations are all that counts.
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
        "type": "object",
        "properties": {"annotations": STRING_MAP, "labels": STRING_MAP},
    },
}
RULE_WIDTH = 100
KEPT = ("type", "format", "required", "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type")


def structural(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI schema as a structural one, its references resolved."""
    # A reference with siblings is written as allOf of one.
    reference = schema.get("$ref") or next((part["$ref"] for part in schema.get("allOf", []) if "$ref" in part), None)
    if reference is not None:
        name = reference.removeprefix(REFERENCE)
        return SPECIAL[name] if name in SPECIAL else structural(schemas, schemas[name])
    # An atomic list or map is what those of a CRD are anyway.
    found = {key: schema[key] for key in KEPT if key in schema and schema[key] != "atomic"}
    if schema.get("x-kubernetes-map-type") == "atomic":
        found["x-kubernetes-map-type"] = "atomic"
    if "properties" in schema:
        found["properties"] = {name: structural(schemas, part) for name, part in sorted(schema["properties"].items())}
    for key in ("items", "additionalProperties"):
        if key in schema:
            found[key] = structural(schemas, schema[key])
    return found


def core_field(schemas: dict[str, Any], name: str, *, many: bool) -> dict[str, Any]:
    """Return the schema of a field that holds one core type or a list of them."""
    schema = structural(schemas, schemas[CORE + name])
    return {"type": "array", "items": schema} if many else schema


@contextmanager
def editing() -> Iterator[dict[str, Any]]:
    """Give the schema of spec, and write what becomes of it, keeping everything else of the source as it is."""
    yaml = YAML()
    yaml.width = 4096  # no line breaks of its own: they leave trailing spaces
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    # The parser drops what stands before the document.
    head, start, text = SOURCE.read_text(encoding="utf-8").partition("---\n")
    crd = yaml.load(text)
    yield crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    with SOURCE.open("w", encoding="utf-8") as file:
        file.write(head + start)
        yaml.dump(crd, file)


def plain(value: Any) -> Any:
    """Return data without what it shares, so that what is used twice is written twice instead of as a YAML alias."""
    return json.loads(json.dumps(value), object_hook=_with_folded_rules)


def _with_folded_rules(schema: dict[str, Any]) -> dict[str, Any]:
    """Break long rules into lines that yamllint accepts."""
    for key in {"rule", "message"} & set(schema):
        text = schema[key]
        if isinstance(text, str) and len(text) > RULE_WIDTH:
            lines = textwrap.wrap(text, RULE_WIDTH, break_long_words=False, break_on_hyphens=False)
            schema[key] = FoldedScalarString(text)
            ends = itertools.accumulate(len(line) + 1 for line in lines[:-1])
            schema[key].fold_pos = [end - 1 for end in ends]
    return schema


def renew_core_types(description: Path) -> None:
    """Write the core types into the source."""
    schemas = json.loads(description.read_text(encoding="utf-8"))["components"]["schemas"]
    with editing() as spec:
        for path, (name, many) in CORE_FIELDS.items():
            field = spec
            for part in path:
                field = field["properties"][part]
            for key in [key for key in field if key != "description"]:
                del field[key]
            field.update(plain(core_field(schemas, name, many=many)))


def restrict_pods() -> None:
    """Write the restrictions of Pod templates into the source."""
    with editing() as spec:
        crd_pod.write(spec["properties"]["podTemplate"], plain)


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["copy", "core"], default="copy")
    parser.add_argument("description", nargs="?", type=Path, help="the API server's description of its core group")
    arguments = parser.parse_args()
    if arguments.what == "core":
        if arguments.description is None:
            parser.error("core needs a FILE")
        renew_core_types(arguments.description)
    restrict_pods()
    for copy in COPIES:
        shutil.copyfile(SOURCE, copy)


if __name__ == "__main__":
    main()
