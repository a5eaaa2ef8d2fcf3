# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What stopping, pausing and a failure in preparation do to runs."""

from __future__ import annotations

from support.clock import eventually

from .conftest import FINALIZED


def test_stopping_cancels_what_does_not_end_in_time(operator):
    key = operator.api.create("a")
    operator.ansible.gate.clear()
    operator.start()
    eventually(lambda: operator.ansible.requests)
    operator.controller.stop(0.1)
    assert operator.controller.running() == 0
    assert "annotations" not in operator.api.objects[key]["metadata"]
    operator.ansible.gate.set()
    operator.restart()
    operator.settle()
    assert operator.ansible.names() == [["a"]]


def test_while_it_is_paused_nothing_runs_and_nothing_is_lost(operator):
    operator.api.create("a")
    operator.ansible.gate.clear()
    operator.start()
    eventually(lambda: operator.ansible.requests)
    operator.controller.pause()
    eventually(lambda: operator.controller.running() == 0)
    operator.ansible.gate.set()
    operator.ansible.requests.clear()
    operator.api.create("b")
    eventually(lambda: sum(operator.controller.queue.depth().values()) == 2)
    assert operator.ansible.requests == []
    operator.controller.resume()
    operator.settle()
    assert operator.ansible.all_names() == ["a", "b"]


def test_a_batch_that_has_started_when_it_is_paused_does_not_run(operator):
    key = operator.api.create("a")
    operator.api.before_patch = lambda _key: operator.controller.pause()
    operator.ansible.gate.clear()  # only a cancelled run ends
    operator.start(FINALIZED)
    eventually(lambda: operator.ansible.requests and not operator.controller.running())
    assert "annotations" not in operator.api.objects[key]["metadata"]
    operator.api.before_patch = lambda _key: None
    operator.ansible.gate.set()
    operator.controller.resume()
    operator.settle()
    assert operator.ansible.names() == [["a"], ["a"]]
