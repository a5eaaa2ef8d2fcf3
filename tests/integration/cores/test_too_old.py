# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""ansible-core 2.18 takes what manifests say for templates: nothing of the collection may run on it."""

from __future__ import annotations

import pytest

SENTENCE = "mcp.kubernetes needs ansible-core 2.19 or newer, and this is 2.18.19"
SPEC = {"image": "registry.example.com/none:1"}
OWN_PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: mcp.kubernetes.mcpserver
      vars:
        mcpserver_manifest:
          apiVersion: mcp.mcp-operator.io/v1
          kind: MCPServer
          metadata: {{name: server, namespace: {namespace}}}
          spec: {{image: registry.example.com/none:1}}
"""


@pytest.fixture
def own_playbook(tmp_path, namespace):
    path = tmp_path / "own.yml"
    path.write_text(OWN_PLAYBOOK.format(namespace=namespace), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["deploy", "validate", "undeploy", "own_playbook"])
def test_the_first_failure_is_one_sentence(name, request, with_core, namespace, manifests, client):
    playbook = request.getfixturevalue(name) if name == "own_playbook" else name
    run = with_core(
        "2.18", playbook, mcp_manifests=manifests(server=SPEC), mcp_namespace=namespace, mcp_names="*", mcp_wait=False
    )
    assert run.code != 0
    assert run.output.count("fatal:") == 1
    assert SENTENCE in run.output
    assert "Traceback" not in run.output
    assert list(client.list("mcp.mcp-operator.io/v1", "MCPServer", namespace)) == []
