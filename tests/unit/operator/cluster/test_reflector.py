# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
import logging
import threading

import pytest
from mcp_operator.backoff import Backoff
from mcp_operator.cluster import stream
from mcp_operator.cluster.reflector import ReflectorTiming
from mcp_operator.cluster.source import Source
from mcp_operator.cluster.store import Key

from .conftest import END, GVK, SOON, bookmark, event, toy, until

A = Key("Toy", "a", "a")


def names(store):
    keys = store.keys()
    return sorted(key.name for key in keys)


def listed(*items, version=10, more=None):
    return {"metadata": {"resourceVersion": str(version), "continue": more or ""}, "items": list(items)}


def test_a_list_of_several_pages_and_then_what_happens(api, store, changes, reflect):
    api.lists += [listed(toy("a", 1), toy("b", 2), more="page2"), listed(toy("c", 3))]
    end = threading.Event()
    api.watches.put(
        [event("ADDED", toy("d", 11)), event("MODIFIED", toy("a", 12)), event("DELETED", toy("b", 13)), end]
    )
    reflector = reflect()
    until(lambda: len(changes) == 6)
    end.set()
    assert reflector.synced.is_set()
    # What is gone is told of as it was at its end.
    assert changes[3:] == [("d", None, "11"), ("a", "1", "12"), ("b", "13", None)]
    assert names(store) == ["a", "c", "d"]
    first, second = api.queries(watch=False)
    assert first == {"limit": "2"}
    assert second == {"limit": "2", "continue": "page2"}
    (watch,) = api.queries(watch=True)
    assert watch["resourceVersion"] == "10"
    assert watch["allowWatchBookmarks"] == "true"
    assert 290 <= int(watch["timeoutSeconds"]) <= 590


def test_an_ended_watch_goes_on_where_it_was_without_a_list(api, changes, reflect):
    api.watches.put([event("ADDED", toy("a", 11)), bookmark(20), END])
    reflect()
    api.watches.put([event("MODIFIED", toy("a", 21)), END])
    until(lambda: len(api.queries(watch=True)) == 3)
    assert [query["resourceVersion"] for query in api.queries(watch=True)] == ["1", "20", "21"]
    assert len(api.queries(watch=False)) == 1
    assert changes == [("a", None, "11"), ("a", "11", "21")]


@pytest.mark.parametrize(
    "expired",
    [
        (410, {"kind": "Status", "code": 410}, {}),
        [event("ERROR", {"kind": "Status", "code": 410, "metadata": {}, "message": "too old"}), END],
    ],
    ids=["as an answer", "as an event"],
)
def test_after_410_the_list_tells_what_was_missed(api, changes, reflect, observed, expired):
    api.lists += [listed(toy("a", 1), toy("b", 2)), listed(toy("b", 2), toy("c", 30), version=40)]
    api.watches.put(expired)
    reflect()
    until(lambda: len(api.queries(watch=True)) == 2)
    assert changes == [("a", None, "1"), ("b", None, "2"), ("a", "1", None), ("c", None, "30")]
    assert api.queries(watch=True)[1]["resourceVersion"] == "40"
    assert observed == ["list", "watch", "expired", "list", "watch"]


def test_410_in_the_middle_of_a_list_begins_it_anew(api, store, reflect):
    api.lists += [listed(toy("a", 1), more="old"), (410, {"code": 410}, {}), listed(toy("b", 2))]
    reflect()
    until(store.keys)
    assert names(store) == ["b"]


def test_a_page_that_fails_does_not_cost_the_pages_before_it(api, store, reflect):
    api.lists += [listed(toy("a", 1), more="page2"), (500, {}, {}), (429, {}, {}), listed(toy("b", 2))]
    reflect()
    until(store.keys)
    assert names(store) == ["a", "b"]
    assert [query.get("continue") for query in api.queries(watch=False)] == [None, "page2", "page2", "page2"]


