# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
import threading

import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound
from mcp_operator._vendor._workload.objects import state_of
from mcp_operator.backoff import Backoff
from mcp_operator.cluster import informers as module
from mcp_operator.cluster.discovery import Discovery
from mcp_operator.cluster.informers import Informers
from mcp_operator.cluster.source import Resource, Source
from mcp_operator.cluster.store import Key
from mcp_operator.watches.definition import Child, GroupVersionKind, Watch

from .conftest import GVK, HERE, SOON, toy, until

TOYS = {
    "metadata": {},
    "resources": [
        {"name": "toys", "kind": "Toy", "namespaced": True},
        {"name": "toys/status", "kind": "Toy", "namespaced": True},
    ],
}
TOY = Source(id="Toy", gvk=GVK)
OPTIONAL = dataclasses.replace(TOY, optional=True)
OTHER = Source(id="Other", gvk=GroupVersionKind("other.example.com", "v1", "Toy"), optional=True)


def listed(*items):
    return {"metadata": {"resourceVersion": "5"}, "items": list(items)}


def hold(informers):
    """Let discoveries after the first one wait for an event."""
    first, later = threading.Event(), threading.Event()
    discover = informers.discovery.resource

    def resource(gvk):
        if first.is_set():
            later.wait(10)
        first.set()
        return discover(gvk)

    informers.discovery.resource = resource
    return later


@pytest.fixture
def informers(api, client, store):
    made = []

    def make(*namespaces):
        made.append(Informers(client, store, namespaces, timing=SOON))
        return made[-1]

    yield make
    for one in made:
        for _ in range(4):
            api.watches.put((503, {}, {}))
        one.stop()
        assert not [thread for thread in one._threads if thread.is_alive()]


def test_a_kind_is_found_listed_and_watched(api, store, informers):
    api.lists += [TOYS, {"metadata": {"resourceVersion": "5"}, "items": [toy("a", 1)]}]
    all_of_them = informers()
    all_of_them.add(TOY)
    all_of_them.add(TOY)  # changes nothing
    assert all_of_them.wait(10)
    assert all_of_them.stalled() == []
    assert len(store) == 1
    assert [path for path, _query in api.asked[:2]] == ["/apis/acme.example.com/v1", "/apis/acme.example.com/v1/toys"]


def test_a_kind_may_come_later(api, informers):
    api.lists += [(404, {}, {}), {"resources": []}, TOYS]
    one = informers()
    one.add(TOY)
    assert one.wait(10)
    assert one.discovery.resource(GVK) == HERE


def test_unready_informers_name_the_reason(api, informers):
    api.lists += [(404, {}, {})] * 100000
    one = informers()
    one.add(TOY)
    assert not one.wait(0.05)
    until(lambda: "Install its CustomResourceDefinition" in one.unready()[0])


def test_an_optional_kind_that_is_served_is_waited_for(api, store, informers):
    api.lists += [(503, {}, {}), TOYS, (503, {}, {}), listed(toy("a", 1))]
    one = informers()
    one.add(OPTIONAL)
    assert one.unready()
    assert one.wait(10)
    assert len(store) == 1


def test_nothing_waits_for_an_optional_kind_that_is_not_served_and_may_come_later(api, store, informers):
    api.lists += [(404, {}, {})]
    one = informers()
    later = hold(one)
    one.add(OPTIONAL)
    assert one.wait(10)
    assert len(store) == 0
    api.lists += [(404, {}, {}), (503, {}, {}), TOYS, listed(toy("a", 1))]
    later.set()
    until(lambda: len(store) == 1)


def test_an_optional_kind_that_cannot_be_listed_is_not_waited_for_long(api, informers):
    api.lists += [TOYS, *[(500, {}, {})] * 100000]
    one = informers()
    one.add(OPTIONAL)
    assert one.wait(10)
    assert len(api.asked) >= 5


def test_an_optional_kind_that_is_broken_is_not_waited_for_long(api, informers):
    api.lists += [TOYS, listed()]
    one = informers()
    one.add(TOY)
    assert one.wait(10)
    api.lists += [(503, {}, {})] * 100000
    one.add(OTHER)
    assert one.unready()
    assert one.wait(10)
    assert len(api.asked) >= 7


def test_while_no_kind_is_found_an_optional_one_is_not_given_up(api, store, informers):
    api.lists += [(503, {}, {})] * 20
    one = informers()
    one.add(OPTIONAL)
    until(lambda: len(api.lists) < 5)
    assert one.unready()
    until(lambda: not api.lists)
    api.lists += [TOYS, listed(toy("a", 1))]
    assert one.wait(10)
    assert len(store) == 1


def test_a_kind_starts_with_the_first_object_that_wants_it(api, store, informers):
    def wanted_by(key, item):
        return key.watch == "Owner" and item["spec"]["size"] == 2

    one = informers()
    one.add(dataclasses.replace(OPTIONAL, wanted_by=wanted_by))
    store.put(Key("Other", "a", "x"), toy("x", 2))
    store.put(Key("Owner", "a", "x"), toy("x", 1))
    store.remove(Key("Owner", "a", "x"))
    assert one.wait(10)
    assert api.asked == []
    api.lists += [TOYS, listed(toy("a", 1))]
    store.put(Key("Owner", "a", "y"), toy("y", 2))
    assert one.unready()
    assert one.wait(10)
    store.put(Key("Owner", "a", "z"), toy("z", 2))
    assert sorted(key.name for key in store.keys("Toy")) == ["a"]
    assert len(api.queries(watch=False)) == 2


