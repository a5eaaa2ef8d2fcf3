# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Builds with buildah on a base made here: needs root and Debian's packages, but no registry and no daemon."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import bootstrap, content
from .catalogue import Image
from .errors import BuildError
from .process import Runner
from .progress import say

BASE_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
GO_BUILD = ("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w")
NODE_SECONDS = 40
# Of machines that build, by their names in images.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# What stays in the storage between runs.
BASES = "localhost/mcp-servers-base"


@dataclass(frozen=True)
class ExportOptions:
    """How images are written for others.

    :param epoch: seconds since 1970, the time of the images and of all their files.
    :param tag: the reference of an image, with ``{name}`` for its name.
    :param labels: ``NAME=VALUE``.
    :param architecture: as in ``GOARCH``, this machine's when empty.
    """

    epoch: int
    tag: str
    labels: tuple[str, ...] = ()
    architecture: str = ""


@dataclass(frozen=True)
class Buildah:
    """The engine; its storage is the cache's own, other users of buildah do not meet it.

    :param storage: layers and base images, kept between runs.
    :param work: files of this run only.
    """

    runner: Runner
    storage: Path
    work: Path
    secrets: Mapping[str, Path]

    def build(self, image: Image, archive: Path) -> None:
        """Build an image and write it as a docker-archive."""
        arguments = self._arguments(image)
        file = image.folder / image.containerfile
        if image.kept:
            kept = [*arguments, "--target", image.kept]
            self._bud(
                file, image.folder, f"{BASES}/{image.name}:{image.kept}", kept, step=image.name, seconds=image.seconds
            )
        self._bud(file, image.folder, image.reference, arguments, step=image.name, seconds=image.seconds)
        # A docker-archive: its images keep their names in `ctr images import`, which an oci-archive's lose.
        destination = f"docker-archive:{archive}:{image.reference}"
        self._buildah("push", "--quiet", image.reference, destination, step=f"{image.name}: write")

    def export(self, image: Image, layout: Path, options: ExportOptions) -> None:
        """Build an image anew and write it as an OCI layout, with the same bytes in each run on the same base.

        Layers of earlier builds are not used, because their files have other times.
        """
        arguments = [*self._arguments(image, options.architecture), "--no-cache", "--timestamp", str(options.epoch)]
        arguments += [f"--label={label}" for label in options.labels]
        if options.architecture:
            # The second one is for stages that run programs; buildah does not know it by itself.
            arguments += ["--platform", f"linux/{options.architecture}"]
            arguments += ["--build-arg", f"BUILDPLATFORM=linux/{ARCHITECTURES[platform.machine()]}"]
        reference = options.tag.format(name=image.name)
        file = image.folder / image.containerfile
        self._bud(file, image.folder, reference, arguments, step=image.name, seconds=image.seconds)
        self._buildah("push", "--quiet", reference, f"oci:{layout}:{reference}", step=f"{image.name}: write")

    def finish(self) -> None:
        """Free what only this run needed; the bases stay."""
        images = self._buildah("images", "--format", "{{.Name}}:{{.Tag}}", step="list images").split()
        for name in images:
            if not name.startswith(f"{BASES}/") and not name.startswith("<none>"):
                self._buildah("rmi", "--force", name, step="free an image")
        self._buildah("rmi", "--prune", "--force", step="free layers")

    def _arguments(self, image: Image, architecture: str = "") -> list[str]:
        """Return the options of a build that name the stage, the base and the programs."""
        arguments = ["--target", image.target] if image.target else []
        if image.base:
            arguments += ["--build-arg", f"BASE={self._base(image.base)}"]
        if image.has_programs:
            arguments += ["--build-context", f"programs={self._go_programs(image, architecture)}"]
        return arguments

    def _base(self, base: str) -> str:
        """Return the reference of a base image, made when it is missing."""
        reference = f"{BASES}/{base}:{content.base_digest(base)[:16]}"
        if not self._buildah("images", "--quiet", "--filter", f"reference={reference}", step="look for a base").strip():
            if base in bootstrap.SUITES:
                self._make_debian(reference, bootstrap.SUITES[base])
            else:
                arguments = ["--build-arg", f"BASE={self._base('python')}"]
                say("Node.js base")
                self._bud(
                    content.NODE_CONTEXT / "Containerfile",
                    content.NODE_CONTEXT,
                    reference,
                    arguments,
                    step="Node.js base",
                    seconds=NODE_SECONDS,
                )
        return reference

    def _make_debian(self, reference: str, suite: str) -> None:
        say(f"Debian {suite} base (about {bootstrap.SECONDS} s, once)")
        root = self.work / "debian.tar"
        bootstrap.make(self.runner, root, suite)
        container = self._buildah("from", "scratch", step="Debian base: begin").strip()
        self._buildah("add", "--quiet", container, str(root), "/", step="Debian base: add files")
        self._buildah("config", "--env", BASE_PATH, container, step="Debian base: configure")
        self._buildah("commit", "--quiet", "--rm", container, reference, step="Debian base: commit")
        root.unlink()

    def _go_programs(self, image: Image, architecture: str) -> Path:
        """Build the Go programs of a context with this machine's Go: there is no local image of a Go toolchain."""
        if not shutil.which("go"):
            raise BuildError(f"{image.name} needs Go on the PATH, 1.26 or newer.")
        programs = self.work / "-".join(filter(None, ("programs", image.folder.name, architecture)))
        if not programs.exists():
            self.runner.run(
                [*GO_BUILD, "-o", f"{programs}/", "./cmd/..."],
                step=f"{image.name}: Go programs",
                seconds=60,
                environment={"CGO_ENABLED": "0", **({"GOARCH": architecture} if architecture else {})},
                folder=image.folder,
            )
        return programs

    def _bud(self, file: Path, context: Path, reference: str, arguments: list[str], *, step: str, seconds: int) -> None:
        secrets = [f"--secret=id={name},src={path}" for name, path in self.secrets.items()]
        # chroot isolation and the host's network: a build then needs neither cgroups nor bridges of its own.
        options = ["--isolation", "chroot", "--network", "host", "--pull-never"]
        options += [] if "--no-cache" in arguments else ["--layers"]
        where = ["--file", str(file), "--tag", reference, str(context)]
        self._buildah("bud", *options, *secrets, *arguments, *where, step=step, seconds=seconds)

    def _buildah(self, *arguments: str, step: str, seconds: int = 0) -> str:
        # In a mount namespace of its own, so that the mounts of a killed build go with it.
        isolated = ["unshare", "--mount", "--propagation", "private"]
        where = ["--root", str(self.storage), "--runroot", str(self.work / "run")]
        return self.runner.run([*isolated, "buildah", *where, *arguments], step=step, seconds=seconds)
