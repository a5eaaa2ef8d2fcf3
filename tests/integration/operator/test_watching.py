# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The store is right in the end, whatever happens to the API server and to the way there."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from support import cluster

from .conftest import TIMING


def test_what_is_there_and_what_happens_arrives(testbed, maps, watch):
    for number in range(45):
        maps.write(f"m{number}", 0)
    watcher = watch(kubeconfig=testbed.kubeconfig)
    assert len(watcher.stored()) == 45
    maps.write("m1", 1)
    maps.delete("m2")
    maps.write("new", 1)
    watcher.agrees(maps)
    assert watcher.observed == ["list", "watch"]


def test_the_api_server_is_killed_and_comes_back(testbed, maps, watch):
    for number in range(30):
        maps.write(f"m{number}", 0)
    watcher = watch(kubeconfig=testbed.kubeconfig)

    def keep_on_writing():
        for number in range(30):
            maps.write(f"m{number}", 1)
            if number % 3 == 0:
                maps.delete(f"m{number}")

    writer = threading.Thread(target=keep_on_writing)
    writer.start()
    testbed.kill("kube-apiserver")
    cluster.until("somebody notices", lambda: "error" in watcher.observed)
    assert len(watcher.stored()) >= 20  # what was known is still known
    testbed.run("up")
    writer.join()
    watcher.agrees(maps)
    assert len(watcher.stored()) == 20


def test_etcd_has_forgotten_what_was_missed(testbed, maps, watch, proxy, client):
    for number in range(30):
        maps.write(f"m{number}", 0)
    watcher = watch(host=proxy.url, api_key="none")
    proxy.silent = True
    proxy.cut()
    for number in range(10):
        maps.delete(f"m{number}")
        maps.write(f"m{number + 10}", 1)
    maps.write("new", 1)
    testbed.compact(maps.versions()["new"])
    # The API server keeps a window of its own of what happened; a new one begins with the present.
    testbed.kill("kube-apiserver")
    testbed.run("up")
    assert "expired" not in watcher.observed
    proxy.silent = False
    watcher.agrees(maps)
    assert watcher.observed.count("expired") == 1
    assert watcher.observed.count("list") == 2


@pytest.mark.parametrize(
    "storm",
    [
        pytest.param((429, 500, 0), id="everything", marks=pytest.mark.test_all),
        pytest.param((429,), id="429"),
        pytest.param((500, 503), id="500 and 503", marks=pytest.mark.test_all),
    ],
)
def test_a_storm_of_refusals_is_weathered(maps, watch, proxy, storm):
    for number in range(45):
        maps.write(f"m{number}", 0)
    proxy.storm, proxy.part = storm, 0.6
    watcher = watch(host=proxy.url, api_key="none", wait=False)
    for round_ in range(5):
        for number in range(5):
            maps.write(f"m{number}", round_)
        maps.delete(f"m{round_ + 10}")
        proxy.cut()
    watcher.agrees(maps)
    # Whoever is refused must not become part of the storm.
    assert len(proxy.requests) < 150
    proxy.part = 0.0


def test_slow_answers_are_waited_for(maps, watch, proxy):
    for number in range(45):
        maps.write(f"m{number}", 0)
    proxy.delay, proxy.drip = 0.5, 0.05
    watcher = watch(host=proxy.url, api_key="none")
    maps.write("m1", 1)
    maps.delete("m2")
    watcher.agrees(maps)
    assert watcher.observed == ["list", "watch"]


def test_a_connection_that_died_without_a_word_is_replaced(maps, watch, proxy):
    """As behind a NAT gateway that forgets: no end of the stream, no error, only silence."""
    maps.write("m1", 0)
    watcher = watch(dataclasses.replace(TIMING, silence=2.0), host=proxy.url, api_key="none")
    proxy.silent = True
    maps.write("m1", 1)
    maps.write("m2", 1)
    cluster.until("the watch is given up", lambda: "error" in watcher.observed)
    proxy.silent = False
    watcher.agrees(maps)
    assert watcher.informers.stalled() == []


def test_a_credential_that_is_refused_for_a_while_costs_nothing_but_time(maps, watch, proxy):
    maps.write("m1", 0)
    proxy.storm, proxy.part = (401, 403), 1.0
    watcher = watch(host=proxy.url, api_key="none", wait=False)
    cluster.until("it was refused some times", lambda: len(proxy.requests) >= 4)
    assert watcher.informers.unready()
    proxy.part = 0.0
    watcher.agrees(maps)
    assert not watcher.informers.unready()
