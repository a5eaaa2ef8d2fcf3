# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import reachability
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.exposure import Parent
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.reachability import Reachability, Way

from support.rendered import objects_of

PARENT = Parent("gateways", "shared")
ACCEPTED = [
    {"type": "Accepted", "status": "True", "reason": "Accepted", "observedGeneration": 1},
    {"type": "ResolvedRefs", "status": "True", "reason": "ResolvedRefs", "observedGeneration": 1},
]


def mcpserver(hostnames=("wiki.example.com",), **status):
    names = {"hostnames": list(hostnames)} if hostnames else {}
    return {
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u", "generation": 2},
        "spec": {"image": "wiki:1", "expose": {"parentRefs": [{"name": "shared", "namespace": "gateways"}], **names}},
        "status": {"exposure": {"serverPath": "/mcp", "protocol": "streamable-http"}, **status},
    }


def listener(protocol="HTTP", port=80, name="http", **more):
    return {"name": name, "protocol": protocol, "port": port, **more}


def gateway(*listeners, programmed="True", addresses=({"type": "IPAddress", "value": "192.0.2.7"},)):
    conditions = [{"type": "Programmed", "status": programmed, "reason": "AddressNotAssigned", "message": "no address"}]
    return {
        "metadata": {"name": "shared", "namespace": "gateways"},
        "spec": {"listeners": list(listeners or [listener()])},
        "status": {"conditions": conditions if programmed else [], "addresses": list(addresses)},
    }


def route(server=None, conditions=ACCEPTED, **meta):
    made = copy.deepcopy(objects_of(server or mcpserver())["HTTPRoute"])
    made["metadata"] = {
        **made["metadata"],
        "uid": "own",
        "generation": 1,
        "creationTimestamp": "2026-11-28T10:00:00Z",
        **meta,
    }
    reference = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "shared", "namespace": "gateways"}
    made["status"] = {"parents": [{"parentRef": reference, "conditions": conditions}]}
    return made


def way(server=None, own=None, seen=None, others=(), parent=PARENT):
    server = server or mcpserver()
    return reachability.way(server, own or route(server), parent, seen or gateway(), others)


def test_the_url_is_of_the_listener_and_the_address_of_the_status():
    found = way()
    assert found == Way(PARENT, "192.0.2.7", "http", "wiki.example.com", 80, "/mcp")
    assert found.url == "http://wiki.example.com/mcp"


def test_of_several_listeners_https_is_used():
    found = way(seen=gateway(listener(), listener("HTTPS", 8443, "https")))
    assert (found.url, found.authority) == ("https://wiki.example.com:8443/mcp", "wiki.example.com:8443")


@pytest.mark.parametrize("field", [{"section": "other"}, {"port": 81}])
def test_only_listeners_of_the_reference_are_used(field):
    parent = PARENT._replace(**field)
    own = route()
    own["status"]["parents"][0]["parentRef"].update(
        {"sectionName": parent.section} if parent.section else {"port": parent.port}
    )
    assert way(own=own, parent=parent).reason == "RouteNotAccepted"
    own["status"]["parents"][0]["conditions"] = ACCEPTED
    good = gateway(listener(), listener("HTTP", 81, "other"))
    assert way(own=own, parent=parent, seen=good).port == 81


def test_a_missing_gateway_has_its_reason():
    found = reachability.way(mcpserver(), route(), PARENT, None)
    assert found == Reachability("False", "GatewayNotFound", "The Gateway gateways/shared does not exist.")


def test_a_missing_route_has_its_reason():
    assert reachability.way(mcpserver(), None, PARENT, gateway()).reason == "RouteMissing"


def test_a_gateway_that_is_not_programmed_says_why():
    found = way(seen=gateway(programmed="False"))
    assert found.reason == "NotProgrammed"
    assert "AddressNotAssigned no address" in found.message


def test_a_gateway_of_a_class_without_a_controller_says_so():
    seen = gateway(programmed="")
    seen["spec"]["gatewayClassName"] = "unserved"
    assert "of the class unserved is not programmed. No controller has programmed it." in way(seen=seen).message


@pytest.mark.parametrize("addresses", [(), ({"type": "example.com/named", "value": "x"},)])
def test_a_gateway_without_an_address_is_not_programmed(addresses):
    assert way(seen=gateway(addresses=addresses)).reason == "NotProgrammed"


def test_a_refused_route_says_why():
    refused = [
        {"type": "Accepted", "status": "False", "reason": "NotAllowedByListeners", "message": "no\x1b[2J namespace"}
    ]
    found = way(own=route(conditions=refused))
    assert found.reason == "RouteNotAccepted"
    assert "NotAllowedByListeners" in found.message
    assert "\x1b" not in found.message


def test_a_backend_that_is_not_resolved_says_so():
    broken = [ACCEPTED[0], {"type": "ResolvedRefs", "status": "False", "reason": "BackendNotFound", "message": ""}]
    assert "BackendNotFound" in way(own=route(conditions=broken)).message