def test_an_object_that_was_stored_before_may_want_a_kind(api, store, informers):
    store.put(Key("Owner", "a", "y"), toy("y", 2))
    api.lists += [TOYS, listed(toy("a", 1))]
    one = informers()
    one.add(dataclasses.replace(TOY, wanted_by=lambda key, _item: key.watch == "Owner"))
    assert one.wait(10)
    assert store.keys("Toy")


def test_an_optional_kind_may_be_forbidden(api, informers, caplog):
    api.lists += [TOYS, *[(403, {}, {})] * 100000]
    one = informers()
    one.add(OPTIONAL)
    until(lambda: len(api.asked) > 3)
    assert one.unready() == []
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_each_namespace_has_its_own_watch(api, informers):
    api.lists += [TOYS]
    one = informers("a", "b")
    one.add(TOY)
    assert one.wait(10)
    until(lambda: len(api.queries(watch=True)) == 2)
    paths = {path for path, query in api.asked if "watch" in query}
    assert paths == {f"/apis/acme.example.com/v1/namespaces/{name}/toys" for name in "ab"}


def test_kinds_without_namespace_are_watched_once(api, informers):
    api.lists += [{"resources": [{"name": "toys", "kind": "Toy", "namespaced": False}]}]
    one = informers("a", "b")
    one.add(TOY)
    assert one.wait(10)
    until(lambda: api.queries(watch=True))
    assert [path for path, query in api.asked if "watch" in query] == ["/apis/acme.example.com/v1/toys"]


def test_a_loop_that_hangs_is_noticed(api, store, informers, monkeypatch):
    api.lists += [TOYS]
    one = informers()
    one.add(TOY)
    assert one.wait(10)
    later = module.time.monotonic() + 10_000
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    assert one.stalled() == ["Toy"]


def test_a_discovery_that_hangs_is_noticed(informers, monkeypatch):
    called, end = threading.Event(), threading.Event()

    def hang(_gvk):
        called.set()
        end.wait(10)
        raise ApiNotFound("none")

    one = informers()
    monkeypatch.setattr(one.discovery, "resource", hang)
    one.add(TOY)
    assert called.wait(10)
    assert one.stalled() == []
    later = module.time.monotonic() + 301
    with monkeypatch.context() as patched:
        patched.setattr(module.time, "monotonic", lambda: later)
        assert one.stalled() == ["Toy"]
    end.set()


def test_discovery_is_retried_at_once_when_the_api_server_is_known_to_be_reachable(api, client, store):
    api.lists += [(503, {}, {}), TOYS]
    one = Informers(client, store, timing=dataclasses.replace(SOON, backoff=Backoff(first=3600.0, most=3600.0)))
    one.add(TOY)
    until(lambda: "not requested yet" not in one.unready()[0])
    one.retry_now()
    assert one.wait(10)
    api.watches.put((503, {}, {}))
    one.stop()


def test_where_things_are():
    assert HERE.path() == "/apis/acme.example.com/v1/toys"
    assert HERE.path("a/b", "c?d", "status") == "/apis/acme.example.com/v1/namespaces/a%2Fb/toys/c%3Fd/status"
    core = Resource(gvk=GroupVersionKind("", "v1", "Namespace"), plural="namespaces", namespaced=False)
    assert core.path("ignored", "a") == "/api/v1/namespaces/a"
    watch = Watch(group="", version="v1", kind="Pod", role="x", selector="a=b")
    assert Source.of(watch) == Source(id="Pod.v1", gvk=GroupVersionKind("", "v1", "Pod"), label_selector="a=b")


def test_a_kind_that_is_not_served_is_asked_for_each_time(api, client):
    discovery = Discovery(client)
    api.lists += [{"resources": [{"name": "toys/scale", "kind": "Toy"}, "nonsense", {}]}, []]
    for _ in range(2):
        with pytest.raises(ApiNotFound):
            discovery.resource(GVK)
    api.lists += [TOYS]
    assert discovery.resource(GVK) is discovery.resource(GVK)
    assert len(api.asked) == 3


def test_of_a_dependent_only_metadata_state_and_status_are_kept():
    watch = Watch(group="", version="v1", kind="Pod", role="x")
    source = Source.of_child(watch, Child(gvk=GVK, selector="a=b", metadata_only=True))
    assert source.id == "Pod.v1/Toy.v1.acme.example.com"
    assert (source.label_selector, source.metadata_only) == ("a=b", True)
    found = toy("a", 1, ownerReferences=[{"uid": "u"}], managedFields=[{}], selfLink="x")
    kept = source.keep({**found, "status": {"ready": True}, "data": {"secret": "x"}})
    assert kept == {
        "apiVersion": "acme.example.com/v1",
        "kind": "Toy",
        "metadata": {"name": "a", "namespace": "a", "resourceVersion": "1", "ownerReferences": [{"uid": "u"}]},
        "state": state_of({**found, "data": {"secret": "x"}}),
        "status": {"ready": True},
    }
    assert "status" not in source.keep(found)
