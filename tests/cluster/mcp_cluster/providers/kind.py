# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A kind cluster, where there is a Docker engine. Its kubeconfig is kept apart: the user's own is never touched."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ..errors import ClusterError
from ..images.archive import images
from ..locations import Locations
from ..machine.lock import exclusive
from ..machine.shell import run, search_path
from ..progress import say, step
from .base import Line, Provider, UpOptions, api_server_trouble, become

CREATE_TIMEOUT = 900.0
READY_SECONDS = 180


def kind_unavailable() -> str:
    """Why kind cannot be used; empty if it can."""
    for program in ("kind", "docker"):
        if shutil.which(program, path=search_path()) is None:
            return f"{program} is not installed"
    try:
        # The client alone proves nothing: a machine can have it and no engine.
        answer = run(["docker", "info", "--format", "{{.ServerVersion}}"], check=False, timeout=15)
    except ClusterError as error:
        return error.message
    return "" if answer.returncode == 0 else "no Docker engine answers"


class KindCluster(Provider):
    kind = "kind"

    def __init__(self, name: str) -> None:
        self._name = name
        self._locations = Locations.of(name)

    def _exists(self) -> bool:
        return self._name in run(["kind", "get", "clusters"], timeout=60).stdout.split()

    def _file(self) -> Path:
        return self._locations.kubeconfig

    def up(self, options: UpOptions) -> None:
        if options.any:
            raise ClusterError(
                "A kind cluster is used as it comes.", advice="Choose the testbed with --provider testbed."
            )
        with exclusive(self._locations.lock, f"the kind cluster {self._name}", CREATE_TIMEOUT):
            self._file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._exists():
                run(["kind", "export", "kubeconfig", "--name", self._name, "--kubeconfig", self._file()], timeout=60)
            else:
                self._create()
            if trouble := api_server_trouble(self._file()):
                raise ClusterError(
                    f"The kind cluster {self._name} does not answer: {trouble}",
                    advice="Make it anew: `python3 tests/cluster down`, then `up`.",
                )
        say(f"The kind cluster {self._name} is up")

    def _create(self) -> None:
        arguments = ["--name", self._name, "--kubeconfig", str(self._file()), "--wait", f"{READY_SECONDS}s"]
        with step(f"Creating the kind cluster {self._name}", expected=90):
            made = run(["kind", "create", "cluster", *arguments], timeout=CREATE_TIMEOUT, check=False)
        if made.returncode != 0:
            raise ClusterError(
                f"kind cannot create the cluster {self._name}.",
                details=made.stderr.strip()[-2000:],
                advice="Repair Docker, or choose the testbed with --provider testbed.",
            )

    def down(self) -> None:
        with exclusive(self._locations.lock, f"the kind cluster {self._name}", CREATE_TIMEOUT):
            if self._exists():
                run(["kind", "delete", "cluster", "--name", self._name, "--kubeconfig", self._file()], timeout=300)
                say(f"The kind cluster {self._name} is gone")
            else:
                say(f"There is no kind cluster {self._name}")
            shutil.rmtree(self._locations.root, ignore_errors=True)

    def status(self) -> list[Line]:
        if not self._exists():
            return [Line("kind cluster", None, "it does not exist")]
        return [Line("API server", None, api_server_trouble(self.kubeconfig()))]

    def kubeconfig(self) -> Path:
        if not self._file().exists():
            raise ClusterError(
                f"The kind cluster {self._name} is not up.", advice="Bring it up with: python3 tests/cluster up"
            )
        return self._file()

    def load(self, archives: Sequence[Path]) -> None:
        for archive in archives:
            names = ", ".join(image.reference for image in images(archive))
            with step(f"Loading {names}", expected=archive.stat().st_size / 50e6):
                run(["kind", "load", "image-archive", archive, "--name", self._name], timeout=CREATE_TIMEOUT)

    def enter(self, command: list[str]) -> None:
        become(command, self.kubeconfig())
