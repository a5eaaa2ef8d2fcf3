# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The node's images."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..errors import ClusterError, tail
from ..machine.shell import run
from ..progress import say, step
from .archive import Image, images

IMPORT_TIMEOUT = 600.0
# Seen: 400 MB in 8 s.
BYTES_PER_SECOND = 50e6


class ImageStore:
    def __init__(self, client: Sequence[str]) -> None:
        self._client = list(client)

    def load(self, archive: Path, *, quiet: bool = False) -> None:
        wanted = images(archive)
        present = self._digests()
        names = ", ".join(image.reference for image in wanted)
        if all(self._has(image, present) for image in wanted):
            if not quiet:
                say(f"{names}: already on the node")
            return
        with step(f"Loading {names}", expected=archive.stat().st_size / BYTES_PER_SECOND):
            self._import(archive)
        absent = {image.reference for image in wanted} - self._digests().keys()
        if absent:
            raise ClusterError(f"{archive} was imported, but the node has no image called {', '.join(sorted(absent))}.")

    def _digests(self) -> dict[str, str]:
        """References, each with the digest of what it names: a manifest, or an index of manifests."""
        listed = run([*self._client, "images", "list"], timeout=30).stdout.splitlines()[1:]
        return {fields[0]: fields[2] for line in listed if len(fields := line.split()) > 2}

    def _has(self, image: Image, present: dict[str, str]) -> bool:
        digest = present.get(image.reference)
        if digest is None:
            return False
        return digest == image.manifest if image.manifest else self._config_of(digest) == image.config

    def _config_of(self, digest: str) -> str:
        answer = run([*self._client, "content", "get", digest], check=False, timeout=30)
        try:
            return str(json.loads(answer.stdout)["config"]["digest"])
        except (ValueError, KeyError, TypeError):
            return ""

    def _import(self, archive: Path) -> None:
        # By standard input: the archive need not be visible from containerd's mount namespace.
        with archive.open("rb") as content:
            try:
                done = subprocess.run(
                    [*self._client, "images", "import", "-"],
                    stdin=content,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    timeout=IMPORT_TIMEOUT,
                    text=True,
                    errors="replace",
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise ClusterError(f"Importing {archive} did not end within {IMPORT_TIMEOUT:.0f} s.") from error
        if done.returncode != 0:
            raise ClusterError(f"containerd does not take {archive}.", details=tail(done.stdout))
