# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Names that Flagger gives to its copies: those of other MCPServers, and those that are too long."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import flagger_names
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ForeignObject
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

MCP = "mcp.mcp-operator.io/v1"


class Api:
    """MCPServers and Deployments of one namespace."""

    def __init__(self):
        self.objects = {}
        self.forbidden = ()

    def find(self, api_version, kind, namespace, name):
        assert namespace == "team"
        if kind in self.forbidden:
            raise ApiForbidden("No.")
        assert (kind, api_version) in [("MCPServer", MCP), ("Deployment", "apps/v1")]
        return self.objects.get((kind, name))

    def create(self, name, managed_by=""):
        rollout = {"rollout": {"managedBy": managed_by}} if managed_by else {}
        meta = {"name": name, "namespace": "team", "uid": f"uid-of-{name}"}
        made = {"apiVersion": MCP, "kind": "MCPServer", "metadata": meta, "spec": {"image": "i", **rollout}}
        self.objects["MCPServer", name] = made
        return made

    def deploy(self, name, kind="MCPServer", uid=""):
        owner = {"kind": kind, "name": name, "uid": uid or f"uid-of-{name}", "controller": True}
        self.objects["Deployment", name] = {"metadata": {"name": name, "ownerReferences": [owner]}}


@pytest.fixture
def api():
    return Api()


def refused(api, server):
    with pytest.raises(ForeignObject) as caught:
        flagger_names.check(api, server)
    assert caught.value.seen == (
        "Flagger would change the Deployment of MCPServer wiki-primary: it gives this name to its copy of wiki."
    )


def accepted(api, server):
    flagger_names.check(api, server)


def test_a_server_keeps_its_deployment_when_the_other_one_asks_for_flagger(api):
    primary = api.create("wiki-primary")
    api.deploy("wiki-primary")
    refused(api, api.create("wiki", "flagger"))
    accepted(api, primary)


def test_flagger_keeps_its_copy_when_a_server_of_its_name_is_created(api):
    wiki = api.create("wiki", "flagger")
    api.deploy("wiki-primary", "Canary", "uid-of-the-canary")
    refused(api, api.create("wiki-primary"))
    accepted(api, wiki)


def test_a_server_of_its_name_is_refused_before_flagger_has_made_its_copy(api):
    """Otherwise Flagger would take its Deployment for the copy."""
    wiki = api.create("wiki", "flagger")
    accepted(api, wiki)
    refused(api, api.create("wiki-primary"))
    # Also if both are applied at once.
    refused(api, wiki)


@pytest.mark.parametrize("manager", ["", "argo-rollouts"])
def test_without_flagger_both_have_their_names(api, manager):
    accepted(api, api.create("wiki", manager))
    accepted(api, api.create("wiki-primary", manager))


def test_without_the_right_to_read_nothing_is_refused_and_without_that_of_deployments_all(api):
    api.create("wiki-primary")
    wiki = api.create("wiki", "flagger")
    api.forbidden = ("Deployment",)
    refused(api, wiki)
    api.forbidden = ("Deployment", "MCPServer")
    accepted(api, wiki)


@pytest.mark.parametrize(
    ("length", "manager", "passes"), [(55, "flagger", True), (56, "flagger", False), (63, "", True)]
)
def test_a_name_is_at_most_as_long_as_the_label_of_flaggers_copy_allows(api, length, manager, passes):
    server = api.create("w" * length, manager)
    if passes:
        accepted(api, server)
        manifest.check(server)
        return
    for check in (manifest.check, lambda given: flagger_names.check(api, given)):
        with pytest.raises(ManifestError, match="too long a name for Flagger") as caught:
            check(server)
        assert "at most 55 characters" in caught.value.action