def test_a_broken_stream_goes_on_from_the_last_event(api, changes, reflect):
    api.watches.put([event("ADDED", toy("a", 11)), event("MODIFIED", toy("a", 12))[:20]])
    reflect()
    api.watches.put([event("MODIFIED", toy("a", 12)), END])
    until(lambda: len(changes) == 2)
    assert changes == [("a", None, "11"), ("a", "11", "12")]
    assert len(api.queries(watch=False)) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_error_is_waited_out(api, store, reflect, status, caplog):
    api.lists += [(status, {"message": "not now"}, {})] * 3 + [listed(toy("a", 1))]
    reflect()
    until(lambda: store.get(A))
    assert caplog.text.count("not now") == 3


def test_a_delay_after_failures_ends_when_the_api_server_is_known_to_be_reachable(api, store, reflect):
    api.lists += [(503, {}, {}), listed(toy("a", 1))]
    reflector = reflect(timing=ReflectorTiming(backoff=Backoff(first=3600.0, most=3600.0)))
    until(lambda: reflector._failures)
    reflector.retry_now()
    until(lambda: store.get(A))


def test_the_retry_after_of_an_overloaded_server_is_respected(api, store, reflect, caplog):
    api.lists += [(429, {}, {"Retry-After": "100"}), listed(toy("a", 1))]
    reflector = reflect()
    until(lambda: "Retrying in 100.0 s" in caplog.text)
    assert store.get(A) is None
    reflector.retry_now()
    until(lambda: store.get(A))


def test_the_store_keeps_objects_while_the_api_server_is_away(api, store, changes, reflect):
    api.lists += [listed(toy("a", 1))]
    for _ in range(4):
        api.watches.put((500, {}, {}))
    reflect()
    until(lambda: len(api.queries(watch=True)) == 5)
    assert store.get(A)
    assert len(changes) == 1


@pytest.mark.parametrize("where", ["list", "watch"])
def test_objects_of_an_optional_kind_go_with_its_definition(api, store, reflect, where, caplog):
    gone = (404, {"message": "not served"}, {})
    api.lists += [listed(toy("a", 1)), gone, gone, listed(toy("b", 2))]
    api.watches.put((410, {}, {}) if where == "list" else gone)
    heard = []
    store.subscribe(lambda key, _before, after: heard.append((key.name, after is not None)))
    reflect(Source(id="Toy", gvk=GVK, optional=True))
    until(lambda: len(heard) == 3)
    assert heard == [("a", True), ("a", False), ("b", True)]
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_a_version_that_the_server_never_takes_is_given_up(api, reflect):
    """Its etcd was restored: the version lies in the future and never expires."""
    api.lists += [listed(version=999), listed(version=5)]
    for _ in range(5):
        api.watches.put((504, {"message": "Too large resource version"}, {}))
    reflect()
    until(lambda: len(api.queries(watch=True)) == 6)
    assert [query["resourceVersion"] for query in api.queries(watch=True)] == ["999"] * 5 + ["5"]


def test_no_list_is_made_because_of_429_alone(api, reflect):
    for _ in range(9):
        api.watches.put((429, {}, {}))
    reflect()
    until(lambda: len(api.queries(watch=True)) == 10)
    assert len(api.queries(watch=False)) == 1


def test_a_silent_watch_is_begun_anew_and_is_no_failure(api, changes, reflect, observed):
    api.watches.put([event("ADDED", toy("a", 11)), threading.Event()])
    api.watches.put([event("MODIFIED", toy("a", 12)), END])
    reflect(timing=dataclasses.replace(SOON, silence=0.2))
    until(lambda: len(changes) == 2)
    assert observed[:3] == ["list", "watch", "watch"]


def test_a_watch_that_ends_at_once_is_a_failure(api, reflect, observed):
    for _ in range(3):
        api.watches.put([END])
    reflect()
    until(lambda: observed.count("watch") == 4)
    assert observed.count("error") == 3


