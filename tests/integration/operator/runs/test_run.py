# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Runs of the real Ansible."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from mcp_operator.runs.run_request import AnsibleContent, Ending, HostOutcome

JINJA = "{{ lookup('pipe', 'touch %s') }}"


def test_any_playbook_has_a_result_for_each_host(bench):
    tasks = """
        - ansible.builtin.debug: {msg: hello}
        - ansible.builtin.fail: {msg: "not {{ inventory_hostname }}"}
          when: inventory_hostname == "t.bad"
        - toy_mischief: {what: unreachable}
          when: inventory_hostname == "t.lost"
        - block:
            - ansible.builtin.fail: {msg: rescue me}
              when: inventory_hostname == "t.rescued"
          rescue:
            - ansible.builtin.debug: {msg: rescued}
        - ansible.builtin.command: {cmd: "true"}
          when: inventory_hostname == "t.good"
    """
    result = bench.make(tasks, {f"t.{name}": {} for name in ("good", "bad", "lost", "rescued")}).execute()
    assert result.ending is Ending.COMPLETE
    assert {host: (one.outcome.value, one.message) for host, one in result.hosts.items()} == {
        "t.good": ("succeeded", ""),
        "t.bad": ("failed", "not t.bad"),
        "t.lost": ("failed", "Task failed: no route"),
        "t.rescued": ("succeeded", ""),
    }
    assert (result.hosts["t.good"].changed, result.hosts["t.rescued"].rescued) == (1, 1)
    assert result.cpu > 0.3
    assert bench.left() == ["failed"]


def test_what_an_object_says_is_data(bench, tmp_path):
    trap = tmp_path / "trap"
    spec = {
        "plain": JINJA % trap,
        "deep": [{"{{ 1 + 1 }}": JINJA % trap}],
        "__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\n00",
        "__ansible_unsafe": {"__ansible_type": "x"},
        "text": "{% for x in range(9) %}{{ x }}{% endfor %} {# #} $\x01\u2028 \U0001f600",
    }
    written = tmp_path / "written"
    tasks = f"""
        - ansible.builtin.copy:
            content: "{{{{ _g_k_spec | to_json }}}}"
            dest: {written}
        - ansible.builtin.debug: {{msg: "{{{{ plain }}}} {{{{ nested.deep }}}} {{{{ ours }}}}"}}
    """
    variables = {"_g_k_spec": spec, "plain": spec["plain"], "nested": spec}
    result = bench.make(tasks, {"t.a": variables}, extra_vars={"ours": "{{ 1 + 1 }}"}).execute()
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED, result
    assert json.loads(written.read_text()) == spec
    assert not trap.exists()


def test_the_watchs_variables_win_and_may_be_templates(bench):
    tasks = """
        - ansible.builtin.assert: {that: ["size == 3", "computed == 'T.A'"]}
    """
    extra = {"size": 3, "computed": "{{ inventory_hostname | upper }}"}
    result = bench.make(tasks, {"t.a": {"size": 1}}, extra_vars=extra).execute()
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED, result


def test_a_role_runs_for_all_hosts(bench):
    tasks = bench.folder / "role" / "tasks"
    tasks.mkdir(parents=True)
    (tasks / "main.yml").write_text("- ansible.builtin.assert: {that: size > 1}\n")
    content = AnsibleContent(role=str(tasks.parent))
    result = bench.make(content, {"t.a": {"size": 1}, "t.b": {"size": 2}}).execute()
    assert [one.outcome.value for one in result.hosts.values()] == ["failed", "succeeded"]


def test_a_batch_of_a_hundred_with_one_of_each_fault(bench):
    tasks = """
        - toy_mischief: {what: unreachable}
          when: lost is defined
        - toy_batch:
          run_once: true
    """
    hosts = {f"t.h{number}": {} for number in range(100)}
    hosts["t.h7"], hosts["t.h8"], hosts["t.h9"] = {"poison": True}, {"lost": True}, {"missing": True}
    result = bench.make(tasks, hosts).execute()
    odd = {host: one.outcome.value for host, one in result.hosts.items() if one.outcome is not HostOutcome.SUCCEEDED}
    assert odd == {"t.h7": "failed", "t.h8": "failed", "t.h9": "unprocessed"}
    assert result.hosts["t.h7"].message == "poison"


def test_results_above_700_kilobytes_are_not_lost(bench):
    tasks = """
        - toy_batch:
          run_once: true
    """
    hosts = {f"t.h{number}": {"ballast": 300_000} for number in range(3)}
    hosts["t.h1"]["poison"] = True
    result = bench.make(tasks, hosts).execute()
    assert [one.outcome.value for one in result.hosts.values()] == ["succeeded", "failed", "succeeded"]
    assert result.hosts["t.h0"].data == {"failed": False, "truncated": True}


def test_a_manifest_of_900_kibibytes_comes_through(bench):
    big = "{{ x }}" * (900 * 1024 // 7)
    tasks = """
        - ansible.builtin.assert: {that: "big | length == expected"}
    """
    result = bench.make(tasks, {"t.a": {"big": big}}, extra_vars={"expected": len(big)}).execute()
    assert result.hosts["t.a"].outcome is HostOutcome.SUCCEEDED, result


def test_a_playbook_that_cannot_be_read_fails_all_with_the_reason(bench):
    result = bench.make("- nonsense: {", {"t.a": {}, "t.b": {}}).execute()
    assert result.ending is Ending.CRASHED
    assert "YAML" in result.reason
    assert {one.outcome for one in result.hosts.values()} == {HostOutcome.FAILED}


def test_a_full_disk_fails_all_with_the_reason(bench, monkeypatch):
    monkeypatch.setattr("mcp_operator.runs.directory._write_bytes", no_space)
    result = bench.make("- ansible.builtin.debug:", {"t.a": {}}).execute()
    assert (result.ending, result.hosts["t.a"].outcome) == (Ending.CRASHED, HostOutcome.FAILED)
    assert "No space left on device" in result.reason
    assert bench.left() == []


def no_space(path: Path, data: bytes) -> None:
    raise OSError(28, "No space left on device", str(path))


def test_no_secret_is_seen_by_others_or_stays(bench):
    """Neither in the process table nor readable by others nor, afterwards, anywhere."""
    secret = "hunter2-hunter2"
    run = bench.make("- ansible.builtin.command: sleep 1", {"t.a": {"secret": secret}}, extra_vars={"other": secret})
    results = []
    thread = threading.Thread(target=lambda: results.append(run.execute()))
    thread.start()
    lines, modes = set(), set()
    while thread.is_alive():
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines.add(path.read_bytes())
            except OSError:
                continue
        modes |= {path.stat().st_mode & 0o077 for path in bench.root.iterdir() if path.name == run.ident}
        time.sleep(0.05)
    assert any(run.ident.encode() in line for line in lines)
    assert not [line for line in lines if secret.encode() in line]
    assert modes == {0}
    assert results[0].hosts["t.a"].outcome is HostOutcome.SUCCEEDED
    assert bench.left() == []
