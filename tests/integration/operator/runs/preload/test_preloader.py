# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path

from mcp_operator.runs.run_request import Ending, HostOutcome

from .conftest import ACTION

SAY = "    - toy.preloaded.say:\n"
TERMINAL = """
import pexpect
from ansible.plugins.action import ActionBase


class Echo(pexpect.spawn):
    pass


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        said = [spawn("echo", [word], encoding="utf-8").read() for spawn, word in ((pexpect.spawn, "a"), (Echo, "b"))]
        return {"changed": False, "failed": True, "msg": " ".join("".join(said).split())}
"""


def test_it_has_one_thread_and_has_opened_nothing(home):
    """What is open, or held by several, at the time of a fork is open, or held, in all runs."""
    process = Path(f"/proc/{home.pid()}")
    home.run(SAY)
    assert len(list((process / "task").iterdir())) == 1
    links = {str(path.readlink()) for path in (process / "fd").iterdir()}
    own = links - {str(Path("/proc/self/fd/2").readlink()), "/dev/null"}
    assert [re.sub(r"\d+", "N", link) for link in own] == ["socket:[N]"]
    assert not re.search(r"sem\.|/mp-", (process / "maps").read_text()), "a lock that processes share"


def test_a_run_has_its_own_places(home, tmp_path):
    """What was made at import would be removed by the first run that ends, or shared by all."""
    seen = tmp_path / "seen"
    tasks = f"""
    - ansible.builtin.copy:
        dest: {seen}
        content: "{{{{ lookup('config', 'ANSIBLE_HOME') }}}}\\n{{{{ lookup('config', 'DEFAULT_LOCAL_TMP') }}}}\\n"
    - ansible.builtin.shell: printenv MCP_OPERATOR_RUN_DIR TMPDIR >> {seen}
"""
    run = home.make(tasks)
    assert run.execute().hosts["t.a"].outcome is HostOutcome.SUCCEEDED
    own, local, directory, temporary = seen.read_text().splitlines()
    assert directory == str(home.root / run.ident)
    assert {own, temporary} == {f"{directory}/tmp"}
    assert local.startswith(f"{directory}/tmp/ansible-local-")


def test_other_settings_get_an_ansible_that_has_them(home):
    result = home.run("    - ansible.builtin.assert: {that: ansible_forks == 7}\n", environment={"ANSIBLE_FORKS": "7"})
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED, result
    assert home.forked == [True]


def test_another_ansible_cfg_is_obeyed(home):
    cfg = home.collection / "ansible.cfg"
    tasks = """
    - ansible.builtin.assert:
        that: lookup('config', 'DEFAULT_TIMEOUT') == 77
"""
    cfg.write_text("[defaults]\ntimeout = 77\n")
    result = home.run(tasks, environment={"ANSIBLE_CONFIG": str(cfg)})
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED, result


def test_changed_content_is_what_runs(home):
    pid = home.pid()
    assert home.run(SAY).hosts["t.a"].message == "first"
    home.action.write_text(ACTION.replace("first", "second, and longer"))
    assert home.run(SAY).hosts["t.a"].message == "second, and longer"
    home.replaced(pid)
    assert home.run(SAY).hosts["t.a"].message == "second, and longer"
    assert home.forked == [True, False, True]


def test_content_that_is_added_is_found(home):
    pid = home.pid()
    home.action.with_name("cry.py").write_text(ACTION.replace("first", "new"))
    assert home.run("    - toy.preloaded.cry:\n").hosts["t.a"].message == "new"
    home.replaced(pid)
    assert home.run("    - toy.preloaded.cry:\n").hosts["t.a"].message == "new"


def test_many_runs_at_once(home):
    results = []
    runs = [home.make("    - ansible.builtin.command: sleep 0.5\n") for _number in range(4)]
    threads = [threading.Thread(target=lambda run=run: results.append(run.execute())) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.ending for result in results] == [Ending.COMPLETE] * 4
    assert home.forked == [True] * 4


def test_ansible_ignores_the_end_of_its_terminal_as_when_started_anew(home, tmp_path):
    seen = tmp_path / "seen"
    assert home.run(f"    - ansible.builtin.shell: grep SigIgn /proc/self/status > {seen}\n").ending is Ending.COMPLETE
    assert home.forked == [True]
    assert int(seen.read_text().split()[1], 16) & (1 << (signal.SIGHUP - 1))


def test_plugins_can_start_programs_in_terminals(home):
    folder = home.collection / "action_plugins"
    folder.mkdir()
    (folder / "toy_terminal.py").write_text(TERMINAL)
    assert home.run("    - toy_terminal:\n").hosts["t.a"].message == "a b"
    assert home.forked == [True]


def test_playbooks_can_start_playbooks(home, tmp_path):
    seen = tmp_path / "seen"
    result = home.run(f"    - ansible.builtin.shell: ansible-playbook --version > {seen}\n")
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED
    assert seen.read_text().startswith("ansible-playbook [core ")
