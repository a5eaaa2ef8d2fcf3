# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command ``mcp-operator status --migration``."""

from __future__ import annotations

import json

import pytest
import yaml
from mcp_operator._vendor._kube.errors import ApiUnreachable
from mcp_operator.cli import status as module
from mcp_operator.cli.main import main


def server(name, used, namespace="team"):
    validation = {"state": "Validated", **({} if used is None else {"deprecatedFeatures": used})}
    conditions = [{"type": "Ready", "status": "False"}]
    meta = {"name": name, "namespace": namespace, "creationTimestamp": "2020-01-01T00:00:00Z", "generation": 1}
    status = {"phase": "Failed", "observedGeneration": 1, "conditions": conditions, "validation": validation}
    return {"metadata": meta, "spec": {"image": "i"}, "status": status}


@pytest.fixture
def show(monkeypatch, capsys):
    def run(servers, *arguments):
        class Client:
            def __init__(self, _options, *, timeout):
                pass

            def list(self, *_arguments):
                if isinstance(servers, Exception):
                    raise servers
                yield from servers

        monkeypatch.setattr(module, "Client", Client)
        code = main(["status", "--migration", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def test_which_servers_break_when_a_feature_is_removed(show):
    code, out, err = show([server("old", ["http-sse", "logging"]), server("new", []), server("log", ["logging"])])
    assert (code, err) == (1, "")
    sse = out.index("HTTP+SSE transport: deprecated since 2025-03-26, earliest removal 2026-09-03")
    logging = out.index("Logging: deprecated since 2026-07-28, earliest removal 2027-07-28")
    assert sse < logging
    assert out.count("team/old") == 2
    assert out.count("team/log") == 1
    assert "team/new" not in out
    assert "Sampling" not in out
    assert "2 of 3 MCPServers use deprecated features." in out


def test_servers_that_use_nothing_deprecated_are_fine_even_if_they_are_not_healthy(show):
    code, out, _err = show([server("new", [])])
    assert code == 0
    assert "0 of 1 MCPServers use deprecated features." in out


def test_servers_that_were_not_validated_are_listed_apart(show):
    code, out, _err = show([server("new", []), server("waits", None)])
    assert code == 0
    assert out.index("Unknown, because they have not been validated:") < out.index("team/waits")


def test_json_for_programs(show):
    code, out, _err = show([server("old", ["http-sse"]), server("waits", None)], "--output", "json")
    report = json.loads(out)
    assert code == 1
    used = {entry["feature"]: entry for entry in report["features"] if entry["servers"]}
    assert list(used) == ["http-sse"]
    assert used["http-sse"]["earliestRemoval"] == "2026-09-03"
    assert used["http-sse"]["servers"] == [{"cluster": "current", "namespace": "team", "name": "old"}]
    assert [entry["name"] for entry in report["unknown"]] == ["waits"]
    _code, out, _err = show([server("old", ["http-sse"]), server("waits", None)], "--output", "yaml")
    assert yaml.safe_load(out) == report


@pytest.mark.parametrize("arguments", [[], ["--output", "json"]])
def test_a_cluster_that_does_not_answer(show, arguments):
    code, out, err = show(ApiUnreachable("No route.", "Mend it."), *arguments)
    assert code == 2
    assert "No route." in (err or out)


def test_an_empty_fleet(show):
    assert show([])[:2] == (0, "There are no MCPServers.\n")


def test_a_status_that_another_client_wrote(show):
    code, out, _err = show([server("odd", ["hostile\x1b[2J", 7, {}]), server("text", "http-sse")])
    assert code == 0
    assert "\x1b" not in out
    assert "hostile" not in out
