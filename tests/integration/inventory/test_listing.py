# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What `ansible-inventory` lists of a fake API server."""

from __future__ import annotations

import json
import os
import socket
import subprocess

import pytest
import yaml

from support.apiserver import api_server, mcpserver
from support.inventory import Inventory, constant

TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'echo executed') }}"
STOP = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}


@pytest.fixture
def inventory(tmp_path):
    return Inventory(tmp_path)


@pytest.fixture
def api():
    with api_server() as server:
        server.servers = [mcpserver("wikipedia", status={"phase": "Running"})]
        yield server


@pytest.fixture
def nobody():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return {"name": "gone", "host": f"http://127.0.0.1:{port}", "api_key": "s3cret"}


def to(api, **more):
    return {"host": api.url, "api_key": "s3cret", "name": "here", **more}


def test_the_examples_can_be_used_as_they_are(root, inventory, tmp_path):
    paths = []
    for number, example in enumerate(yaml.safe_load_all(constant(root, "EXAMPLES"))):
        paths.append(tmp_path / f"{number}.mcpservers.yml")
        paths[-1].write_text(yaml.safe_dump(example))
    first, *others = paths
    home = {"HOME": str(tmp_path), "KUBECONFIG": "/nonexistent/kubeconfig"}
    words = [word for path in others for word in ("-i", str(path))]
    said = inventory.show(str(first), "--list", *words, env=home).said
    # Each was understood, and went as far as there was a cluster to ask.
    for path in paths:
        assert f"{path}: " in said or f"{path} " in said
    assert said.count("KUBECONFIG_INVALID") >= len(paths)
    assert "CONNECTIONS_INVALID" not in said


def test_no_servers_are_an_empty_group_and_no_failure(api, inventory):
    api.servers = []
    listing = inventory.show(inventory.write(to(api)), "--graph", env=STOP)
    assert listing.code == 0, listing.errors
    assert "@mcpservers:" in listing.output
    assert not listing.errors


