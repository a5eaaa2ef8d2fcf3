# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The tool that a manifest has called, and its expectations."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.gate import fields, probe_spec_of
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import fingerprint
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.server import template_context
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.tool_call import without_tool_call

CALL = {"name": "search", "arguments": {"query": "Bern", "limit": 1}}
EXPECT = ["tool_call.is_error == `false`"]


def server(**validation):
    return {"metadata": {"name": "wiki", "namespace": "a"}, "spec": {"image": "w", "validation": validation}}


def test_the_call_and_the_expectations_are_part_of_the_probe():
    spec = probe_spec(server(toolCall=CALL, expect=EXPECT))
    assert spec.tool_call == ("search", '{"limit":1,"query":"Bern"}')
    assert spec.expect == (EXPECT[0],)
    assert hash(spec)
    assert probe_spec(server(toolCall={"name": "search"})).tool_call == ("search", "{}")


def test_a_change_of_them_is_another_probe():
    specs = [
        server(),
        server(expect=EXPECT),
        server(toolCall={"name": "search"}),
        server(toolCall=CALL),
        server(toolCall=CALL, expect=EXPECT),
        server(toolCall={**CALL, "arguments": {"query": "Basel"}}),
    ]
    assert len({probe_spec(one).digest for one in specs}) == len(specs)


def test_an_upgrade_validates_nothing_again_where_they_are_not_set():
    spec = probe_spec(server(requiredCapabilities=["tools"]))
    assert spec.digest == fingerprint([8080, None, "auto", "wiki.a.svc:8080", ["tools"]])


def test_the_template_of_pods_does_not_have_them():
    strict = server(strictMode=True)
    given = server(strictMode=True, toolCall=CALL, expect=EXPECT)
    assert fields(strict) == fields(given)
    annotations = fields(given)["annotations"]
    assert template_context(strict, gate=fields(strict)) == template_context(given, gate=fields(given))
    own = probe_spec_of({"metadata": {"annotations": annotations}}, given)
    assert own == probe_spec(strict)


def test_a_periodic_validation_calls_no_tool():
    spec = probe_spec(server(toolCall=CALL, expect=EXPECT))
    assert spec.periodic == probe_spec(server())
    only_expected = probe_spec(server(expect=EXPECT))
    assert only_expected.periodic == only_expected


@pytest.mark.parametrize(
    ("validation", "seen"),
    [
        ({"toolCall": {"name": "a", "arguments": {"text": "x" * 4096}}}, "has 4107 bytes as JSON"),
        ({"toolCall": {"name": "a", "arguments": {"text": "ü" * 700}}}, "has 4211 bytes as JSON"),
        ({"toolCall": {"arguments": {}}}, "no valid name"),
        ({"toolCall": {"name": "x" * 129}}, "no valid name"),
        ({"toolCall": {"name": "a", "arguments": []}}, "arguments must be a mapping"),
        ({"toolCall": "a"}, "toolCall must be a mapping"),
        ({"expect": ["tools"] * 17}, "has 17 expressions"),
        ({"expect": ["x" * 501]}, "is not a list of expressions"),
        ({"expect": [""]}, "is not a list of expressions"),
        ({"expect": "tools"}, "is not a list of expressions"),
    ],
)
def test_what_is_too_large_is_refused_before_anything_is_applied(validation, seen):
    with pytest.raises(ManifestError, match=seen):
        template_context(server(**validation))


def test_expectations_about_a_result_go_with_the_call():
    assert without_tool_call(server(toolCall=CALL, expect=EXPECT)) == server()
    assert without_tool_call(server(expect=EXPECT)) == server(expect=EXPECT)
