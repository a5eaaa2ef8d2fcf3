# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The soak time after a wave."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiUnauthorized, ApiUnreachable
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._soak import judge, soak

READY = [{"type": "Ready", "status": "True"}]


def server(state="Validated", generation=3, observed=3, conditions=READY):
    return {
        "metadata": {"name": "wiki", "namespace": "team", "generation": generation},
        "spec": {},
        "status": {
            "observedGeneration": observed,
            "phase": "Running",
            "message": "It says so.",
            "conditions": conditions,
            "validation": {"state": state},
        },
    }


TARGET = {"namespace": "team", "name": "wiki", "generation": 3}


class Clock:
    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Api:
    """Answers each read with the next answer, and then with the last one."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.reads = 0

    def list(self, _version, _kind, namespace):
        assert namespace == "team"
        self.reads += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return [answer] if answer else []


def soaked(*answers, seconds=60):
    api = Api(*answers)
    result = soak(api, {"a": TARGET}, seconds=seconds, interval=5, clock=Clock())["a"]
    return result["failed"], result["msg"], api.reads


def test_a_server_that_stays_validated_is_read_until_the_end():
    assert soaked(server()) == (False, "MCPServer team/wiki: It stayed validated.", 13)
    assert soaked(server(), seconds=0)[2] == 1


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (None, "It was deleted."),
        (server(generation=4, observed=4), "generation 4 instead of 3"),
        (server(observed=2), "not validated at generation 3: It says so."),
        (server(state="Pending"), "not validated at generation 3"),
        (server(state="Failed"), "It is Running and Failed"),
        (server(conditions=[]), "It is Running and Validated: It says so."),
    ],
)
def test_a_server_that_does_not_stay_validated_fails_at_once(seen, message):
    failed, text, reads = soaked(server(), server(), seen)
    assert (failed, reads) == (True, 3)
    assert message in text


def test_one_that_serves_without_a_valid_validation_may_be_tolerated():
    assert judge(server(state="Failed"), TARGET, require_validated=False) == ""


def test_a_cluster_may_be_unreachable_for_a_while_but_not_at_the_end():
    gone = ApiUnreachable("It does not answer.")
    assert soaked(server(), gone, gone, server())[0] is False
    with pytest.raises(ApiUnreachable):
        soaked(server(), gone)


def test_credentials_that_end_during_the_soak_time_are_a_failure():
    with pytest.raises(ApiUnauthorized):
        soaked(server(), ApiUnauthorized("Could not list MCPServers."), server())
