# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Many clusters at once: how many, for how long, and what one that hangs does to the others."""

from __future__ import annotations

import threading

import pytest
from mcp_operator._vendor._kube.errors import ApiForbidden
from mcp_operator.cli import clusters
from mcp_operator.cli.clusters import Place, read_all


def places(number):
    return [Place(f"c{n:02}", None, None) for n in range(number)]


@pytest.fixture
def hanging():
    """Return an event for which reads of clusters wait; it is set at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def test_results_and_errors_are_in_the_order_of_the_clusters():
    def read(place):
        if place.name in {"c07", "c03"}:
            raise ApiForbidden("no")
        return place.name

    read_ones = read_all(places(40), read, 30)
    assert list(read_ones.found) == [place.name for place in places(40) if place.name not in {"c07", "c03"}]
    assert list(read_ones.errors) == ["c03", "c07"]


def test_at_most_sixteen_at_once():
    active, most, lock = set(), [0], threading.Lock()
    full = threading.Barrier(16)

    def read(place):
        with lock:
            active.add(place.name)
            most[0] = max(most[0], len(active))
        full.wait(20)  # passes only if sixteen run at once
        with lock:
            active.discard(place.name)

    read_all(places(48), read, 30)
    assert most == [16]


def test_clusters_that_hang_are_given_up_and_the_others_are_read(hanging):
    """More of them hang than are read at once, so their places are needed for the others."""

    def read(place):
        if int(place.name[1:]) < 20:
            hanging.wait()
        return place.name

    found = read_all(places(25), read, 0.3)
    assert list(found.found) == [f"c{n}" for n in range(20, 25)]
    assert len(found.errors) == 20
    assert "took longer than 0.3 s. Check the cluster, or increase --timeout." in found.errors["c00"]


def test_a_defect_is_not_an_unreachable_cluster():
    with pytest.raises(ZeroDivisionError):
        read_all(places(2), lambda _place: 1 / 0, 30)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "x"])
def test_another_timeout_is_an_error(text):
    with pytest.raises((ValueError, clusters.argparse.ArgumentTypeError)):
        clusters._seconds(text)
