# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long a server is waited for, whoever asks it."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job, validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.timeouts import Timeouts, timeouts


def server(transport=None, **validation):
    spec = {"image": "i", "transport": transport or {"type": "http"}, "validation": validation}
    return {"metadata": {"name": "wiki", "namespace": "a", "uid": "u"}, "spec": spec}


def bridged(**stdio):
    return {"type": "stdio", "config": {"stdio": stdio}}


def test_a_server_over_http_is_up_when_its_pod_is_ready():
    assert timeouts(server()) == Timeouts(30, 10, 10, 10)


@pytest.mark.parametrize(("stdio", "start"), [({}, 65), ({"startTimeoutSeconds": 20}, 25)])
def test_a_session_that_begins_with_a_process_gets_the_time_that_a_start_may_take(stdio, start):
    assert timeouts(server(bridged(**stdio))) == Timeouts(30 + start, start, 10, start)


def test_nobody_waits_for_an_hour():
    assert timeouts(server(bridged(startTimeoutSeconds=3600))).whole == 30 + 125


def test_a_shared_process_is_up_when_its_pod_is_ready():
    assert timeouts(server(bridged(mode="shared", startTimeoutSeconds=200))) == timeouts(server())


def test_whoever_wants_less_waits_less():
    assert timeouts(server(), 4.0) == Timeouts(4, 4, 2, 10)
    assert timeouts(server(bridged(startTimeoutSeconds=20)), 4.0).whole == 29


def arguments(found):
    made = job.job(found, probe_spec(found), [(("uid",), "10.0.0.1")], image="o:1", attempt=1)["spec"]
    (container,) = made["template"]["spec"]["containers"]
    args = container["args"]
    return {name: args[args.index(f"--{name}") + 1] for name in ("timeout", "request-timeout")}, made


def test_a_job_is_as_patient_and_lives_until_all_its_pods_were_asked():
    plain, made = arguments(server())
    assert (plain, made["activeDeadlineSeconds"]) == ({"timeout": "30", "request-timeout": "10"}, 120)
    slow, made = arguments(server(bridged(startTimeoutSeconds=90)))
    assert (slow, made["activeDeadlineSeconds"]) == ({"timeout": "125", "request-timeout": "95"}, 310)


@pytest.mark.parametrize(
    ("transport", "given", "period"),
    [
        ({"type": "http"}, {}, 10),
        (bridged(), {}, 60),
        (bridged(mode="shared"), {}, 10),
        (bridged(), {"periodSeconds": 5}, 5),
        (bridged(), {"periodSeconds": 0}, 0),
    ],
)
def test_processes_are_started_for_probes_less_often_unless_told_otherwise(transport, given, period):
    assert validation.probe(server(transport, strictMode=True, probe=given)) == (period, 3)
    assert validation.probe(server(transport, probe=given)) == (0, 3)
