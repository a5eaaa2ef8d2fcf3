# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import cluster
from support.playbooks import Playbooks, Run


class Encrypted(str):
    """A value as ansible-vault encrypts it: the tag makes YAML write it as one."""

    __slots__ = ()


class Writer(yaml.SafeDumper):
    """Writes playbooks."""


Writer.add_representer(Encrypted, lambda writer, value: writer.represent_scalar("!vault", str(value), style="|"))


@pytest.fixture(scope="session")
def image(kubeconfig: str) -> str:
    cluster.load_images("go-sdk")
    return "localhost/mcp-servers/go-sdk:1.8.0"


@pytest.fixture
def vault_password(tmp_path: Path) -> str:
    path = tmp_path / "vault-password"
    path.write_text("correct horse battery staple", encoding="utf-8")
    return str(path)


@pytest.fixture
def encrypt(vault_password: str) -> Callable[[str], Encrypted]:
    def run(text: str) -> Encrypted:
        command = ["ansible-vault", "encrypt", "--vault-password-file", vault_password, "--output", "-"]
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True, check=True)
        return Encrypted(done.stdout)

    return run


@pytest.fixture
def play(playbooks: Playbooks, tmp_path: Path, namespace: str) -> Callable[..., Run]:
    """Run a user's own play of the role on one host: ``play(spec, "-v", no_log=True)``."""

    def run(
        spec: dict[str, Any], *options: str, observe: bool = True, env: dict[str, str] | None = None, **keywords: Any
    ) -> Run:
        metadata = {"name": "server", "namespace": namespace}
        manifest = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": metadata, "spec": spec}
        tasks = [{"ansible.builtin.include_role": {"name": "mcp.kubernetes.mcpserver"}}]
        written = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"mcpserver_manifest": manifest, "mcpserver_observe": observe},
            "tasks": tasks,
            **keywords,
        }
        path = tmp_path / "own.yml"
        path.write_text(yaml.dump([written], Dumper=Writer, sort_keys=False), encoding="utf-8")
        return playbooks.run(str(path), *options, env=env)

    return run
