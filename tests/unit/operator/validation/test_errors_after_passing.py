# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that passed and then answers with errors fails, as an answer is evidence. Real probes of fake servers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator._vendor._workload.timeouts import Timeouts
from mcp_operator.validation.http_probe import probe
from mcp_operator.validation.prober import Prober
from mcp_operator.workloads.container_ref import ProbeSchedule

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "servers"))

from zoo.fake_server import FakeServer
from zoo.fake_servers.refusals import FailsAfterSession
from zoo.http import Out, Request
from zoo.run import HOST, Zoo
from zoo.servers import Streamable

from .conftest import owner, request

OWNER = owner(1)


# What a server answers although it fails.
HANDSHAKE = {
    "everything": (),
    "after initialize": ("initialize",),
    "after the handshake": ("initialize", "notifications/initialized"),
}


class Turning(Streamable):
    """Works, and then fails in one way."""

    failure = ""

    async def answer(self, request: Request, out: Out) -> None:
        if self.failure and request.rpc_method not in HANDSHAKE[self.failure]:
            await out.send(500, "Internal Server Error", "text/plain")
        else:
            await super().answer(request, out)


TURNING = Turning()


@pytest.fixture
def zoo(tmp_path_factory):
    servers = [FakeServer("turning", lambda: TURNING), FakeServer("ends", FailsAfterSession)]
    with Zoo(servers, tmp_path_factory.mktemp("zoo")) as opened:
        yield opened


@pytest.fixture
def prober(clock):
    return Prober(probe, clock=clock)


@pytest.fixture
def probed(zoo, scheduler, pass_time):
    def start(name, schedule):
        spec = ProbeSpec(zoo.ports[name], "/mcp", "streamable-http", f"{HOST}:{zoo.ports[name]}", ())
        one = request(1)._replace(
            address=HOST, spec=spec, schedule=schedule, timeouts=Timeouts(5, 5, 0.1, 5), template="t", namespace="team"
        )
        scheduler.set_requests(OWNER, [one])
        pass_time(0)
        return lambda: scheduler.answers(OWNER)[one.container]

    yield start
    scheduler.forget(OWNER)


@pytest.mark.parametrize("failure", HANDSHAKE)
def test_a_server_that_answers_light_probes_with_errors_fails(probed, pass_time, monkeypatch, failure):
    answer = probed("turning", ProbeSchedule(full=600.0, light=10.0, threshold=3))
    assert answer()["compliant"] is True
    monkeypatch.setattr(TURNING, "failure", failure)
    pass_time(15)
    assert answer()["compliant"] is True, "one failure is not enough"
    pass_time(50)
    assert answer()["compliant"] is False, answer()


@pytest.mark.parametrize("light", [0.0, 10.0])
def test_a_server_that_fails_after_the_session_of_its_validation_fails(probed, pass_time, light):
    answer = probed("ends", ProbeSchedule(full=600.0, light=light, threshold=3))
    assert answer()["compliant"] is True
    pass_time(45)
    assert answer()["compliant"] is False, answer()
