# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Other ways to the same end: the installed tarball, and ansible-runner."""

from __future__ import annotations

import os
import subprocess

import ansible_runner
import pytest

from support.playbooks import Playbooks

SPEC = {"image": "localhost/mcp-servers/go-sdk:1.8.0"}


@pytest.fixture(scope="session")
def installed(tmp_path_factory, root):
    """The collection as ansible-galaxy installs it, and nothing else of this checkout."""
    folder = tmp_path_factory.mktemp("collections")
    built = tmp_path_factory.mktemp("built")

    # Elsewhere than in this checkout nothing is installed yet.
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder)}

    def galaxy(*words):
        command = ["ansible-galaxy", "collection", *words]
        subprocess.run(command, check=True, cwd=root, env=env, stdout=subprocess.DEVNULL)

    galaxy("build", "--output-path", str(built))
    (tarball,) = built.glob("*.tar.gz")
    galaxy("install", "--no-deps", "--offline", "-p", str(folder), str(tarball))
    return f"{folder}:{_dependencies(tmp_path_factory, root)}"


def _dependencies(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("dependencies")
    (folder / "ansible_collections" / "kubernetes").mkdir(parents=True)
    core = root / ".cache" / "collections" / "ansible_collections" / "kubernetes" / "core"
    (folder / "ansible_collections" / "kubernetes" / "core").symlink_to(core)
    return folder


def test_the_installed_tarball_does_the_same(installed, kubeconfig, crd, images, namespace, manifests, client):
    run = Playbooks(kubeconfig, installed).run("deploy", mcp_manifests=manifests(server=SPEC), mcp_namespace=namespace)
    assert run.code == 0, run.output
    found = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")
    assert found["status"]["validation"]["state"] == "Validated"


def test_the_table_is_readable_under_ansible_runner(kubeconfig, crd, images, namespace, manifests, tmp_path):
    private = tmp_path / "runner"
    private.mkdir()
    done = ansible_runner.run(
        private_data_dir=str(private),
        playbook="mcp.kubernetes.deploy",
        extravars={"mcp_manifests": manifests(server=SPEC), "mcp_namespace": namespace},
        envvars={
            "K8S_AUTH_KUBECONFIG": kubeconfig,
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": os.environ["ANSIBLE_HOME"],
        },
        quiet=True,
    )
    # Not of `done.stdout`: ansible-runner leaves lines out there that it reads at once with the start of an event.
    output = "\n".join(event["stdout"] for event in done.events)
    assert done.rc == 0, output
    assert "NAME     PHASE     REPLICAS" in output
    rows = [line for line in output.splitlines() if line.startswith("server ")]
    assert any("Running" in row and "Validated" in row for row in rows)