def test_what_is_no_event_and_what_is_no_object_stop_nothing(api, changes, reflect, caplog):
    caplog.set_level(logging.CRITICAL)
    api.lists += [listed("nonsense", {"metadata": {}}, toy("a", 1))]
    for garbage in (
        b"{\n",
        b"[]\n",
        b'{"type": "ADDED"}\n',
        b'{"type":"ADDED","object":{"metadata":1}}\n',
        b"[" * 9999,
    ):
        api.watches.put([garbage, END])
    api.watches.put([event("ADDED", {"metadata": {"resourceVersion": "9"}}), event("ADDED", toy("b", 12)), END])
    api.lists += [listed(toy("a", 1))]  # after so many failures
    reflect()
    until(lambda: len(changes) == 2)
    assert [change[0] for change in changes] == ["a", "b"]


def test_an_event_without_end_is_cut_off(api, changes, reflect, monkeypatch):
    monkeypatch.setattr(stream, "MAX_EVENT_BYTES", 1000)
    api.watches.put([b"x" * 600, b"x" * 600, threading.Event()])
    api.watches.put([event("ADDED", toy("a", 2)), END])
    reflect()
    until(lambda: changes)


def test_a_page_that_is_too_large_is_asked_for_in_smaller_ones(api, store, reflect, monkeypatch):
    monkeypatch.setattr(stream, "MAX_PAGE_BYTES", 1000)
    api.lists += [listed(toy("a", 1, annotations={"a": "x" * 2000})), listed(toy("a", 1))]
    reflect(timing=dataclasses.replace(SOON, limit=16))
    until(lambda: store.get(A))
    assert [query["limit"] for query in api.queries(watch=False)] == ["16", "2"]


def test_a_poison_projection_costs_its_own_object_only(api, store, reflect, caplog):
    def project(found):
        if found["metadata"]["name"] == "poison":
            raise RuntimeError("poison")
        return found

    api.lists += [listed(toy("poison", 1), toy("a", 2))]
    reflect(Source(id="Toy", gvk=GVK, project=project))
    until(lambda: store.get(A))
    assert len(store) == 1
    assert "Failed to store" in caplog.text


def test_the_server_selects_and_sends_metadata_only(api, store, reflect):
    api.lists += [{"metadata": {"resourceVersion": "1"}, "items": [{"metadata": toy("a", 1)["metadata"]}]}]
    reflect(Source(id="Toy", gvk=GVK, label_selector="x in (a,b)", field_selector="f=1", metadata_only=True), "a")
    until(lambda: api.queries(watch=True))
    assert [path for path, _query in api.asked] == ["/apis/acme.example.com/v1/namespaces/a/toys"] * 2
    for _path, query in api.asked:
        assert (query["labelSelector"], query["fieldSelector"]) == ("x in (a,b)", "f=1")
    assert api.accepted[0].startswith("application/json;as=PartialObjectMetadataList;")
    assert api.accepted[1].startswith("application/json;as=PartialObjectMetadata;")
    assert store.get(A)["kind"] == "Toy"


def test_one_namespace_does_not_forget_another(api, store, reflect):
    store.put(Key("Toy", "b", "other"), toy("other", 5, namespace="b"))
    store.put(Key("Toy", "a", "gone"), toy("gone", 5))
    api.lists += [listed(toy("a", 1))]
    reflect(namespace="a")
    until(lambda: store.get(A))
    assert names(store) == ["a", "other"]


def test_stopping_wakes_a_watch_that_waits(api, reflect):
    never = threading.Event()
    api.watches.put([event("ADDED", toy("a", 2)), never])
    reflector = reflect()
    until(lambda: reflector._response is not None)
    reflector.stop()
    until(lambda: reflector._response is None, 2.0)
    never.set()


def test_field_managers_are_not_kept(api, store, reflect):
    api.lists += [listed(toy("a", 1, managedFields=[{"manager": "x"}]))]
    reflect()
    until(lambda: store.get(A))
    assert "managedFields" not in store.get(A)["metadata"]
