# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The CustomResourceDefinition as a file. What an API server makes of it, tests/integration/crd shows."""

from __future__ import annotations

import copy
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from support.yaml_files import load_yaml

NAME = "mcpservers.mcp.mcp-operator.io.yaml"
# kubectl apply keeps the whole object in an annotation, whose size has this limit.
ANNOTATION_LIMIT = 262_144


@pytest.fixture(scope="module")
def crd(root: Path) -> dict[str, Any]:
    found = load_yaml(root / "crds" / NAME)
    assert isinstance(found, dict)
    return found


def version(crd: dict[str, Any]) -> dict[str, Any]:
    (only,) = crd["spec"]["versions"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("holder", ["roles/mcpserver", "operator/chart"])
def test_who_applies_it_has_the_same_file(root: Path, holder: str) -> None:
    source, copy = root / "crds" / NAME, root / holder / "files" / NAME
    assert source.read_bytes() == copy.read_bytes(), "run `make crd`"


def test_kubectl_apply_can_keep_it(crd: dict[str, Any]) -> None:
    assert len(json.dumps(crd)) < ANNOTATION_LIMIT / 2


def test_kubectl_get_shows_the_known_columns(crd: dict[str, Any]) -> None:
    columns = [
        (c["name"].upper(), c["jsonPath"]) for c in version(crd)["additionalPrinterColumns"] if not c.get("priority")
    ]
    assert columns == [
        ("PHASE", ".status.phase"),
        ("REPLICAS", ".status.replicas"),
        ("READY", ".status.readyReplicas"),
        ("PROTOCOL", ".status.validation.protocol"),
        ("VALIDATION", ".status.validation.state"),
        ("CAPABILITIES", ".status.validation.capabilities"),
        ("AGE", ".metadata.creationTimestamp"),
    ]


def test_wide_output_tells_that_a_server_is_bridged(crd: dict[str, Any]) -> None:
    wide = {c["name"]: c["jsonPath"] for c in version(crd)["additionalPrinterColumns"] if c.get("priority")}
    assert wide["Migration"] == ".status.validation.deprecatedFeatures"
    assert (wide["Bridge"], wide["Restarts"]) == (".status.bridge.mode", ".status.bridge.childRestarts")


def tool(root: Path) -> dict[str, Any]:
    """Return the names of the tool that writes the CustomResourceDefinition."""
    return runpy.run_path(str(root / "tests/tools/crd.py"))


def test_the_restrictions_of_pods_are_those_of_the_tool(root: Path, crd: dict[str, Any]) -> None:
    written = version(crd)["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["podTemplate"]
    wanted = copy.deepcopy(written)
    tool(root)["crd_pod"].write(wanted, copy.deepcopy)
    assert written == wanted, "run `make crd`"


def own_fields(root: Path, crd: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of spec and status by their path, without those below Kubernetes' own types."""
    core = {".".join(("spec", *path)) for path in tool(root)["CORE_FIELDS"]}
    core |= {f"spec.podTemplate.spec.{name}" for name in tool(root)["crd_pod"].POD}
    found: dict[str, dict[str, Any]] = {}

    def walk(field: dict[str, Any], path: str) -> None:
        found[path] = field
        if path not in core:
            for name, part in field.get("items", field).get("properties", {}).items():
                walk(part, f"{path}.{name}")

    for name in ("spec", "status"):
        walk(version(crd)["schema"]["openAPIV3Schema"]["properties"][name], name)
    return found


def test_every_field_of_our_own_is_described(root: Path, crd: dict[str, Any]) -> None:
    """``kubectl explain`` is where users look; core types are described by Kubernetes."""
    fields = own_fields(root, crd)
    assert not [path for path, field in fields.items() if not str(field.get("description", "")).endswith(".")]
    assert len(fields) > 150


def test_a_description_names_the_default(root: Path, crd: dict[str, Any]) -> None:
    """``kubectl explain`` shows no defaults."""

    def named(field: dict[str, Any]) -> bool:
        default = field["default"]
        text = json.dumps(default)
        return f"Defaults to {text}" in field["description"] or f"and to {text}" in field["description"]

    fields = own_fields(root, crd)
    assert not [path for path, field in fields.items() if "default" in field and not named(field)]


def test_a_field_with_any_text_has_an_example(root: Path, crd: dict[str, Any]) -> None:
    """A number, a boolean and a choice explain themselves; so do the name and the key of a reference."""
    explained = re.compile(r"Rejected\.|(Name of|Key in) the (ConfigMap|Secret)\.$")

    def takes_any_text(field: dict[str, Any]) -> bool:
        item = field.get("items", field)
        plain = field.get("type") in ("boolean", "integer", "number")
        return not (plain or {"enum", "default"} & set(field) or {"enum", "properties"} & set(item))

    fields = {path: field for path, field in own_fields(root, crd).items() if path.startswith("spec.")}
    free = {path: field["description"] for path, field in fields.items() if takes_any_text(field)}
    example = re.compile(r"for example|example:|such as|\"", re.IGNORECASE)
    assert not [path for path, text in free.items() if not example.search(text) and not explained.match(text)]
    assert len(free) > 90


def test_descriptions_are_those_of_an_api_reference(root: Path, crd: dict[str, Any]) -> None:
    """A field is no person: no description says who, somebody or nobody."""
    person = re.compile(r"\b(who|whoever|whom|somebody|nobody|everybody|anybody)\b", re.IGNORECASE)
    assert not [path for path, field in own_fields(root, crd).items() if person.search(field["description"])]
