# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.runs.ansible_content import (
    collection_of,
    content_of,
    has_variables_beside,
    is_for_localhost,
    playbook_path,
)
from mcp_operator.runs.run_request import AnsibleContent
from mcp_operator.watches.definition import Finalizer, Watch


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("- hosts: localhost", True),
        ("- hosts: [localhost]", True),
        ("- hosts: all\n- hosts: 127.0.0.1", True),
        ("- hosts: all\n  vars: {secret: !vault x, raw: !unsafe '{{ x }}'}", False),
        ("- import_playbook: other.yml", False),
        ("hosts: localhost", False),
        ("][", False),
    ],
)
def test_a_playbook_for_localhost_is_known(tmp_path, text, local):
    path = tmp_path / "play.yml"
    path.write_text(text)
    assert is_for_localhost(AnsibleContent(playbook=str(path))) is local


def test_a_role_and_a_missing_playbook_are_for_all():
    assert not is_for_localhost(AnsibleContent(role="a.b.c"))
    assert not is_for_localhost(AnsibleContent(playbook="/nowhere/play.yml"))


@pytest.mark.parametrize(
    ("content", "collection"),
    [
        (AnsibleContent(playbook="mcp.kubernetes.reconcile"), "mcp.kubernetes"),
        (AnsibleContent(role="mcp.kubernetes.mcpserver"), "mcp.kubernetes"),
        (AnsibleContent(role="/usr/share/ansible_collections/a/b/roles/c"), "a.b"),
        (AnsibleContent(playbook="/opt/ansible_collections/a/b/playbooks/c.yml"), "a.b"),
        (AnsibleContent(playbook="/opt/ansible/play.yml"), None),
        (AnsibleContent(playbook="roles/play.x.yml"), None),
        (AnsibleContent(role="/opt/ansible/roles/c"), None),
        (AnsibleContent(role="c"), None),
    ],
)
def test_the_collection_of_a_content(content, collection):
    assert collection_of(content) == collection


def test_a_playbook_of_a_collection_is_found_by_its_name(root, monkeypatch):
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", str(root / ".cache" / "collections"))
    found = playbook_path(AnsibleContent(playbook="mcp.kubernetes.deploy"))
    assert found.samefile(root / "playbooks" / "deploy.yml")
    assert playbook_path(AnsibleContent(playbook="mcp.kubernetes.nothing")) is None


def test_variables_beside_a_playbook_are_seen(tmp_path):
    content = AnsibleContent(playbook=str(tmp_path / "play.yml"))
    assert not has_variables_beside(content)
    (tmp_path / "group_vars").mkdir()
    assert has_variables_beside(content)


def test_a_finalizer_runs_its_own(tmp_path):
    finalizer = Finalizer(name="f/f", playbook="/bye.yml")
    watch = Watch(group="g", version="v1", kind="K", role="a.b.c", finalizer=finalizer)
    assert content_of(watch, finalizing=False) == AnsibleContent(role="a.b.c")
    assert content_of(watch, finalizing=True) == AnsibleContent(playbook="/bye.yml")
