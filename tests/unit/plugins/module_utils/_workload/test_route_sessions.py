# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import exposure, route_sessions
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.route_sessions import COOKIE, NONE

from support.rendered import objects_of


def server(*, wanted=None, known="", replicas=3, keeps=True, protocol="streamable-http"):
    expose = {"parentRefs": [{"name": "shared"}], **({"sessionPersistence": wanted} if wanted else {})}
    exposed = {"serverPath": "/mcp", **({"sessionPersistence": known} if known else {})}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 1},
        "spec": {"image": "wiki:1", "replicas": replicas, "expose": expose},
        "status": {"exposure": exposed, "resolvedTransport": {"protocol": protocol, "keepsSessions": keeps}},
    }


def field(of):
    [rule] = objects_of(of)["HTTPRoute"]["spec"]["rules"]
    return rule.get("sessionPersistence")


def test_the_route_keeps_sessions_where_the_gateway_does():
    assert field(server(known=COOKIE)) == {"type": "Cookie"}
    assert exposure.warnings(server(known=COOKIE)) == []


@pytest.mark.parametrize("known", ["", NONE])
def test_the_route_has_no_field_that_the_gateway_does_not_support(known):
    assert field(server(known=known)) is None


def test_what_is_lost_is_a_warning_with_the_choices():
    [short] = exposure.warnings(server(known=NONE))
    assert len(short) <= 120, "the result of a run cuts it"
    for text in (short, route_sessions.loss(server(known=NONE))):
        for part in ("404", "one replica", "2026-07-28", "Cookie"):
            assert part in text


@pytest.mark.parametrize(
    "changed", [{"replicas": 1}, {"keeps": False}, {"known": ""}, {"wanted": NONE}, {"wanted": COOKIE}]
)
def test_nothing_is_lost_where_it_cannot_be_or_is_accepted(changed):
    assert exposure.warnings(server(**{"known": NONE, **changed})) == []


def test_streams_of_http_sse_are_sessions():
    assert route_sessions.at_stake(server(keeps=False, protocol="sse"))


def test_the_manifest_decides():
    assert field(server(wanted=COOKIE, keeps=False)) == {"type": "Cookie"}
    assert field(server(wanted=NONE, known=COOKIE)) is None


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (None, False),
        ([{"name": "HTTPRoute"}, {"name": "HTTPRoutePathRewrite"}], False),
        ([{"name": "HTTPRouteSessionPersistenceCookie"}], True),
        (["HTTPRoute", "HTTPRouteSessionPersistence"], True),
    ],
)
def test_the_class_says_what_it_supports(features, expected):
    assert route_sessions.supported({"status": {"supportedFeatures": features}}) is expected
    assert not route_sessions.supported({})


def schemas(kind, *fields):
    rules = {"items": {"properties": {name: {} for name in fields}}}
    spec = {"properties": {"spec": {"properties": {"rules": rules}}}}
    return {"components": {"schemas": {"a": {**spec, "x-kubernetes-group-version-kind": [{"kind": kind}]}, "b": {}}}}


def test_only_the_experimental_channel_has_the_field():
    assert route_sessions.in_schema(schemas("HTTPRoute", "matches", "sessionPersistence"))
    assert not route_sessions.in_schema(schemas("HTTPRoute", "matches"))
    assert not route_sessions.in_schema(schemas("GRPCRoute", "sessionPersistence"))
    assert not route_sessions.in_schema({})


def test_what_was_found_is_kept_until_it_is_looked_at_again():
    found = {"state": "Validated", "endpoint": "http://wiki.team.svc:8080/mcp", "protocol": "streamable-http"}
    assert exposure.observed(server(), found, COOKIE)["sessionPersistence"] == COOKIE
    assert exposure.observed(server(known=COOKIE), found)["sessionPersistence"] == COOKIE
    assert exposure.observed(server(known=COOKIE), {"state": "Failed"}, NONE)["sessionPersistence"] == NONE
