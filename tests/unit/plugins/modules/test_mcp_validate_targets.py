# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Many targets in one task: their options, their order, and that none of them delays the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp import api, validate_url
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import (
    ARGUMENT_SPEC,
    CONSTRAINTS,
    merge_target,
    options_from,
    target_from,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import Options, Target

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "servers"))

from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

VISITED = ("correct-streamable-2025-11-25", "html", "auth-without-challenge", "auth-good-token", "never-answers")


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    chosen = [fake_server for fake_server in FAKE_SERVERS if fake_server.name in VISITED]
    with Zoo(chosen, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo.ports


def checked(**arguments: Any) -> Any:
    return ArgumentSpecValidator(ARGUMENT_SPEC, **CONSTRAINTS).validate(arguments)


def run(**arguments: Any) -> dict[str, Any]:
    result = checked(**arguments)
    assert not result.error_messages
    return validate_url.run(result.validated_parameters)


def at(port: int, **more: Any) -> dict[str, Any]:
    return {"host": HOST, "port": port, "path": "/mcp", **more}


def test_reports_come_in_the_order_of_the_targets(ports: dict[str, int]) -> None:
    names = ["html", "correct-streamable-2025-11-25", "auth-without-challenge", "html"]
    result = run(targets=[at(ports[name]) for name in names])
    assert [report["compliant"] for report in result["reports"]] == [False, True, None, False]
    assert [report["name"] for report in result["reports"]] == [f"{HOST}:{ports[name]}/mcp" for name in names]
    assert (result["failed"], result["changed"], result["compliant"]) == (True, False, False)
    assert "1 of 4 servers comply with MCP. 1 of them require credentials." in result["msg"]
    assert f"{HOST}:{ports['html']}/mcp [NOT_MCP]" in result["msg"]


@pytest.mark.parametrize(
    ("names", "compliant"),
    [
        ([], True),
        (["correct-streamable-2025-11-25"], True),
        (["correct-streamable-2025-11-25", "auth-without-challenge"], None),
        (["auth-without-challenge", "html"], False),
    ],
)
def test_the_verdict_over_all(ports: dict[str, int], names: list[str], compliant: bool | None) -> None:
    result = run(targets=[at(ports[name]) for name in names], fail_on_noncompliance=False)
    assert (result["failed"], result["compliant"]) == (False, compliant)


def test_a_target_that_hangs_takes_one_place_and_no_time_of_others(
    ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, validate = [], api.validate

    def noted(target: Target, *rest: Any, **more: Any) -> Any:
        try:
            return validate(target, *rest, **more)
        finally:
            ended.append(target.port)

    monkeypatch.setattr(api, "validate", noted)
    good, hangs = ports["correct-streamable-2025-11-25"], ports["never-answers"]
    hanging = at(hangs, timeout=2.0, name="hanging")
    result = run(targets=[hanging, *(at(good) for _number in range(60))], concurrency=2, fail_on_noncompliance=False)
    assert [report["compliant"] for report in result["reports"]] == [False] + [True] * 60
    assert result["reports"][0]["issues"][0]["code"] == "TIMEOUT"
    # The others went through the second place meanwhile; a busy machine may not do all of them in two seconds.
    assert ended.index(hangs) >= 10


def test_a_target_has_the_tasks_options_unless_it_has_its_own(ports: dict[str, int]) -> None:
    port = ports["auth-good-token"]
    result = run(targets=[at(port), at(port, bearer_token="bad")], bearer_token="good")
    assert [report["compliant"] for report in result["reports"]] == [True, None]


def test_how_options_are_taken_over() -> None:
    params = checked(
        targets=[{"url": "https://a/x"}, {"host": "b", "strict": False, "required_capabilities": ["prompts"]}],
        scheme="https",
        port=8443,
        path="/mcp",
        strict=True,
        required_capabilities=["tools"],
    ).validated_parameters
    first, second = (merge_target(params, target) for target in params["targets"])
    assert target_from(first) == Target(url="https://a/x")
    assert options_from(first) == Options(strict=True, required_capabilities=("tools",))
    assert target_from(second) == Target(scheme="https", host="b", port=8443, path="/mcp")
    assert options_from(second) == Options(required_capabilities=("prompts",))


def test_a_target_that_makes_no_sense_stops_the_task_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def validate(*_arguments: Any) -> None:
        pytest.fail("something was sent")

    monkeypatch.setattr(api, "validate", validate)
    result = run(targets=[{"url": "http://good/"}, {"url": "ftp://bad/"}])
    assert (result["failed"], result["reports"], result["compliant"]) == (True, [], None)
    assert result["msg"].startswith("targets[1]: ")
    assert result["msg"].endswith("[INVALID_TARGET]")


@pytest.mark.parametrize("concurrency", [0, -1, 257])
def test_concurrency_is_bounded(concurrency: int) -> None:
    with pytest.raises(InvalidTarget, match="concurrency"):
        api.validate_all([(Target(url="http://h/"), Options())], concurrency)


@pytest.mark.parametrize(
    "arguments",
    [
        {"targets": [{}]},
        {"targets": [{"url": "http://h/", "host": "h"}]},
        {"targets": [{"host": "h", "client_key": "/x"}]},
        {"targets": [{"url": "http://h/"}], "url": "http://h/"},
        {"targets": [{"url": "http://h/"}], "host": "h"},
        {"targets": [{"url": "http://h/", "targets": []}]},
    ],
)
def test_arguments_that_do_not_go_together(arguments: dict[str, Any]) -> None:
    assert checked(**arguments).error_messages


def test_secrets_of_targets_are_known_as_such() -> None:
    secrets = checked(targets=[{"host": "h", "bearer_token": "hush", "headers": {"X-Key": "secret"}}])._no_log_values
    assert {"hush", "secret"} <= secrets
