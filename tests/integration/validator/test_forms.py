# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp_validate`` in a playbook: in Ansible's own process, and as a module, with the same result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from zoo.fake_servers import tokens
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

VISITED = ("correct-streamable-2025-11-25", "html", "auth-without-challenge", "auth-good-token")
OTHERS = ("token-by-basic", "call-of-a-tool")
TOKEN = "hush-hush-hush"

# What makes Ansible start a module although the connection is local.
FORMS = {
    "in process": {},
    "with an environment": {"environment": {"LC_ALL": "C"}},
    "async": {"async": 60, "poll": 1},
}


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    chosen = [fake_server for fake_server in FAKE_SERVERS if fake_server.name in (*VISITED, *OTHERS)]
    with Zoo(chosen, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo.ports


@pytest.fixture
def task(tmp_path):
    """Run one task in a playbook of its own; return whether it failed, what it registered, and all that was written."""

    def run(arguments, **keywords):
        told = tmp_path / "told.json"
        tasks = [
            {"mcp.kubernetes.mcp_validate": arguments, "register": "told", "ignore_errors": True, **keywords},
            {"ansible.builtin.copy": {"content": "{{ told | to_json }}", "dest": str(told)}},
        ]
        playbook = tmp_path / "playbook.json"
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
        playbook.write_text(json.dumps([play]), encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_NOCOLOR": "1"}
        command = [Path(sys.executable).with_name("ansible-playbook"), "-vvv", "--diff", str(playbook)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert told.exists(), done.stdout + done.stderr
        return json.loads(told.read_text(encoding="utf-8")), done.stdout + done.stderr

    return run


def without_times(result):
    """Leave out what differs from run to run, and what Ansible adds to a module's result."""
    added = ("duration", "invocation", "ansible_job_id", "started", "finished", "results_file", "stdout", "stderr")
    lines = ("stdout_lines", "stderr_lines")
    return {key: value for key, value in result.items() if key not in (*added, *lines)}


@pytest.fixture(scope="module")
def expected():
    """The results of the form that runs in Ansible's process, by name."""
    return {}


# The other ways differ in how the module is started, which is tested with many servers.
TWICE = ["in process", pytest.param("with an environment", marks=pytest.mark.test_all)]


@pytest.mark.parametrize("form", [*TWICE, pytest.param("async", marks=pytest.mark.test_all)])
def test_one_server(task, ports, expected, form):
    url = f"http://{HOST}:{ports['correct-streamable-2025-11-25']}/mcp"
    result, written = task({"url": url}, **FORMS[form])
    assert (result["failed"], result["changed"], result["compliant"]) == (False, False, True)
    assert ("modules/mcp_validate.py" in written) == (form != "in process")
    assert without_times(result) == expected.setdefault("one", without_times(result))


@pytest.mark.parametrize("form", ["in process", "with an environment"])
def test_many_servers(task, ports, expected, form):
    targets = [{"name": name, "url": f"http://{HOST}:{ports[name]}/mcp"} for name in VISITED]
    targets[-1]["name"] = "guarded"  # its own name holds its token, which would be masked
    result, _written = task({"targets": targets, "bearer_token": "good"}, **FORMS[form])
    assert (result["failed"], result["compliant"]) == (True, False)
    assert {report["name"]: report["compliant"] for report in result["reports"]} == {
        "correct-streamable-2025-11-25": True,
        "html": False,
        "auth-without-challenge": None,
        "guarded": True,
    }
    result["reports"] = [without_times(report) for report in result["reports"]]
    assert without_times(result) == expected.setdefault("many", without_times(result))


@pytest.mark.parametrize("form", TWICE)
def test_secrets_are_in_nothing_that_is_written(task, ports, form):
    port = ports["auth-good-token"]
    arguments = {"bearer_token": TOKEN, "headers": {"X-Key": f"{TOKEN}-key"}}
    result, written = task({"targets": [{"host": HOST, "port": port, **arguments}]}, no_log=False, **FORMS[form])
    assert result["compliant"] is None
    # -vvv shows what a module was called with; the task's own arguments are in no result.
    assert TOKEN not in written
    assert TOKEN not in json.dumps(result)


@pytest.mark.parametrize("form", TWICE)
def test_arguments_are_checked(task, form):
    result, _written = task({"url": "http://h/", "host": "h"}, **FORMS[form])
    assert result["failed"]
    assert "mutually exclusive" in result["msg"]


@pytest.mark.parametrize("form", TWICE)
def test_a_token_by_client_credentials(task, ports, form):
    base = f"http://{HOST}:{ports['token-by-basic']}"
    credentials = {"client_id": tokens.ID, "client_secret": tokens.SECRET, "token_url": f"{base}/token"}
    targets = [{"url": base, "client_credentials": {**credentials, "client_id": name}} for name in (tokens.ID, "x")]
    result, written = task({"targets": targets}, no_log=False, **FORMS[form])
    assert [report["compliant"] for report in result["reports"]] == [True, False]
    for secret in (tokens.SECRET, tokens.TOKEN):
        assert secret not in written
        assert secret not in json.dumps(result)


@pytest.mark.parametrize("form", TWICE)
def test_check_mode(task, ports, form):
    url = f"http://{HOST}:{ports['call-of-a-tool']}/mcp"
    call = {"name": "feed", "arguments": {"who": "lion"}}
    expect = ["tools.count == `1`", "tool_call == `null`"]
    result, _written = task({"url": url, "tool_call": call, "expect": expect}, check_mode=True, **FORMS[form])
    assert (result["changed"], result["compliant"]) == (False, True)
