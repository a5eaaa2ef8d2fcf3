# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Canaries whose stable template never passed, or whose objects somebody deletes in the middle."""

from __future__ import annotations

import pytest

from .test_applier_canary import CANARY, CANARY_SERVICE, ROUTE, SERVICE, STABLE, Exposed, Runs, rollout


@pytest.fixture
def exposed():
    """A server with a route, whose second template is being tried with a part of the requests."""
    found = Exposed()
    found.run("server:2")
    found.is_at("Paused", stableOnly=True, trafficWeight=10)
    return found


def test_a_template_that_never_passed_is_replaced_without_a_canary():
    """There is nothing to compare the new one with, and nothing that clients use."""
    runs = Runs()
    runs.run("server:1")
    runs.run("server:2")
    assert CANARY not in runs.api.objects
    assert runs.image(STABLE) == "server:2"
    runs.status = {"provedTemplate": runs.mark()}
    runs.run("server:3")
    assert (runs.image(STABLE), runs.image(CANARY)) == ("server:2", "server:3")


def test_a_stable_deployment_that_is_deleted_comes_back_with_its_own_template(exposed):
    del exposed.api.objects[STABLE]
    exposed.run("server:2")
    assert (exposed.image(STABLE), exposed.image(CANARY)) == ("server:1", "server:2")
    assert exposed.mark() == exposed.proved
    assert exposed.weights == {"a": 90, "a-canary": 10}


@pytest.mark.parametrize("key", [CANARY, CANARY_SERVICE, SERVICE, ROUTE])
def test_an_object_that_is_deleted_comes_back_as_it_was(exposed, key):
    before = exposed.api.objects[key]["spec"]
    del exposed.api.objects[key]
    exposed.run("server:2")
    assert exposed.api.objects[key]["spec"] == before
    assert exposed.image(STABLE) == "server:1"


def test_a_stable_deployment_that_is_deleted_after_the_last_step_comes_back_with_the_new_template():
    runs = Runs()
    runs.run("server:1")
    runs.status = {"provedTemplate": runs.mark()}
    runs.run("server:2")
    rollout(runs, "Promoting")
    del runs.api.objects[STABLE]
    runs.run("server:2")
    assert (runs.image(STABLE), runs.image(CANARY)) == ("server:2", "server:2")
