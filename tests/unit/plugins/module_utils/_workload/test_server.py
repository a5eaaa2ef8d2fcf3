# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import server
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError


def mcpserver(**spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wikipedia", "namespace": "mcp", "uid": "u-1"},
        "spec": {"image": "wikipedia:1", **spec},
    }


def names_of(variables):
    return [variable["name"] for variable in variables]


def test_the_defaults_satisfy_pod_security_restricted():
    view = server.template_context(mcpserver())
    security = view["container"]["security"]
    assert security["runAsNonRoot"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}


def test_without_a_health_check_the_port_is_probed_by_tcp():
    probes = server.template_context(mcpserver(transport={"config": {"http": {"port": 3001}}}))["container"]["optional"]
    assert set(probes) - {"lifecycle"} == {"startupProbe", "readinessProbe"}
    assert all(probes[name]["tcpSocket"] == {"port": 3001} for name in ("startupProbe", "readinessProbe"))


def test_a_health_check_is_asked_by_http_for_liveness_too():
    probes = server.template_context(mcpserver(healthCheck={"path": "/healthz", "port": 9000}))["container"]["optional"]
    asked = set(probes) - {"lifecycle"}
    assert asked == {"startupProbe", "readinessProbe", "livenessProbe"}
    assert all(probes[name]["httpGet"] == {"path": "/healthz", "port": 9000} for name in asked)


def test_a_health_check_can_be_switched_off():
    optional = server.template_context(mcpserver(healthCheck={"enabled": False}))["container"]["optional"]
    assert not any(name.endswith("Probe") for name in optional)


def test_the_users_labels_win_but_never_over_the_selector():
    view = server.template_context(
        mcpserver(podTemplate={"labels": {"app": "evil", "app.kubernetes.io/component": "mine"}})
    )
    assert view["pod"]["labels"]["app"] == "wikipedia"
    assert view["pod"]["labels"]["app.kubernetes.io/component"] == "mine"


def test_the_users_environment_wins_over_ours():
    variables = server.template_context(mcpserver(environment=[{"name": "MCP_TRANSPORT", "value": "own"}]))[
        "container"
    ]["env"]
    assert {"name": "MCP_TRANSPORT", "value": "own"} in variables
    assert names_of(variables).count("MCP_TRANSPORT") == 1


def test_the_last_of_two_variables_of_one_name_counts_and_is_warned_about():
    doubled = mcpserver(environment=[{"name": "A", "value": "1"}, {"name": "B"}, {"name": "A", "value": "2"}])
    variables = server.template_context(doubled)["container"]["env"]
    assert [variable for variable in variables if variable["name"] == "A"] == [{"name": "A", "value": "2"}]
    assert any("A more than once" in warning for warning in server.warnings(doubled))


def test_an_autoscaler_rules_the_replicas():
    view = server.template_context(
        mcpserver(replicas=3, hpa={"enabled": True, "minReplicas": 2, "targetCPUUtilizationPercentage": 70})
    )
    assert view["replicas"] is None
    assert view["hpa"]["min"] == 2
    assert view["hpa"]["max"] == 10
    assert [metric["resource"]["name"] for metric in view["hpa"]["metrics"]] == ["cpu"]


def test_an_autoscaler_that_is_off_is_none():
    view = server.template_context(mcpserver(replicas=0, hpa={"enabled": False}))
    assert view["hpa"] is None
    assert view["replicas"] == 0


def test_sse_settings_count_only_where_the_manifest_says_sse():
    config = {"http": {"sse": {"terminationGracePeriodSeconds": 90, "maxSurge": "50%", "enableSessionAffinity": True}}}
    sse = server.template_context(mcpserver(transport={"protocol": "sse", "config": config}))
    auto = server.template_context(mcpserver(transport={"protocol": "auto", "config": config}))
    assert sse["pod"]["optional"]["terminationGracePeriodSeconds"] == 93
    assert sse["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": "50%"}
    assert sse["service"]["affinity_seconds"] == 10800
    assert auto["pod"]["optional"]["terminationGracePeriodSeconds"] == 33
    assert auto["service"]["affinity_seconds"] is None


def test_session_management_keeps_a_client_with_its_pod():
    config = {"http": {"sessionManagement": True}}
    assert server.template_context(mcpserver(transport={"config": config}))["service"]["affinity_seconds"] == 10800


def test_a_named_service_account_is_used_and_not_made():
    view = server.template_context(mcpserver(podTemplate={"serviceAccountName": "mine"}))
    assert view["service_account"] == {"name": "mine", "create": False}


@pytest.mark.parametrize("field", ["transport", "podTemplate", "security", "service", "hpa"])
def test_a_text_where_a_mapping_belongs_is_refused(field):
    with pytest.raises(ManifestError, match=field):
        server.template_context(mcpserver(**{field: "text"}))


SESSIONS, OLD = {"protocol": "streamable-http", "keepsSessions": True}, {"protocol": "sse"}
FREE = {"protocol": "streamable-http", "keepsSessions": False}


@pytest.mark.parametrize(
    ("spec", "resolved", "wanted"),
    [
        ({"replicas": 2}, SESSIONS, True),
        ({"replicas": 2}, OLD, True),
        ({"replicas": 2}, FREE, False),
        ({"replicas": 2}, {}, False),
        ({"hpa": {"enabled": True}}, SESSIONS, True),
        ({"replicas": 1}, SESSIONS, False),
        ({"replicas": 2, "service": {"sessionAffinity": "auto"}}, SESSIONS, True),
        ({"replicas": 2, "service": {"sessionAffinity": "None"}}, SESSIONS, False),
        ({"replicas": 1, "service": {"sessionAffinity": "ClientIP"}}, FREE, True),
        ({"service": {"sessionAffinity": "None"}, "transport": {"type": "stdio"}}, {}, False),
    ],
)
def test_clients_stay_with_their_pod_where_they_were_found_to_need_it(spec, resolved, wanted):
    found = {**mcpserver(**spec), "status": {"resolvedTransport": resolved}}
    assert (server.template_context(found)["service"]["affinity_seconds"] is not None) is wanted
    assert server.found_sticky(found) is (wanted and "ClientIP" not in spec.get("service", {}).values())
