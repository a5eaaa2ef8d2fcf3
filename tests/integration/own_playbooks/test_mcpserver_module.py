# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver, mcpserver_info, the lookup and the tests, in one playbook of a user with a real server.

Starting Ansible takes longer than all that it does here, so one play asserts the whole life of a server.
"""

from __future__ import annotations

import pytest
import yaml

SERVER = {"name": "server", "namespace": "{{ namespace }}", "image": "{{ image }}", "labels": {"team": "search"}}
MODULE, INFO = "mcp.kubernetes.mcpserver", "mcp.kubernetes.mcpserver_info"
URL = "http://server.{{ namespace }}.svc:8080/mcp"


def task(module, register="", *conditions, **options):
    done = {module: options}
    if not conditions:
        return [{**done, "register": register}] if register else [done]
    return [{**done, "register": register}, {"ansible.builtin.assert": {"that": list(conditions)}}]


TASKS = [
    *task(MODULE, "foreseen", "foreseen is changed", "foreseen.mcpserver == {}", **SERVER),
    *task(
        MODULE,
        "made",
        "made is changed",
        "made.mode == 'workload'",
        "made is mcp.kubernetes.validated",
        "made is mcp.kubernetes.reachable",
        "made.report.compliant",
        f"made.endpoint == '{URL.replace('{{ namespace }}', "' ~ namespace ~ '")}'",
        "made.objects | map(attribute='action') | unique == ['created']",
        **SERVER,
    ),
    *task(MODULE, "again", "again is not changed", "again is mcp.kubernetes.validated", **SERVER),
    *task(MODULE, "would", "would is changed", "would.diff | length > 0", **SERVER, replicas=2),
    *task(
        INFO,
        "info",
        "info.summary | length == 1",
        "info.summary[0].healthy and info.summary[0].replicas == 1",
        "info.mcpservers | select('mcp.kubernetes.validated') | length == 1",
        "lookup('mcp.kubernetes.mcp_endpoint', 'server', namespace=namespace) == made.endpoint",
        namespace="{{ namespace }}",
        label_selectors=["team=search"],
    ),
    *task(MODULE, "gone", "gone is changed", name="server", namespace="{{ namespace }}", state="absent"),
    *task(MODULE, "nothing", "nothing is not changed", name="server", namespace="{{ namespace }}", state="absent"),
    *task(INFO, "after", "not after.exists", name="server", namespace="{{ namespace }}"),
]
TASKS[0]["check_mode"] = True
TASKS[6]["check_mode"] = TASKS[6]["diff"] = True


@pytest.fixture
def own(playbooks, tmp_path, namespace, image):
    def run(tasks, *options, **variables):
        path = tmp_path / "own.yml"
        path.write_text(
            yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], sort_keys=False)
        )
        return playbooks.run(str(path), *options, namespace=namespace, image=image, **variables)

    return run


def test_the_life_of_a_server_in_a_playbook(own, client, namespace):
    run = own(TASKS)
    assert run.code == 0, run.output
    # Created, deleted, and what check mode foresaw twice.
    assert run.changed == 4, run.output
    assert list(client.list("apps/v1", "Deployment", namespace)) == []


def test_a_server_that_speaks_no_mcp_fails_with_the_reason_and_stays(own, client, namespace):
    server = {"name": "server", "namespace": "{{ namespace }}", "image": "{{ image }}", "path": "/nothing"}
    tasks = task(MODULE, **server, wait_timeout=20)
    run = own(tasks)
    assert run.code != 0
    assert f"MCPServer {namespace}/server" in run.output
    assert client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")["status"]["phase"]


def test_the_lookup_takes_the_connection_of_the_host(own, kubeconfig):
    lookup = "{{ lookup('mcp.kubernetes.mcp_endpoint', 'none', namespace=namespace) }}"
    run = own([{"ansible.builtin.debug": {"msg": lookup}}], mcp_kubeconfig="/nonexistent/of-host")
    assert run.code != 0
    assert "/nonexistent/of-host" in run.output
    run = own([{"ansible.builtin.debug": {"msg": lookup}}])
    assert "There is no MCPServer" in run.output
