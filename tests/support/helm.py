# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The real Helm, with nothing of the user's own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from . import cluster
from .yaml_files import load_yaml, parse_all_yaml

CHART = cluster.ROOT / "operator" / "chart"
RELEASE = "mcp-operator"
NAMESPACE = "mcp-operator-system"
OLDEST = "1.31.0"
VERSION = load_yaml(CHART / "Chart.yaml")["appVersion"]
# The chart refuses its own placeholder.
REPOSITORY = "registry.test/mcp/mcp-operator"
WITH_IMAGE = ("--set", f"image.repository={REPOSITORY}")


class Helm:
    """Runs Helm on the chart of this checkout, or on another one."""

    def __init__(self, home: Path, kubeconfig: str = "") -> None:
        self._program = cluster.tool("tests/cluster", "helm")[0]
        folders = {f"HELM_{part}_HOME": str(home / part.lower()) for part in ("CACHE", "CONFIG", "DATA")}
        self._environment = {**os.environ, **folders, "KUBECONFIG": kubeconfig}
        # Many tests compare with what the chart makes of the same values, for example of none.
        self._rendered: dict[tuple[str, tuple[str, ...]], str] = {}

    def run(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run it and leave the judgement to the caller."""
        return subprocess.run(
            [self._program, *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def __call__(self, *arguments: str, timeout: float = 300) -> str:
        """Run it; it must succeed."""
        done = self.run(*arguments, timeout=timeout)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def template(
        self, values: dict[str, Any] | None = None, *, api_versions: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """Return the objects that the chart makes of values, in a cluster that also knows some APIs."""
        options = tuple(word for name in api_versions for word in ("--api-versions", name))
        asked = (json.dumps(values or {}), options)
        if asked not in self._rendered:
            done = self.render(values, *options)
            assert done.returncode == 0, done.stderr
            self._rendered[asked] = done.stdout
        return parse_all_yaml(self._rendered[asked])  # parsed each time: a test may change what it gets

    def refuse(self, values: dict[str, Any]) -> str:
        """Return why the chart does not take the values."""
        done = self.render(values)
        assert done.returncode != 0, "Helm takes it"
        return done.stderr

    def render(self, values: dict[str, Any] | None = None, *options: str) -> subprocess.CompletedProcess[str]:
        """Render the chart without a cluster, with an image that is no placeholder by default."""
        given = values or {}
        used = {**given, "image": {"repository": REPOSITORY, **given.get("image", {})}}
        command = [self._program, "template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--kube-version", OLDEST]
        return subprocess.run(
            [*command, "--skip-tests", *options, "--values", "-"],
            env=self._environment,
            input=yaml.safe_dump(used),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
