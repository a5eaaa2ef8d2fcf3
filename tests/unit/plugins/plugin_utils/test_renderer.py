# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import to_json
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from hypothesis import given
from hypothesis import strategies as st

TEMPLATES = Path(__file__).parents[4] / "roles" / "mcpserver" / "templates"
# Any text that JSON, and so the API server, can carry.
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
LEAF = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
VALUE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


RENDERER = Renderer(str(TEMPLATES))


def mcpserver(**spec):
    return manifest.check(
        {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": "wikipedia", "namespace": "mcp", "uid": "u-1"},
            "spec": {"image": "wikipedia:1", **spec},
        }
    )


def by_kind(server):
    return {item["kind"]: item for item in RENDERER.render(server)}


@given(VALUE)
def test_any_value_comes_back_unchanged_from_yaml(value):
    text = to_json(value)
    assert "\n" not in text
    assert yaml.safe_load(text) == value


def test_texts_and_numbers_are_not_converted_to_json_and_back(monkeypatch):
    converted, dumps = [], _renderer.json.dumps

    def record(value, **options):
        converted.append(value)
        return dumps(value, **options)

    monkeypatch.setattr(_renderer.json, "dumps", record)
    RENDERER.render(mcpserver(args=["--all"], replicas=2))
    assert ["--all"] in converted
    assert {type(value) for value in converted} == {dict, list}


@given(image=TEXT.filter(str.strip), args=st.lists(TEXT, max_size=3), value=TEXT, label=TEXT, path=TEXT)
def test_no_text_in_any_field_becomes_structure(image, args, value, label, path):
    server = mcpserver(
        image=image,
        args=args,
        environment=[{"name": "A", "value": value}],
        podTemplate={"annotations": {"note": label}, "nodeSelector": {"disk": label}},
        healthCheck={"path": path or "/"},
        service={"annotations": {"note": value}},
    )
    pod = by_kind(server)["Deployment"]["spec"]["template"]
    container = pod["spec"]["containers"][0]
    assert container["image"] == image
    assert container.get("args", []) == args
    assert {"name": "A", "value": value} in container["env"]
    assert container["readinessProbe"]["httpGet"]["path"] == (path or "/")
    assert pod["metadata"]["annotations"] == {"note": label}
    assert pod["spec"]["nodeSelector"] == {"disk": label}
    assert "privileged" not in container["securityContext"]
    assert by_kind(server)["Service"]["metadata"]["annotations"] == {"note": value}


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7 * 7 }}",
        "{% for i in range(9) %}x{% endfor %}",
        "{{ cycler.__init__.__globals__ }}",
        '"\nprivileged: true\n#',
        "a: b\n- c",
        "\u2028\u0085\x7f\ufeff🙂",
    ],
)
def test_a_manifest_is_data_and_no_template(text):
    found = by_kind(mcpserver(image=text, command=[text]))
    container = found["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == text
    assert container["command"] == [text]


def test_every_expression_in_a_template_goes_through_to_json():
    templates = list(TEMPLATES.glob("*.j2"))
    assert templates
    for template in templates:
        expressions = re.findall(r"{{(.*?)}}", template.read_text(encoding="utf-8"), re.DOTALL)
        assert expressions
        bare = [expression for expression in expressions if not expression.rstrip().endswith("| to_json")]
        assert bare == [], template.name


def test_all_objects_belong_to_the_mcpserver():
    for item in RENDERER.render(mcpserver(hpa={"enabled": True})):
        (owner,) = item["metadata"]["ownerReferences"]
        assert (owner["uid"], owner["controller"], owner["kind"]) == ("u-1", True, "MCPServer")
        assert item["metadata"]["namespace"] == "mcp"


def test_the_objects_come_in_the_order_in_which_they_need_each_other():
    kinds = [item["kind"] for item in RENDERER.render(mcpserver(hpa={"enabled": True}))]
    needed = ["ServiceAccount", "Service", "Deployment"]
    assert kinds == [*needed, "HorizontalPodAutoscaler", "PodDisruptionBudget"]


def test_a_certificate_that_cannot_be_written_leaves_the_service_and_the_pods_as_they_are():
    kinds = [item["kind"] for item in RENDERER.render(mcpserver(tls={"issuerRef": {"name": "ca"}}))]
    assert kinds == ["ServiceAccount", "Certificate", "Service", "Deployment"]


def test_what_is_not_wanted_is_not_rendered():
    kinds = [item["kind"] for item in RENDERER.render(mcpserver(podTemplate={"serviceAccountName": "mine"}))]
    assert kinds == ["Service", "Deployment"]


def test_replicas_are_the_autoscalers_where_there_is_one():
    assert "replicas" not in by_kind(mcpserver(replicas=3, hpa={"enabled": True}))["Deployment"]["spec"]
    assert by_kind(mcpserver(replicas=3))["Deployment"]["spec"]["replicas"] == 3


def test_no_token_of_the_api_server_is_mounted():
    found = by_kind(mcpserver())
    assert found["ServiceAccount"]["automountServiceAccountToken"] is False
    assert found["Deployment"]["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


def test_several_pods_have_a_budget_that_blocks_no_drain():
    budget = by_kind(mcpserver(replicas=2))["PodDisruptionBudget"]
    assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert budget["spec"]["selector"]["matchLabels"] == {"app": "wikipedia"}
    assert "PodDisruptionBudget" not in by_kind(mcpserver())


def test_scaling_changes_nothing_of_the_template():
    one, many = (by_kind(mcpserver(replicas=count))["Deployment"]["spec"]["template"] for count in (1, 5))
    assert one == many


def test_a_piece_of_a_pods_spec_is_merged_in():
    pod = by_kind(mcpserver(podTemplate={"spec": {"runtimeClassName": "gvisor"}}))["Deployment"]["spec"]["template"]
    assert pod["spec"]["runtimeClassName"] == "gvisor"
    assert pod["spec"]["containers"][0]["name"] == "mcp-server"