def test_a_status_of_an_earlier_route_does_not_count():
    assert way(own=route(generation=2)).reason == "RouteNotAccepted"


def test_a_controller_that_names_a_conflict_is_believed():
    conflict = [{"type": "Accepted", "status": "False", "reason": "RouteMatchConflict", "message": "taken"}]
    assert way(own=route(conditions=conflict)).reason == "HostnameConflict"


OLDER = {"name": "older", "namespace": "other", "uid": "rival", "creationTimestamp": "2026-11-01T10:00:00Z"}


def test_the_other_route_is_named_where_the_controller_does_not():
    conflict = [{"type": "Accepted", "status": "False", "reason": "RuleMatchConflict", "message": "taken"}]
    found = way(own=route(conditions=conflict), others=[route(**{**OLDER, "namespace": "team"})])
    assert found.reason == "HostnameConflict"
    assert found.message.startswith("The HTTPRoute older has the same host name and path")
    assert "RuleMatchConflict taken" in found.message


def test_an_older_route_with_the_same_name_and_path_takes_precedence():
    found = way(others=[route(), route(**OLDER)])
    assert found.reason == "HostnameConflict"
    assert "of another namespace" in found.message
    assert "older" not in found.message.replace("An older", "")


@pytest.mark.parametrize(
    "rival",
    [
        route(**{**OLDER, "creationTimestamp": "2026-11-29T10:00:00Z"}),
        route(mcpserver(hostnames=["other.example.com"]), **OLDER),
        route(conditions=[{"type": "Accepted", "status": "False"}], **OLDER),
    ],
    ids=["younger", "another name", "not accepted"],
)
def test_other_routes_are_no_rivals(rival):
    assert isinstance(way(others=[rival]), Way)


@pytest.mark.parametrize(
    ("own", "other", "rivals"),
    [
        ({"sectionName": "https"}, {"sectionName": "http"}, False),
        ({"port": 443}, {"port": 80}, False),
        ({"sectionName": "https"}, {"sectionName": "https"}, True),
        ({"sectionName": "https"}, {}, True),
        ({}, {"port": 443}, True),
        ({"sectionName": "https"}, {"port": 443}, True),
    ],
)
def test_a_route_of_other_listeners_is_no_rival(own, other, rivals):
    """For example one that redirects from HTTP to HTTPS."""
    routes = [route(), route(**OLDER)]
    for one, reference in zip(routes, (own, other), strict=True):
        one["status"]["parents"][0]["parentRef"].update(reference)
    parent = PARENT._replace(section=own.get("sectionName", ""), port=own.get("port", 0))
    found = way(own=routes[0], seen=gateway(listener("HTTPS", 443, "https")), others=routes, parent=parent)
    assert isinstance(found, Way) is not rivals


@pytest.mark.parametrize(
    ("listened", "hostnames", "url"),
    [
        ("", ["wiki.example.com"], "http://wiki.example.com/mcp"),
        ("", ["*.example.com", "wiki.example.com"], "http://wiki.example.com/mcp"),
        ("*.example.com", ["other.net", "wiki.example.com"], "http://wiki.example.com/mcp"),
        ("wiki.example.com", ["*.example.com"], "http://wiki.example.com/mcp"),
        ("Wiki.Example.com", [], "http://wiki.example.com/mcp"),
        ("", [], "http://192.0.2.7/mcp"),
    ],
)
def test_the_host_name_is_one_that_is_served(listened, hostnames, url):
    server = mcpserver(hostnames)
    assert way(server, seen=gateway(listener(hostname=listened))).url == url


def test_the_address_may_be_of_ipv6():
    seen = gateway(addresses=[{"value": "2001:db8::1"}])
    assert way(mcpserver([]), seen=seen).url == "http://[2001:db8::1]/mcp"


@pytest.mark.parametrize(("listened", "hostnames"), [("*.example.com", []), ("", ["*.example.com"])])
def test_wildcards_alone_give_no_url(listened, hostnames):
    found = way(mcpserver(hostnames), seen=gateway(listener(hostname=listened)))
    assert (found.status, found.reason) == ("Unknown", "NoHostname")


@pytest.mark.parametrize("listened", ["other.net", "*.wiki.example.com", "example.com"])
def test_a_name_that_no_listener_serves_is_not_used(listened):
    assert way(seen=gateway(listener(hostname=listened))).reason == "RouteNotAccepted"


def test_what_the_status_says_counts_for_its_generation():
    condition = {"type": "Reachable", "status": "True", "reason": "ValidatedThroughGateway", "message": "m"}
    status = {"address": {"url": "http://wiki.example.com/mcp"}}
    known = mcpserver(conditions=[{**condition, "observedGeneration": 2}], **status)
    assert reachability.before(known).url == "http://wiki.example.com/mcp"
    assert reachability.before(mcpserver(conditions=[{**condition, "observedGeneration": 1}], **status)) is None


def test_a_proof_is_for_a_route():
    digest = reachability.digest(mcpserver())
    assert digest == reachability.digest(mcpserver(phase="Running"))
    assert digest != reachability.digest(mcpserver(["other.example.com"]))
