# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pushes the images, the bundle and the chart of a release, and signs them: by crane and cosign."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import image_policies, layouts
from .archives import sha256
from .build import SUMS
from .images import PUBLISHED, archive_name

BUNDLE = f"{SUMS}.sigstore.json"
# How crane ends if a registry says that it does not have a manifest. NOT_FOUND is Harbor's. Warnings do not count:
# after a HEAD request that fails in any way, crane tries again by GET.
_ABSENT = re.compile(
    r"^Error: GET \S+/manifests/\S+: (MANIFEST_UNKNOWN|NAME_UNKNOWN|NOT_FOUND|unexpected status code 404)\b",
    re.MULTILINE,
)


@contextmanager
def login(registry: str) -> Iterator[None]:
    """Use REGISTRY_USER and REGISTRY_PASSWORD for a registry, if they are set, as pipelines have them.

    :raises SystemExit: only one of them is set.
    """
    user, password = (os.environ.get(f"REGISTRY_{name}", "") for name in ("USER", "PASSWORD"))
    if not user and not password:
        yield
        return
    if not user or not password:
        sys.exit("Set both REGISTRY_USER and REGISTRY_PASSWORD, or none of them.")
    host = registry.partition("/")[0]
    # The name of Docker Hub in Docker's configuration
    name = "https://index.docker.io/v1/" if host in ("docker.io", "index.docker.io") else host
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    before = os.environ.get("DOCKER_CONFIG")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps({"auths": {name: {"auth": auth}}}), encoding="utf-8")
        os.environ["DOCKER_CONFIG"] = folder
        try:
            yield
        finally:
            del os.environ["DOCKER_CONFIG"]
            if before is not None:
                os.environ["DOCKER_CONFIG"] = before


class Tools:
    """crane, and cosign where there is a key.

    :param key: private key of the signatures, none when empty.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._crane = _program("crane")
        self._cosign = _program("cosign") if key else ""

    def published(self, reference: str) -> str:
        """Return the digest of what has a reference in the registry; empty if nothing has it.

        :raises SystemExit: the registry does not say whether something has it.
        """
        done = subprocess.run([self._crane, "digest", reference], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.strip()
        if done.returncode and _ABSENT.search(done.stderr):
            return ""
        sys.exit(f"{done.stderr}\nCannot tell whether {reference} is published already. Nothing was pushed.")

    def push(self, layout: Path, reference: str) -> None:
        """Push the one thing that a layout contains, with all that it refers to."""
        _run(self._crane, "push", str(layout), reference)

    def sign(self, reference: str) -> None:
        """Sign what has a digest, and the images to which it refers. Nothing is written to a public log."""
        _run(self._cosign, "sign", "--yes", "--key", self.key, "--tlog-upload=false", "--recursive", reference)

    def public_key(self) -> str:
        """Return the public key of the signatures in PEM."""
        command = [self._cosign, "public-key", "--key", self.key]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode or "PUBLIC KEY" not in done.stdout:
            sys.exit(f"{done.stderr}\nThe public key could not be read. Nothing was pushed.")
        return done.stdout

    def sign_file(self, path: Path, bundle: Path) -> None:
        """Sign a file."""
        options = ["--yes", "--key", self.key, "--tlog-upload=false", "--bundle", str(bundle)]
        _run(self._cosign, "sign-blob", *options, str(path))


def publish(folder: Path, version: str, registry: str, tools: Tools) -> Iterator[str]:
    """Publish the files of a release; yield the reference of each image, of the bundle and of the chart, by digest.

    :raises SystemExit: a file is missing or changed, the version is published with another content, or a tool failed.
    """
    check(folder, [archive_name(name, version) for name in PUBLISHED])
    with tempfile.TemporaryDirectory() as scratch:
        found = [(name, _unpacked(folder / archive_name(name, version), Path(scratch))) for name in PUBLISHED]
        # Before anything is pushed: what users have pinned or verified must not change under its name.
        for name, layout in found:
            before = tools.published(f"{registry}/{name}:{version}")
            if before not in ("", layouts.digest(layout)):
                sys.exit(f"{registry}/{name}:{version} is published as {before}. Publish a new version instead.")
        # The first use of the key: a wrong one, or a wrong password, must not leave images without a signature.
        if tools.key:
            tools.sign_file(folder / SUMS, folder / BUNDLE)
            image_policies.write(folder, registry, tools.public_key())
        for name, layout in found:
            tools.push(layout, f"{registry}/{name}:{version}")
            reference = f"{registry}/{name}@{layouts.digest(layout)}"
            if tools.key:
                tools.sign(reference)
            yield reference


def check(folder: Path, archives: Iterable[str]) -> None:
    """Compare all files with their digests.

    :param archives: names of the files that are to be published.
    :raises SystemExit: a file is missing or changed, or the digest of an archive is not known.
    """
    if not (folder / SUMS).is_file():
        sys.exit(f"{folder} has no {SUMS}: run make release first.")
    listed = set()
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split(maxsplit=1)
        if not (folder / name).is_file() or sha256(folder / name) != digest:
            sys.exit(f"{folder / name} is missing or is not what {SUMS} says: run make release again.")
        listed.add(name)
    for name in archives:
        if not (folder / name).is_file():
            sys.exit(f"There is no {folder / name}: run make release with this version, and with the images.")
        if name not in listed:
            sys.exit(f"{folder / name} is not listed in {SUMS}: run make release again.")


def _unpacked(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(folder / archive.stem, filter="data")
    return folder / archive.stem


def _program(name: str) -> str:
    cluster = Path(__file__).resolve().parents[2] / "cluster"
    command = [sys.executable, str(cluster), "program", name]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _run(*command: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"{done.stderr}\nFailed with exit status {done.returncode}: {' '.join(command)}\n"
            "What was pushed before stays. Remove the cause, then run the same command again."
        )
