# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module as Ansible runs it: its arguments in, its result on standard output."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import options_from, target_from
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import Options, Target
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from ansible_collections.mcp.kubernetes.plugins.modules import mcp_validate

SERVERS = Path(__file__).resolve().parents[3] / "servers"
sys.path.insert(0, str(SERVERS))

from zoo.fake_servers.all import FAKE_SERVERS  # noqa: E402
from zoo.fake_servers.tokens import ID, SECRET, TOKEN  # noqa: E402
from zoo.run import HOST, Zoo  # noqa: E402

VISITED = (
    "auth-good-token",
    "auth-without-challenge",
    "call-of-a-tool",
    "correct-streamable-2025-11-25",
    "html",
    "nobody-listens",
    "token-by-basic",
)
KEYS = {field.name for field in dataclasses.fields(Report)} | {"msg", "changed"}

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    chosen = [fake_server for fake_server in FAKE_SERVERS if fake_server.name in VISITED]
    with Zoo(chosen, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo.ports


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_module(**arguments: Any) -> dict[str, Any]:
        with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
            mcp_validate.main()
        result = json.loads(capsys.readouterr().out)
        result.pop("invocation", None)
        assert bool(result.pop("failed", False)) == (ended.value.code != 0)
        return {**result, "failed": ended.value.code != 0}

    return run_module


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_server_that_complies(run: Run, ports: dict[str, int], check_mode: bool) -> None:
    url = f"http://{HOST}:{ports['correct-streamable-2025-11-25']}"
    result = run(url=url, _ansible_check_mode=check_mode)
    assert result.keys() == KEYS | {"failed"}
    assert (result["failed"], result["changed"], result["compliant"]) == (False, False, True)
    assert result["msg"] == f"{url}/mcp speaks MCP 2025-11-25 over streamable-http."
    assert result["tools"] == {"count": 3, "names": ["feed", "count", "weigh"], "truncated": False}


@pytest.mark.parametrize("name", ["html", "nobody-listens"])
def test_a_server_that_does_not_comply(run: Run, ports: dict[str, int], name: str) -> None:
    arguments = {"host": HOST, "port": ports[name]}
    result = run(**arguments)
    assert result.keys() == KEYS | {"failed"}
    assert (result["failed"], result["changed"], result["compliant"]) == (True, False, False)
    assert result["issues"][0]["code"] in result["msg"]
    assert run(**arguments, fail_on_noncompliance=False)["failed"] is False


def test_a_server_that_requires_credentials(run: Run, ports: dict[str, int]) -> None:
    result = run(url=f"http://{HOST}:{ports['auth-without-challenge']}/mcp")
    assert (result["failed"], result["compliant"], result["requires_auth"]) == (False, None, True)
    assert "requires credentials" in result["msg"]


def test_credentials_are_sent_and_not_shown(
    run: Run, ports: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {
        "url": f"http://{HOST}:{ports['auth-good-token']}/mcp",
        "bearer_token": "good",
        "headers": {"X-Key": "hush-hush"},
    }
    with patch_module_args(arguments), pytest.raises(SystemExit):
        mcp_validate.main()
    written = capsys.readouterr().out
    assert json.loads(written)["compliant"] is True
    assert "hush-hush" not in written
    assert '"good"' not in written


def test_a_token_is_got_and_neither_it_nor_the_secret_is_shown(
    run: Run, ports: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    base = f"http://{HOST}:{ports['token-by-basic']}"
    credentials = {"client_id": ID, "client_secret": SECRET, "token_url": f"{base}/token"}
    assert run(url=base, client_credentials=credentials)["compliant"] is True
    with (
        patch_module_args({"url": base, "client_credentials": {**credentials, "client_id": "another"}}),
        pytest.raises(SystemExit),
    ):
        mcp_validate.main()  # the server repeats what it was sent
    written = capsys.readouterr().out
    assert [issue["code"] for issue in json.loads(written)["issues"]] == ["AUTH_TOKEN_FAILED"]
    assert SECRET not in written
    assert TOKEN not in written


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_tool_is_called_but_not_in_check_mode(run: Run, ports: dict[str, int], check_mode: bool) -> None:
    call = {"name": "feed", "arguments": {"who": "lion"}}
    result = run(host=HOST, port=ports["call-of-a-tool"], tool_call=call, _ansible_check_mode=check_mode)
    told = {
        "name": "feed",
        "is_error": False,
        "content": ["text"],
        "structured": False,
        "texts": ["lion"],
        "structured_content": None,
    }
    assert result["tool_call"] == (None if check_mode else told)
    several = run(
        targets=[{"host": HOST, "port": ports["call-of-a-tool"], "tool_call": call}], _ansible_check_mode=check_mode
    )
    assert several["reports"][0]["tool_call"] == result["tool_call"]


def test_a_missing_library_is_named_as_ansible_does(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    monkeypatch.setitem(sys.modules, "jmespath.parser", None)
    result = run(url="http://h/", expect=["tools"])
    assert result["failed"]
    assert "Failed to import the required Python library (jmespath)" in result["msg"]


def test_arguments_that_make_no_sense(run: Run) -> None:
    result = run(url="ftp://h/")
    assert result.keys() == KEYS | {"failed"}
    assert (result["failed"], result["compliant"], result["reached"]) == (True, None, False)
    assert result["msg"].endswith("[INVALID_TARGET]")


@pytest.mark.parametrize(
    "arguments",
    [{}, {"url": "http://h/", "host": "h"}, {"url": "http://h/", "port": 1}, {"host": "h", "client_key": "/x"}],
)
def test_arguments_that_do_not_go_together(run: Run, arguments: dict[str, Any]) -> None:
    assert run(**arguments)["failed"]


def test_arguments_left_out_mean_the_defaults_of_the_library() -> None:
    from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.argument_spec import ARGUMENT_SPEC

    params = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    assert target_from({**params, "host": "h"}) == Target(host="h")
    assert options_from(params) == Options()
