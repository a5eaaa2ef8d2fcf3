# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validation of many servers in several processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp_operator._vendor._mcp.errors import InvalidTarget
from mcp_operator._vendor._mcp.options import Options, Target
from mcp_operator.cli import validation_workers
from mcp_operator.cli.validation_workers import ValidationWorkers
from mcp_operator.errors import ValidationAborted

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "tests" / "servers"))

from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

GOOD, BAD = "correct-streamable-2025-11-25", "html"
OPTIONS = Options(timeout=30.0, request_timeout=30.0)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    chosen = [fake_server for fake_server in FAKE_SERVERS if fake_server.name in (GOOD, BAD)]
    with Zoo(chosen, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_workers, "_LEAST_SERVERS", 2)
    monkeypatch.setattr(validation_workers, "_cores", lambda: 2)


def jobs(zoo: Zoo, *names: str) -> list[tuple[Target, Options]]:
    return [(Target(url=f"http://{HOST}:{zoo.ports[name]}"), OPTIONS) for name in names]


@pytest.mark.usefixtures("two_cores")
def test_reports_have_the_order_of_the_servers(zoo: Zoo) -> None:
    done: list[None] = []
    names = (GOOD, BAD, BAD, GOOD, GOOD)
    with ValidationWorkers(jobs(zoo, *names), 3) as workers:
        processes = multiprocessing.active_children()
        reports = workers.reports(lambda: done.append(None))
    assert len(processes) == 2
    assert [report.compliant for report in reports] == [name == GOOD for name in names]
    assert len(done) == len(names)
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize(("names", "concurrency"), [((GOOD, BAD, GOOD), 16), ((GOOD, BAD, GOOD, BAD), 1)])
def test_few_servers_and_one_at_a_time_need_no_further_process(
    zoo: Zoo, names: tuple[str, ...], concurrency: int
) -> None:
    with ValidationWorkers(jobs(zoo, *names), concurrency) as workers:
        assert not multiprocessing.active_children()
        assert [report.compliant for report in workers.reports(lambda: None)] == [name == GOOD for name in names]


@pytest.mark.usefixtures("two_cores")
def test_an_invalid_target_starts_no_process(zoo: Zoo) -> None:
    wrong = (Target(url="ftp://127.0.0.1"), OPTIONS)
    with pytest.raises(InvalidTarget, match=r"targets\[3\]"):
        ValidationWorkers([*jobs(zoo, GOOD, GOOD, GOOD), wrong], 16)
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("two_cores")
def test_a_process_that_ends_early_is_an_error(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_workers, "_work", lambda *_arguments: os._exit(9))
    with (
        ValidationWorkers(jobs(zoo, GOOD, GOOD, GOOD, GOOD), 16) as workers,
        pytest.raises(ValidationAborted, match="exit code 9") as raised,
    ):
        workers.reports(lambda: None)
    assert "--concurrency 1" in str(raised.value)
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("two_cores")
def test_processes_end_when_nobody_reads_their_reports(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    more_than_a_pipe_holds = "x" * 10_000_000
    monkeypatch.setattr(validation_workers, "validate_all", lambda *_arguments: [more_than_a_pipe_holds])
    workers = ValidationWorkers(jobs(zoo, GOOD, GOOD, GOOD, GOOD), 16)
    for _process, pipe in workers._workers:
        pipe.close()
    for process, _pipe in workers._workers:
        process.join(20)
        assert process.exitcode == 0
