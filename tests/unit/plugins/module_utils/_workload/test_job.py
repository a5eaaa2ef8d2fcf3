# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job, names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec


def server(name="wiki", **spec):
    return {"metadata": {"name": name, "namespace": "a", "uid": "u"}, "spec": {"image": "w", **spec}}


def made(found=None, pods=((("uid", "c"), "10.0.0.1"),), attempt=1):
    found = found or server()
    return job.job(found, probe_spec(found), pods, image="mcp-operator:1", attempt=attempt)


def test_it_may_do_nothing_and_no_service_finds_it():
    pod = made()["spec"]["template"]
    spec = pod["spec"]
    assert (spec["automountServiceAccountToken"], spec["serviceAccountName"]) == (False, "wiki-validate")
    assert job.account(server())["automountServiceAccountToken"] is False
    assert "app" not in pod["metadata"]["labels"]
    assert pod["metadata"]["labels"][names.MANAGED_BY_LABEL] != names.MANAGED_BY
    assert spec["securityContext"]["runAsNonRoot"] is True
    [container] = spec["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_it_asks_the_pods_by_their_addresses_in_the_services_name():
    spec = server(
        transport={"protocol": "sse", "config": {"http": {"port": 3001, "path": "sse"}}},
        validation={"requiredCapabilities": ["Tools"]},
    )
    [container] = made(spec, [(("a",), "10.0.0.1"), (("b",), "fd00::1")])["spec"]["template"]["spec"]["containers"]
    args = container["args"]
    assert args[args.index("--") + 1 :] == ["http://10.0.0.1:3001/sse", "http://[fd00::1]:3001/sse"]
    assert args[args.index("--host-header") + 1] == "wiki.a.svc:3001"
    assert args[args.index("--transport") + 1] == "sse"
    assert "--require=tools" in args


def test_what_is_asked_of_whom_makes_the_name():
    names_of = {
        made()["metadata"]["name"],
        made(attempt=2)["metadata"]["name"],
        made(pods=((("uid", "d"), "10.0.0.1"),))["metadata"]["name"],
        made(server(transport={"protocol": "sse"}))["metadata"]["name"],
    }
    assert len(names_of) == 4
    assert made()["metadata"]["name"] in names_of
    assert len(made(server("x" * 63))["metadata"]["name"]) <= 63


def test_it_says_whom_it_is_about():
    found = made(pods=[(("a", "b"), "10.0.0.1"), (("c", "d"), "10.0.0.2")], attempt=7)
    assert (job.subjects(found), job.attempt(found)) == ([("a", "b"), ("c", "d")], 7)


@pytest.mark.parametrize("text", ["", "{", "7", json.dumps([7])])
def test_one_that_does_not_say_it_is_about_nobody(text):
    metadata = {"annotations": {job.SUBJECTS_ANNOTATION: text, job.ATTEMPT_ANNOTATION: text}}
    found = {"metadata": {}, "spec": {"template": {"metadata": metadata}}}
    assert job.subjects(found) == []
    assert isinstance(job.attempt(found), int)


def test_it_runs_where_the_servers_pods_may():
    template = {"nodeSelector": {"pool": "mcp"}, "tolerations": [{"operator": "Exists"}]}
    spec = made(server(podTemplate=template))["spec"]["template"]["spec"]
    assert (spec["nodeSelector"], spec["tolerations"]) == (template["nodeSelector"], template["tolerations"])


CALL = {"name": "search", "arguments": {"text": "$(HOME) $$(HOME)"}}


def test_it_calls_the_tool_in_arguments_that_are_not_expanded():
    found = made(server(validation={"toolCall": CALL, "expect": ["tools.count > `1`", "--strict"]}))
    [container] = found["spec"]["template"]["spec"]["containers"]
    args = container["args"]
    options = args[: args.index("--")]
    assert options[-4:] == [
        "--expect=tools.count > `1`",
        "--expect=--strict",
        "--call-tool=search",
        '--tool-arguments={"text":"$$(HOME) $$$$(HOME)"}',
    ]
    assert job.calls_tool(found)
    assert not job.calls_tool(made())
    assert not job.calls_tool({})


def test_no_argument_of_a_url_is_the_call_of_a_tool():
    spec = server(transport={"config": {"http": {"path": "/--call-tool=x"}}})
    assert not job.calls_tool(made(spec))
