# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import re

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import Cluster
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._inventory_host import groups, host_name, variables
from hypothesis import given
from hypothesis import strategies as st

CLUSTER = Cluster("Prod.EU", "https://eu.example.com", "/somewhere/config", "prod-eu")


def server(status=None, **more):
    manifest = {"metadata": {"name": "wikipedia", "namespace": "team-a"}}
    return {"manifest": manifest, "status": status or {}, "terminating": False, **more}


def test_the_cluster_is_part_of_the_name_where_there_are_several():
    assert host_name(CLUSTER, server(), several=False) == "team-a/wikipedia"
    assert host_name(CLUSTER, server(), several=True) == "Prod.EU/team-a/wikipedia"


def test_groups_by_what_it_is_and_does():
    found = groups(
        CLUSTER,
        server(
            {
                "phase": "ValidationFailed",
                "validation": {
                    "protocol": "streamable-http",
                    "state": "AuthRequired",
                    "capabilities": ["tools", "prompts"],
                },
            }
        ),
    )
    assert found == [
        "mcp_cluster_prod_eu",
        "mcp_namespace_team_a",
        "mcp_phase_validation_failed",
        "mcp_protocol_streamable_http",
        "mcp_validation_auth_required",
        "mcp_capability_tools",
        "mcp_capability_prompts",
    ]


def test_what_is_being_deleted_is_in_no_other_phase():
    found = groups(CLUSTER, server({"phase": "Running"}, terminating=True))
    assert "mcp_phase_terminating" in found
    assert "mcp_phase_running" not in found


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"phase": None, "validation": None},
        {"phase": "", "validation": {"state": "", "protocol": "", "capabilities": []}},
        {"phase": ["Running"], "validation": "Validated"},
        {"phase": 1, "validation": {"capabilities": "tools", "state": {}, "protocol": True}},
    ],
)
def test_what_a_status_does_not_say_is_no_group(status):
    assert groups(CLUSTER, server(status)) == ["mcp_cluster_prod_eu", "mcp_namespace_team_a"]


@given(text=st.text())
def test_any_text_makes_a_group_that_ansible_takes(text):
    validation = {"state": text, "protocol": text, "capabilities": [text]}
    found = groups(Cluster(text or "x"), server({"phase": text, "validation": validation}))
    assert all(re.fullmatch("mcp_[a-z]+_[a-z0-9_]+", name) for name in found)


def test_a_status_cannot_make_groups_without_number_or_end():
    found = groups(
        CLUSTER, server({"phase": "x" * 100_000, "validation": {"capabilities": list(map(str, range(9999)))}})
    )
    assert len(found) < 40
    assert max(map(len, found)) < 300


def test_the_way_to_the_cluster_is_told_only_where_it_leads_there():
    assert {"mcp_kubeconfig": "/somewhere/config", "mcp_context": "prod-eu"}.items() <= variables(
        CLUSTER, server()
    ).items()
    found = variables(Cluster("eu", "https://eu.example.com"), server())
    assert not {"mcp_kubeconfig", "mcp_context"} & set(found)
    assert found["mcp_api_server"] == "https://eu.example.com"
    assert found["ansible_connection"] == "local"