def test_nothing_of_a_cluster_is_ever_a_template(api, inventory, tmp_path):
    server = mcpserver(
        "hostile",
        annotations={"note": TEMPLATE},
        labels={"team": TEMPLATE},
        status={
            "phase": TEMPLATE,
            "message": TEMPLATE,
            "validation": {"protocol": TEMPLATE, "state": TEMPLATE, "capabilities": [TEMPLATE], "endpoint": TEMPLATE},
        },
    )
    server["spec"]["args"] = [TEMPLATE, "{% raw %}"]
    api.servers = [server]
    path = inventory.write(
        to(api),
        compose={"composed": "mcpserver_status.message", "listed": "mcpserver_manifest.spec.args"},
        groups={"chosen": "mcpserver_status.message is defined"},
        keyed_groups=[{"key": "mcpserver_manifest.metadata.labels.team", "prefix": "team"}],
        cache=True,
        cache_plugin="ansible.builtin.jsonfile",
        cache_connection=str(tmp_path / "cache"),
        strict=True,
    )
    play = [
        {
            "hosts": "mcpservers",
            "gather_facts": False,
            "tasks": [
                {"ansible.builtin.set_fact": {"copied": "{{ mcpserver_manifest }}"}},
                {
                    "ansible.builtin.copy": {
                        "dest": f"{tmp_path}/seen",
                        "content": "{{ [mcpserver_manifest, mcpserver_status, composed, listed, copied, group_names] "
                        "| to_json }}",
                    }
                },
            ],
        }
    ]
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump(play))
    for _from in ("the cluster", "the cache"):
        done = subprocess.run(
            ["ansible-playbook", "-i", path, str(playbook)],
            env={**os.environ, **STOP},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        seen = json.loads((tmp_path / "seen").read_text())
        manifest, status, composed, listed, copied, groups = seen
        assert manifest["metadata"] == {
            "name": "hostile",
            "namespace": "team-a",
            "annotations": {"note": TEMPLATE},
            "labels": {"team": TEMPLATE},
        }
        assert copied == manifest
        assert manifest["spec"]["args"] == listed == [TEMPLATE, "{% raw %}"]
        assert (status["phase"], status["validation"]["capabilities"], composed) == (TEMPLATE, [TEMPLATE], TEMPLATE)
        assert all(name.replace("_", "").isalnum() and not name.endswith("_executed") for name in groups)
        assert len(api.asked) == 1


def test_constructed_groups_and_variables(api, inventory):
    api.servers = [mcpserver("a", labels={"team": "search"}, status={"validation": {"requiresAuth": True}})]
    listing = inventory.list(
        to(api),
        compose={"image": "mcpserver_manifest.spec.image"},
        groups={"needs_credentials": "mcpserver_status.validation.requiresAuth"},
        keyed_groups=[{"key": "mcpserver_manifest.metadata.labels.team"}],
        leading_separator=False,
        strict=True,
    )
    assert listing.group("needs_credentials") == listing.group("search") == ["team-a/a"]
    assert listing.hosts["team-a/a"]["image"] == "registry.example.com/server:1"


def test_strict_refuses_an_expression_that_fails(api, inventory):
    listing = inventory.list(to(api), env=STOP, strict=True, compose={"x": "mcpserver_status.validation.nothing"})
    assert listing.code != 0
    assert "team-a/wikipedia" in listing.said


def test_a_cluster_that_is_down_is_a_warning_where_others_are_up(api, nobody, inventory):
    listing = inventory.list(to(api), nobody, env=STOP)
    assert listing.code == 0
    assert listing.group("mcpservers") == ["here/team-a/wikipedia"]
    assert "The inventory lacks a cluster. gone:" in listing.said
    assert "[API_UNREACHABLE]" in listing.said


@pytest.mark.parametrize("all_down", [True, False])
def test_it_is_a_failure_where_that_is_wanted_or_nothing_is_left(api, nobody, inventory, all_down):
    given = [nobody] if all_down else [to(api), nobody]
    listing = inventory.list(*given, env=STOP, fail_on_errors=not all_down)
    assert listing.code != 0
    assert "gone:" in listing.said
    assert "[API_UNREACHABLE]" in listing.said
    assert "wikipedia" not in listing.output
    assert "Traceback" not in listing.errors
    assert "s3cret" not in listing.errors


def test_an_option_that_there_is_not_is_named(api, inventory):
    listing = inventory.list(to(api, namespace="a"), env=STOP)
    assert listing.code != 0
    assert "[CONNECTIONS_INVALID]" in listing.said
    assert "namespace" in listing.said
    assert "s3cret" not in listing.errors


def test_secrets_become_no_variables(api, inventory):
    password = {"username": "me", "password": "s3cret", "api_key": None, "name": "by-password"}
    config = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": api.url}}],
        "users": [{"name": "c", "user": {"token": "s3cret"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }
    listing = inventory.list(to(api), to(api, **password), {"kubeconfig": config, "name": "by-content"})
    assert len(listing.hosts) == 3, listing.errors
    assert "s3cret" not in listing.output + listing.errors
    for found in listing.hosts.values():
        assert not {"mcp_kubeconfig", "mcp_context"} & set(found)
        assert found["mcp_api_server"] == api.url


def test_a_token_can_be_in_a_vault(api, inventory, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of the vault")
    command = [
        "ansible-vault",
        "encrypt_string",
        "--vault-password-file",
        str(secret),
        "the-token",
        "--name",
        "api_key",
    ]
    encrypted = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    path = tmp_path / "vault.mcpservers.yml"
    lines = ["plugin: mcp.kubernetes.mcpservers", "connections:", f"  - host: {api.url}"]
    path.write_text("\n".join(lines + [f"    {line}" for line in encrypted.splitlines()]) + "\n")
    listing = inventory.show(str(path), "--list", "--vault-password-file", str(secret))
    assert listing.group("mcpservers") == ["team-a/wikipedia"], listing.errors
    assert api.tokens == ["Bearer the-token"]


def test_the_cache_is_read_until_it_is_flushed(api, inventory, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = inventory.list(to(api), **cache)
    api.servers = []
    second = inventory.list(to(api), **cache)
    assert second.data == first.data
    assert len(api.asked) == 1
    api.servers = [mcpserver("elsewhere", "team-b")]
    assert inventory.list(to(api, namespaces=["team-b"]), **cache).group("mcpservers") == ["team-b/elsewhere"]
    api.servers = []
    assert inventory.list(to(api), words=("--flush-cache",), **cache).group("mcpservers") == []
    assert len(api.asked) == 3
    assert "s3cret" not in "".join(file.read_text() for file in (tmp_path / "cache").iterdir())


def test_a_cluster_that_was_down_is_not_remembered_as_empty(api, nobody, inventory, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    for _time in ("first", "second"):
        listing = inventory.list(to(api), nobody, **cache)
        assert listing.group("mcpservers") == ["here/team-a/wikipedia"]
        assert "The inventory lacks a cluster" in listing.said
