# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which MCPServers a playbook acts on, and what it says if there are none."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_hosts import (
    Found,
    NothingSelected,
    OtherNamespace,
    of_hosts,
    of_namespace,
)

NOTHING = {"kubeconfig": "", "context": "", "api_server": ""}


def server(name, namespace="team", **meta):
    meta = {"name": name, "namespace": namespace, **meta}
    return {"apiVersion": names.API_VERSION, "kind": names.KIND, "metadata": meta, "spec": {}}


class Api:
    def __init__(self, *servers, deployments=(), everywhere=True):
        self.servers, self.deployments, self.everywhere = servers, deployments, everywhere

    def list(self, _version, kind, namespace, **_selectors):
        if namespace is None and not self.everywhere:
            raise ApiForbidden("no")
        items = self.servers if kind == names.KIND else self.deployments
        # Objects of a list lack their types.
        return iter(
            [{"metadata": one["metadata"]} for one in items if namespace in (None, one["metadata"]["namespace"])]
        )


def select(api, *wanted, crd=True, must_exist=True):
    return of_namespace(api, "team", wanted, crd=crd, must_exist=must_exist)


def test_manifests_are_hosts_with_the_connection_of_the_play():
    found = Found()
    found.add(server("wiki"))
    found.expect("https://api")
    assert found.to_dict() == {
        "servers": {"team/wiki": server("wiki")},
        "targets": {"team/wiki": {"namespace": "team", "name": "wiki"}},
        "connections": {"team/wiki": {**NOTHING, "api_server": "https://api"}},
        "warnings": [],
    }
    assert found.targets() == [{"namespace": "team", **NOTHING, "api_server": "https://api"}]


def test_hosts_keep_their_names_and_connections_and_other_hosts_are_ignored():
    variables = {"mcpserver_manifest": server("wiki"), "mcp_context": "prod", "mcp_api_server": "https://prod"}
    hosts = {"prod/team/wiki": variables, "router": {}, "odd": {"mcpserver_manifest": {"apiVersion": "v2"}}}
    found = of_hosts(hosts, "all", None, "advice")
    found.expect("https://other")
    assert found.servers == {"prod/team/wiki": server("wiki")}
    assert found.connections == {"prod/team/wiki": {"kubeconfig": "", "context": "prod", "api_server": "https://prod"}}


def test_hosts_of_another_namespace_and_no_hosts_are_errors():
    hosts = {"a": {"mcpserver_manifest": server("wiki", "kube-system")}}
    with pytest.raises(OtherNamespace, match="mcp_namespace is team, but a has another namespace"):
        of_hosts(hosts, "mcpservers", "team", "advice")
    with pytest.raises(NothingSelected, match=r"No host that matches mcpservers is an MCPServer\. advice"):
        of_hosts({}, "mcpservers", "team", "advice")


@pytest.mark.parametrize(("wanted", "names_found"), [((), ["a", "b"]), (("*",), ["a", "b"]), (("b",), ["b"])])
def test_servers_of_a_namespace_are_selected_by_name(wanted, names_found):
    found = select(Api(server("a"), server("b"), server("c", "other")), *wanted)
    assert list(found.servers) == [f"team/{name}" for name in names_found]
    assert found.servers["team/b"]["kind"] == names.KIND
    assert found.warnings == []


@pytest.mark.parametrize(
    ("api", "wanted", "problem"),
    [
        (Api(server("a")), ["a", "x"], "The namespace team has no MCPServer x. Check mcp_namespace and the context."),
        (Api(), [], "The namespace team has no MCPServer. Check mcp_namespace and the context."),
        (
            Api(server("a", "other")),
            ["a"],
            "The namespace team has no MCPServer a. It is in the namespace other: set mcp_namespace.",
        ),
        (
            Api(server("a", "other")),
            ["*"],
            "The namespace team has no MCPServer. There are MCPServers in the namespace other: set mcp_namespace.",
        ),
        (Api(everywhere=False), ["a"], "The namespace team has no MCPServer a. Check mcp_namespace and the context."),
    ],
)
def test_one_that_does_not_exist_is_an_error_or_a_warning_with_where_it_is(api, wanted, problem):
    with pytest.raises(NothingSelected) as caught:
        select(api, *wanted)
    assert str(caught.value) == f"{problem} [NO_MCPSERVER]"
    assert select(api, *wanted, must_exist=False).warnings == [problem]


def test_without_the_kind_deployments_without_an_owner_stand_for_servers():
    owned = server("owned", ownerReferences=[{"controller": True}])
    found = select(Api(deployments=[server("wiki"), owned]), crd=False, must_exist=False)
    assert list(found.servers) == ["team/wiki"]
