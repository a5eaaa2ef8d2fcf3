# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Builds with Docker on public base images: for people who have an engine and a registry, and need not be root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .catalogue import Image
from .process import Runner


@dataclass(frozen=True)
class Docker:
    """The engine of the user, with the user's images and cache."""

    runner: Runner
    secrets: Mapping[str, Path]

    def build(self, image: Image, archive: Path) -> None:
        """Build an image and write it as a docker-archive."""
        secrets = [f"--secret=id={name},src={path}" for name, path in self.secrets.items()]
        target = ["--target", image.target] if image.target else []
        where = ["--file", str(image.folder / image.containerfile), "--tag", image.reference, str(image.folder)]
        self.runner.run(
            ["docker", "build", *secrets, *target, *where],
            step=image.name,
            seconds=image.seconds,
            environment={"DOCKER_BUILDKIT": "1"},  # secrets need it
        )
        self.runner.run(["docker", "save", "--output", str(archive), image.reference], step=f"{image.name}: write")

    def finish(self) -> None:
        """Leave everything: images and cache are the user's, and `docker system prune` is theirs to say."""
