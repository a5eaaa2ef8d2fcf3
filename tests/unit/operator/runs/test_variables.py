# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from mcp_operator.runs.variables import extra_variables, host_name, host_variables
from mcp_operator.watches.definition import Finalizer, Watch

WATCH = Watch(
    group="mcp.mcp-operator.io",
    version="v1",
    kind="MCPServer",
    role="a.b.c",
    vars={"who": "watch", "what": "watch"},
    finalizer=Finalizer(name="f/f", role="a.b.c", vars={"who": "finalizer"}),
)
BASE = "_mcp_mcp_operator_io_mcpserver"


def item(spec, namespace="team"):
    return {"metadata": {"name": "one", "namespace": namespace}, "spec": spec}


def test_they_are_those_of_ansible_operator():
    server = item({"httpGet": {"hostPort": 1}, "image": "x"})
    assert host_variables(WATCH, server) == {
        "http_get": {"host_port": 1},
        "image": "x",
        "ansible_operator_meta": {"name": "one", "namespace": "team"},
        BASE: server,
        f"{BASE}_spec": server["spec"],
    }


def test_a_core_kind_has_no_group():
    watch = Watch(group="", version="v1", kind="ConfigMap", role="a.b.c", snake_case_parameters=False)
    found = host_variables(watch, {"metadata": {"name": "one"}, "data": {}})
    assert set(found) == {"ansible_operator_meta", "__configmap", "__configmap_spec"}
    assert found["ansible_operator_meta"] == {"name": "one", "namespace": ""}


def test_objects_cannot_set_connection_variables():
    spec = {"ansible_connection": "ssh", "ansiblePythonInterpreter": "/bin/evil", "": 1, BASE: "hidden"}
    found = host_variables(WATCH, item(spec))
    assert set(found) == {"ansible_operator_meta", BASE, f"{BASE}_spec"}
    assert found[BASE]["spec"] is spec


def test_a_spec_that_is_no_map_makes_no_variables():
    assert host_variables(WATCH, item(["a"]))[f"{BASE}_spec"] == {}


def test_the_finalizers_variables_come_last():
    assert extra_variables(WATCH, finalizing=False) == {"who": "watch", "what": "watch"}
    assert extra_variables(WATCH, finalizing=True) == {"who": "finalizer", "what": "watch"}


def test_no_two_objects_share_a_host():
    assert host_name("team", "a.b") == "team.a.b"
    assert host_name("", "team.a.b") != host_name("team", "a.b")
    assert host_name("", "all") not in ("all", "localhost")
