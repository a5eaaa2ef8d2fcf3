# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The example of docs/how-to/metrics.md that scales by requests: a rule of prometheus-adapter, and a manifest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import scaling

from support.yaml_files import load_yaml

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "metrics.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## Scale by requests\n")[2].partition("\n## ")[0]
RULES, MANIFEST = (yaml.safe_load(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```", SECTION))
SOURCE = (ROOT / "sidecar" / "internal" / "metrics" / "metrics.go").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rule() -> dict[str, Any]:
    [found] = RULES["rules"]["custom"]
    assert isinstance(found, dict)
    return found


def closed(schema: Any) -> Any:
    """Return a schema that allows no unknown field, as the API server does with strict field validation."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    fixed = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        fixed.setdefault("additionalProperties", False)
    return fixed


def test_the_manifest_fits_the_crd() -> None:
    crd = load_yaml(ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml")
    [version] = crd["spec"]["versions"]
    assert MANIFEST["apiVersion"] == f"{crd['spec']['group']}/{version['name']}"
    validator = jsonschema.Draft202012Validator(closed(version["schema"]["openAPIV3Schema"]["properties"]["spec"]))
    validator.validate(MANIFEST["spec"])
    with pytest.raises(jsonschema.ValidationError, match="'type' is a required property"):
        validator.validate({**MANIFEST["spec"], "hpa": {"metrics": [{"pods": {}}]}})
    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        validator.validate({**MANIFEST["spec"], "hpas": {}})


def test_the_rule_serves_the_metric_that_the_autoscaler_names(rule: dict[str, Any]) -> None:
    """See docs/config.md of prometheus-adapter: ``matches`` selects series by name, ``as`` is the name in the API."""
    series = rule["seriesQuery"].partition("{")[0]
    assert f'Name: "{series}"' in SOURCE
    assert re.search(rule["name"]["matches"], series)
    autoscaler = scaling.hpa(MANIFEST["spec"])
    assert autoscaler is not None
    [metric] = autoscaler["metrics"]
    assert metric["type"] == "Pods"
    assert metric["pods"]["metric"]["name"] == rule["name"]["as"]
    assert metric["pods"]["target"]["type"] == "AverageValue"


def test_the_rule_finds_the_pods(rule: dict[str, Any]) -> None:
    resources = {label: found["resource"] for label, found in rule["resources"]["overrides"].items()}
    assert resources == {"namespace": "namespace", "pod": "pod"}
    assert all(f'{label}!=""' in rule["seriesQuery"] for label in resources)
    assert set(re.findall(r"<<\.(\w+)>>", rule["metricsQuery"])) == {"Series", "LabelMatchers", "GroupBy"}
