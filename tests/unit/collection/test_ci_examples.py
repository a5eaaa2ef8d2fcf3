# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The examples for CI systems are valid, and their command lines work."""

from __future__ import annotations

import itertools
import re
import shlex
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from mcp_operator.cli.main import main

from support.sarif import checked_run

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "ci"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from zoo.fake_servers.all import FAKE_SERVERS  # noqa: E402
from zoo.run import HOST, Zoo  # noqa: E402

# The fake servers that stand for those of the file.
SERVERS = {"weather": "auth-good-token", "maps": "call-of-a-tool"}


def load(name: str) -> dict[str, Any]:
    found = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def github_step() -> dict[str, Any]:
    steps = load("github-actions.yml")["jobs"]["validate"]["steps"]
    [step] = [step for step in steps if step.get("run", "").startswith("mcp-operator validate")]
    assert isinstance(step, dict)
    return step


def command_of(name: str) -> list[str]:
    if name == "github-actions.yml":
        return shlex.split(github_step()["run"])
    [line] = load(name)["validate-mcp"]["script"]
    return shlex.split(line)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    found = [server for server in FAKE_SERVERS if server.name in SERVERS.values()]
    with Zoo(found, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo.ports


@pytest.fixture
def checkout(tmp_path: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Path:
    text = (EXAMPLES / "mcp-targets.yml").read_text(encoding="utf-8")
    for name, server in SERVERS.items():
        text, count = re.subn(rf"https://{name}\.example\.com/mcp", f"http://{HOST}:{ports[server]}/mcp", text)
        assert count == 1
    (tmp_path / "mcp-targets.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEATHER_TOKEN", "good")
    monkeypatch.setenv("MAPS_KEY", "key-of-maps")
    return tmp_path


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_the_command_line_validates_the_servers(
    name: str, checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *arguments = command_of(name)
    assert program == "mcp-operator"
    assert main(arguments) == 0
    assert "2 of 2 servers comply with MCP." in capsys.readouterr().out
    assert [result["level"] for result in checked_run((checkout / "mcp.sarif").read_text("utf-8"))["results"]] == []
    monkeypatch.setenv("WEATHER_TOKEN", "wrong")
    assert main(arguments) in (1, 3)
    results = checked_run((checkout / "mcp.sarif").read_text("utf-8"))["results"]
    assert results
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
    assert places == {"mcp-targets.yml"}
    if name == "gitlab-ci.yml":
        assert len(list(ET.parse(checkout / "mcp.xml").getroot().iter("testcase"))) == 2


def test_the_jobs_set_each_variable_that_the_file_names() -> None:
    targets = load("mcp-targets.yml")["targets"]
    wanted = {target["bearerTokenEnv"] for target in targets if "bearerTokenEnv" in target}
    wanted |= {variable for target in targets for variable in target.get("headersEnv", {}).values()}
    assert set(github_step()["env"]) == wanted
    comment = (EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8")
    assert all(variable in comment for variable in wanted)


def test_the_workflow_gives_no_right_that_it_does_not_need() -> None:
    workflow = load("github-actions.yml")
    assert workflow["permissions"] == {}
    [job] = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "security-events": "write"}
    assert "pull_request" not in workflow["on"]
    assert "pull_request_target" not in workflow["on"]
    # An expression within a command could insert text into it.
    assert not any("${{" in step.get("run", "") for step in job["steps"])


def test_what_the_jobs_upload_is_what_the_command_writes() -> None:
    def files(name: str) -> set[str]:
        words = command_of(name)
        return {after for word, after in itertools.pairwise(words) if word == "--output-file"}

    upload = load("github-actions.yml")["jobs"]["validate"]["steps"][-1]
    assert {upload["with"]["sarif_file"]} == files("github-actions.yml")
    artifacts = load("gitlab-ci.yml")["validate-mcp"]["artifacts"]
    assert {*artifacts["paths"], artifacts["reports"]["junit"]} == files("gitlab-ci.yml")
