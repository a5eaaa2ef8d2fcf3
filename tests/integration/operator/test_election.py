# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Electors before a real API server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from mcp_operator._vendor._kube.client import Client
from mcp_operator.cluster.elector import ElectionTiming, Elector
from mcp_operator.cluster.lease import Lease

from support import cluster

# A fifth of what operators use, so that a test need not wait for so long.
TIMING = ElectionTiming(lease=3, renew=2.0, retry=0.4)


class Candidates:
    """Electors that run, and a thread that never stops looking at who of them leads."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.electors: dict[str, Elector] = {}
        self.most_at_once = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._look, daemon=True)]
        self._threads[0].start()

    def start(self, name: str, **options: Any) -> Elector:
        lease = Lease(Client(options, timeout=1.0), self._namespace, "operator", {"who": name})
        self.electors[name] = Elector(lease, name, timing=TIMING)
        self._threads.append(threading.Thread(target=self.electors[name].run, daemon=True))
        self._threads[-1].start()
        return self.electors[name]

    @property
    def leaders(self) -> list[str]:
        return [name for name, elector in list(self.electors.items()) if elector.leading]

    def _look(self) -> None:
        while not self._over.wait(0.002):
            self.most_at_once = max(self.most_at_once, len(self.leaders))

    def stop(self) -> None:
        for elector in self.electors.values():
            elector.stop()
        self._over.set()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def candidates(namespace: str) -> Iterator[Candidates]:
    made = Candidates(namespace)
    yield made
    made.stop()
    assert made.most_at_once == 1


@pytest.mark.test_all
def test_of_several_that_start_at_once_one_leads(testbed, candidates):
    for name in ("one", "two", "three"):
        candidates.start(name, kubeconfig=testbed.kubeconfig)
    cluster.until("one leads", lambda: candidates.leaders)
    (leader,) = candidates.leaders
    cluster.until("all know it", lambda: {elector.leader for elector in candidates.electors.values()} == {leader})


def test_a_hand_over_takes_less_than_the_lease(testbed, candidates):
    one = candidates.start("one", kubeconfig=testbed.kubeconfig)
    cluster.until("one leads", lambda: one.leading)
    two = candidates.start("two", kubeconfig=testbed.kubeconfig)
    cluster.until("two knows it", lambda: two.leader == "one")
    began = time.monotonic()
    one.release()
    cluster.until("two leads", lambda: two.leading)
    assert time.monotonic() - began < TIMING.renew


def test_a_leader_that_is_cut_off_stops_before_another_begins(testbed, candidates, proxy):
    one = candidates.start("one", host=proxy.url, api_key="none")
    cluster.until("one leads", lambda: one.leading)
    two = candidates.start("two", kubeconfig=testbed.kubeconfig)
    cluster.until("two knows it", lambda: two.leader == "one")
    proxy.silent = True
    cluster.until("one notices", lambda: not one.leading, TIMING.renew + 1)
    cluster.until("two leads", lambda: two.leading, TIMING.lease + 3)
    proxy.silent = False
    cluster.until("one knows it", lambda: one.leader == "two")
    assert not one.leading


def test_the_leader_goes_on_when_the_api_server_restarts(testbed, candidates):
    one = candidates.start("one", kubeconfig=testbed.kubeconfig)
    cluster.until("one leads", lambda: one.leading)
    testbed.kill("kube-apiserver")
    testbed.run("up")
    cluster.until("one leads again", lambda: one.leading)


def test_what_playbooks_look_for_is_there(testbed, candidates, client, namespace):
    one = candidates.start("one", kubeconfig=testbed.kubeconfig)
    cluster.until("one leads", lambda: one.leading)
    lease = client.get("coordination.k8s.io/v1", "Lease", namespace, "operator")
    assert lease["spec"]["holderIdentity"] == "one"
    assert lease["spec"]["leaseDurationSeconds"] == TIMING.lease
    assert lease["spec"]["renewTime"]
    assert lease["metadata"]["annotations"] == {"who": "one"}
