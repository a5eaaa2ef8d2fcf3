# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator.cluster.store import Key, Store

A, B = Key("Toy", "a", "a"), Key("Toy", "b", "b")


def thing(version, **labels):
    return {"metadata": {"resourceVersion": str(version), "labels": labels}}


def by_owner(_key, value):
    return [value["metadata"]["labels"]["owner"]]


def test_listeners_hear_of_what_changed_and_of_nothing_else(store):
    heard = []
    end = store.subscribe(lambda *change: heard.append(change))
    one, two = thing(1), thing(2)
    store.put(A, one)
    store.put(A, thing(1))
    store.put(A, two)
    store.remove(B)
    store.remove(A, thing(3))
    assert heard == [(A, None, one), (A, one, two), (A, thing(3), None)]
    end()
    store.put(A, one)
    assert len(heard) == 3


def test_a_list_replaces_what_its_watch_has_in_its_namespace(store):
    pod = Key("Pod", "a", "a")
    for key in (A, B, pod):
        store.put(key, thing(1))
    store.replace("Toy", "a", {Key("Toy", "a", "new"): thing(2)})
    assert store.keys("Toy") == [B, Key("Toy", "a", "new")]
    store.replace("Toy", None, {})
    assert store.keys() == [pod]
    assert len(store) == 1
    assert store.get(A) is None


def test_a_listener_that_fails_stops_neither_the_others_nor_the_change(store, caplog):
    heard = []

    def broken(_key, _before, _after):
        raise RuntimeError("broken")

    store.subscribe(broken)
    store.subscribe(lambda key, _before, _after: heard.append(key))
    store.put(A, thing(1))
    assert heard == [A]
    assert "A callback failed" in caplog.text


def test_an_index_follows_its_objects(store):
    store.put(A, thing(1, owner="x"))
    store.add_index("owner", by_owner)
    store.put(B, thing(1, owner="x"))
    assert store.find("owner", "x") == [A, B]
    store.put(A, thing(2, owner="y"))
    assert (store.find("owner", "x"), store.find("owner", "y")) == ([B], [A])
    store.remove(B)
    assert store.find("owner", "x") == []
    with pytest.raises(KeyError):
        store.find("other", "x")


def test_an_object_that_an_index_cannot_take_in_is_kept(store, caplog):
    store.add_index("owner", by_owner)
    store.put(A, thing(1))
    assert store.get(A)
    assert "Index owner failed" in caplog.text
    store.remove(A)
    assert not len(store)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.tuples(st.integers(0, 9), st.sampled_from("xyz"))))
    )
)
def test_an_index_finds_what_a_search_of_all_objects_finds(changes):
    store = Store()
    store.add_index("owner", by_owner)
    seen = {}
    store.subscribe(lambda key, _before, after: seen.pop(key, None) if after is None else seen.update({key: after}))
    for name, content in changes:
        key = Key("Toy", "", name)
        if content is None:
            store.remove(key)
        else:
            store.put(key, thing(content[0], owner=content[1]))
    for owner in "xyz":
        found = [key for key in store.keys() if store.get(key)["metadata"]["labels"]["owner"] == owner]  # noqa: SIM118
        assert sorted(store.find("owner", owner)) == sorted(found)
    # Whoever only listened knows the same.
    assert {key: store.get(key) for key in store.keys()} == seen  # noqa: SIM118
