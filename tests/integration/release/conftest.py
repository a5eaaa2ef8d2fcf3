# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A release, published in a real registry with authentication that the node of a testbed reaches."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import cluster, release_checkout
from support.own_testbed import OwnTestbed, own_testbed, packages, used_by_tools

NAME = "mcp-release-test"
VERSION = "98.7.6"
# On the loopback device of the testbed, where containerd pulls without TLS.
HOST = "127.0.0.1:5000"
REGISTRY = f"{HOST}/mcp"
USER, PASSWORD = "release", "release-test"
# By bcrypt, which is all that the registry takes.
HTPASSWD = f"{USER}:$2b$05$abcdefghijklmnopqrstuukHsVUAZErHH7knyFACjatrgU8hmUVHy\n"
KEY_PASSWORD = {"COSIGN_PASSWORD": "key-test"}
CONFIG = """\
version: 0.1
log: {{level: info}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "{host}"}}
auth: {{htpasswd: {{realm: test, path: {passwords}}}}}
"""
OF_TESTBED = {"MCP_TEST_CLUSTER": NAME}
# Where a release of the repository has its files.
DOWNLOADS = f"releases/download/v{VERSION}"


def within(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command from which the registry is reached."""
    argv = [sys.executable, "tests/cluster", "run", "--", *command]
    surroundings = {**os.environ, **OF_TESTBED, **environment}
    return subprocess.run(argv, cwd=cluster.ROOT, env=surroundings, capture_output=True, text=True, check=False)


class Registry:
    """The registry, and the programs that publish to it and verify what is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "registry.log"
        self.crane = cluster.tool("tests/cluster", "program", "crane")[0]
        self.cosign = cluster.tool("tests/cluster", "program", "cosign")[0]
        self.login = folder / "login"
        self.login.mkdir()
        auth = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        (self.login / "config.json").write_text(json.dumps({"auths": {HOST: {"auth": auth}}}), encoding="utf-8")

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program with the credentials."""
        return within(program, *arguments, DOCKER_CONFIG=str(self.login), **KEY_PASSWORD)

    def ask(self, *arguments: str) -> str:
        """Run crane, which must succeed, and return what it prints."""
        done = self.run(self.crane, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def make_key(self, name: str) -> str:
        """Make a pair of keys for signatures, and return the path of both without their endings."""
        done = self.run(self.cosign, "generate-key-pair", "--output-key-prefix", str(self.folder / name))
        assert done.returncode == 0, done.stderr
        return str(self.folder / name)


@pytest.fixture(scope="session")
def testbed() -> Iterator[OwnTestbed]:
    with own_testbed(NAME) as run:
        yield OwnTestbed(run("kubeconfig"))


@pytest.fixture(scope="module", autouse=True)
def _used_by_tools(testbed: OwnTestbed) -> Iterator[None]:
    with used_by_tools(NAME):
        yield


@pytest.fixture(scope="session")
def registry(testbed: OwnTestbed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    made = Registry(tmp_path_factory.mktemp("registry"))
    passwords, config = made.folder / "htpasswd", made.folder / "config.yml"
    passwords.write_text(HTPASSWD, encoding="utf-8")
    text = CONFIG.format(folder=made.folder / "data", host=HOST, passwords=passwords)
    config.write_text(text, encoding="utf-8")
    program = packages.ensure_registry() / "docker-registry"
    argv = [sys.executable, "tests/cluster", "run", "--", str(program), "serve", str(config)]
    options: dict[str, Any] = {"cwd": cluster.ROOT, "env": {**os.environ, **OF_TESTBED}}
    with made.log.open("w") as log, subprocess.Popen(argv, stdout=log, stderr=log, **options) as process:
        try:
            cluster.until("the registry listens", lambda: "listening on" in made.log.read_text(encoding="utf-8"))
            yield made
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve a folder as the repository does the files of a release; yield the URL and the folder of all releases."""
    folder = tmp_path_factory.mktemp("page")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/kubernetes", folder / "kubernetes"
        server.shutdown()


@pytest.fixture(scope="session")
def dist(page: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a release of this checkout whose settings name the registry, and put its files where they are downloaded."""
    url, folder = page
    checkout = release_checkout.make(tmp_path_factory.mktemp("release") / "checkout")
    settings = checkout / "release" / "settings.yml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    values = {"registry": REGISTRY, "repository": url}
    for number, line in enumerate(lines):
        name = line.partition(":")[0]
        if name in values:
            lines[number] = f"{name}: {values[name]}\n"
    settings.write_text("".join(lines), encoding="utf-8")
    for tool in (["addresses.py"], ["release.py", VERSION]):
        argv = [sys.executable, str(checkout / "tests" / "tools" / tool[0]), *tool[1:]]
        done = subprocess.run(argv, cwd=checkout, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        if tool == ["addresses.py"]:
            release_checkout.commit(checkout, "Say where the project is published")
    target = folder / DOWNLOADS
    target.parent.mkdir(parents=True)
    (checkout / "dist").rename(target)
    return target


@pytest.fixture(scope="session")
def key(registry: Registry) -> str:
    return registry.make_key("release")


@pytest.fixture(scope="session")
def published(registry: Registry, dist: Path, key: str) -> dict[str, str]:
    """Publish the release; return the references of images and chart by digest, by their names."""
    done = publish(registry, dist, "--key", f"{key}.key")
    assert done.returncode == 0, done.stderr
    return {line.partition("@")[0].removeprefix(f"{REGISTRY}/"): line for line in done.stdout.splitlines()}


def publish(registry: Registry, dist: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run what ``make publish`` runs."""
    tool = [sys.executable, str(cluster.ROOT / "tests" / "tools" / "publish.py"), VERSION]
    return registry.run(*tool, "--registry", REGISTRY, "--folder", str(dist), *options)
