# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fingerprint of a configuration changes with its content, and with nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.config_hash import config_hash
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

TEMPLATES = Path(__file__).resolve().parents[5] / "roles" / "mcpserver" / "templates"
POD = {"containers": [{"envFrom": [{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "key"}}]}]}
SERVER = {"metadata": {"name": "a", "namespace": "team", "uid": "u"}, "spec": {}, "status": {}}
# What an earlier version made of the objects of Api.
UNSALTED = "62801621e1"
ANNOTATION = "mcp.mcp-operator.io/config-hash"


class Api:
    def __init__(self):
        self.objects = {"settings": {"data": {"a": "1"}}, "key": {"data": {"k": "czNjcmV0"}}}
        self.forbidden = set()
        self.workload = {}

    def find(self, _version, kind, namespace, name):
        if kind not in ("ConfigMap", "Secret"):
            return self.workload.get((kind, name))
        if name in self.forbidden:
            raise ApiForbidden(f"{kind} {namespace}/{name} is forbidden", status=403)
        return self.objects.get(name)


@pytest.fixture
def api():
    return Api()


def test_it_is_another_one_when_the_content_is(api):
    first = config_hash(api, SERVER, POD)
    api.objects["settings"]["metadata"] = {"labels": {"new": "label"}}
    assert config_hash(api, SERVER, POD) == first
    api.objects["settings"]["data"] = {"a": "2"}
    second = config_hash(api, SERVER, POD)
    del api.objects["key"]
    assert len({first, second, config_hash(api, SERVER, POD)}) == 3
    assert "s3cret" not in first


def owned(kind, **content):
    owners = [{"kind": "MCPServer", "name": "a", "uid": "u", "controller": True}]
    return {"kind": kind, "metadata": {"name": "a", "ownerReferences": owners}, **content}


def template(digest):
    return {"template": {"metadata": {"annotations": {ANNOTATION: digest}}, "spec": POD}}


def test_it_is_salted_and_has_128_bits(api):
    found = config_hash(api, SERVER, POD)
    other = config_hash(api, {**SERVER, "metadata": {**SERVER["metadata"], "uid": "v"}}, POD)
    assert found != other
    assert re.fullmatch("[0-9a-f]{32}", found)


def test_an_upgrade_keeps_the_earlier_form_until_the_content_changes(api):
    api.workload["Deployment", "a"] = owned("Deployment", spec=template(UNSALTED))
    assert config_hash(api, SERVER, POD) == UNSALTED
    api.objects["key"] = {"data": {"k": "bmV3"}}
    changed = config_hash(api, SERVER, POD)
    assert len(changed) == 32
    api.workload["Deployment", "a"] = owned("Deployment", spec=template(changed))
    assert config_hash(api, SERVER, POD) == changed


def test_a_foreign_deployment_does_not_choose_the_form(api):
    api.workload["Deployment", "a"] = {**owned("Deployment", spec=template(UNSALTED)), "metadata": {"name": "a"}}
    assert len(config_hash(api, SERVER, POD)) == 32


def test_an_upgrade_does_not_try_a_template_again_that_was_rolled_back(api):
    api.workload["Deployment", "a"] = owned("Deployment", spec=template("0000000000"))
    api.workload["ControllerRevision", "a-failed"] = owned("ControllerRevision", data=template(UNSALTED))
    server = {**SERVER, "status": {"rollback": {"template": "failed"}}}
    assert config_hash(api, server, POD) == UNSALTED


def test_a_cluster_that_gets_the_crd_rolls_no_pod(api):
    plain = {"name": "a", "namespace": "team"}
    standalone = config_hash(api, {**SERVER, "metadata": plain}, POD)
    api.workload["Deployment", "a"] = owned("Deployment", spec=template(standalone))
    assert config_hash(api, SERVER, POD) == standalone


@pytest.mark.parametrize(("name", "field"), [("settings", "configMaps: [settings]"), ("key", "secrets: [key]")])
def test_who_may_not_read_it_is_told_how_to_be_allowed_to(api, name, field):
    api.forbidden = {name}
    with pytest.raises(ApiForbidden) as caught:
        config_hash(api, SERVER, POD)
    assert caught.value.code == "CONFIG_FORBIDDEN"
    assert f"configHash: [{{namespace: team, {field}}}]" in str(caught.value)


@pytest.mark.parametrize("strict", [False, True])
def test_it_is_part_of_the_pod_template_of_who_wants_it(strict):
    def template(*, asked):
        server = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": "a", "namespace": "team", "uid": "u"},
            "spec": {"image": "a:1", "podTemplate": {"configHash": asked}, "validation": {"strictMode": strict}},
        }
        made = Renderer(str(TEMPLATES)).render(server, gated=True, config_hash=lambda _pod: "0123")
        [found] = [item["spec"]["template"] for item in made if item["kind"] == "Deployment"]
        return found

    wanted, plain = template(asked=True)["metadata"], template(asked=False)["metadata"]
    assert wanted["annotations"][ANNOTATION] == "0123"
    assert ANNOTATION not in plain.get("annotations", {})
    assert (wanted["labels"] != plain["labels"]) is strict
