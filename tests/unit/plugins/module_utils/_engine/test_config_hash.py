# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fingerprint of a configuration changes with its content, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.config_hash import config_hash
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

TEMPLATES = Path(__file__).resolve().parents[5] / "roles" / "mcpserver" / "templates"
POD = {"containers": [{"envFrom": [{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "key"}}]}]}
ANNOTATION = "mcp.mcp-operator.io/config-hash"


class Api:
    def __init__(self):
        self.objects = {"settings": {"data": {"a": "1"}}, "key": {"data": {"k": "czNjcmV0"}}}
        self.forbidden = set()

    def find(self, _version, kind, namespace, name):
        if name in self.forbidden:
            raise ApiForbidden(f"{kind} {namespace}/{name} is forbidden", status=403)
        return self.objects.get(name)


@pytest.fixture
def api():
    return Api()


def test_it_is_another_one_when_the_content_is(api):
    first = config_hash(api, "team", POD)
    api.objects["settings"]["metadata"] = {"labels": {"new": "label"}}
    assert config_hash(api, "team", POD) == first
    api.objects["settings"]["data"] = {"a": "2"}
    second = config_hash(api, "team", POD)
    del api.objects["key"]
    assert len({first, second, config_hash(api, "team", POD)}) == 3
    assert "s3cret" not in first


@pytest.mark.parametrize(("name", "field"), [("settings", "configMaps: [settings]"), ("key", "secrets: [key]")])
def test_who_may_not_read_it_is_told_how_to_be_allowed_to(api, name, field):
    api.forbidden = {name}
    with pytest.raises(ApiForbidden) as caught:
        config_hash(api, "team", POD)
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
