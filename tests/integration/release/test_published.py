# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a registry has after ``make publish``: images by digest, an index, the chart, and signatures."""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import pytest

from support import cluster

from .conftest import REGISTRY, VERSION, Registry, publish, within

# It builds all images of a release.
pytestmark = pytest.mark.test_all

NAMES = {"mcp-operator", "mcp-stdio-bridge", "mcp-stdio-runtimes", "mcp-operator-bundle", "charts/mcp-operator"}
# The field e_machine of ELF programs, at this place.
MACHINE, AMD64, ARM64 = 18, 62, 183


def verify(registry: Registry, public: str, reference: str) -> tuple[int, str]:
    """Verify a signature as users do; return the exit status and what cosign says."""
    done = registry.run(registry.cosign, "verify", "--key", public, "--insecure-ignore-tlog=true", reference)
    return done.returncode, done.stdout + done.stderr


def test_images_and_chart_are_there_by_digest_and_by_tag(registry: Registry, published: dict[str, str]) -> None:
    assert set(published) == NAMES
    for name, reference in published.items():
        assert registry.ask("digest", reference) == reference.partition("@")[2]
        assert registry.ask("digest", f"{REGISTRY}/{name}:{VERSION}") == reference.partition("@")[2]
        if not name.startswith("charts/"):
            registry.ask("validate", "--fast", "--remote", reference)


def test_without_credentials_nothing_is_published_or_read(
    registry: Registry, dist: Path, published: dict[str, str], tmp_path: Path
) -> None:
    tool = [sys.executable, str(cluster.ROOT / "tests" / "tools" / "publish.py"), VERSION, "--unsigned"]
    options = ["--registry", f"{REGISTRY}/other", "--folder", str(dist)]
    refused = within(*tool, *options, DOCKER_CONFIG=str(tmp_path))
    assert refused.returncode != 0
    assert "unauthorized" in refused.stderr.lower()
    refused = within(registry.crane, "digest", published["mcp-operator"], DOCKER_CONFIG=str(tmp_path))
    assert "unauthorized" in refused.stderr.lower()


def test_it_is_published_once_more_without_a_change(registry: Registry, dist: Path, published: dict[str, str]) -> None:
    done = publish(registry, dist, "--unsigned")
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == set(published.values())


def test_signatures_are_those_of_the_key(registry: Registry, published: dict[str, str], key: str) -> None:
    other = registry.make_key("other")
    for reference in published.values():
        status, said = verify(registry, f"{key}.pub", reference)
        assert status == 0, said
        status, said = verify(registry, f"{other}.pub", reference)
        assert status != 0, said
        assert "invalid signature" in said


def test_what_is_not_signed_is_refused(registry: Registry, published: dict[str, str], key: str) -> None:
    changed = f"{REGISTRY}/mcp-stdio-bridge:changed"
    registry.ask("mutate", "--platform", "linux/amd64", published["mcp-operator"], "--label", "a=b", "--tag", changed)
    status, said = verify(registry, f"{key}.pub", changed)
    assert status != 0
    assert "no signatures found" in said


def test_the_checksums_of_all_files_are_signed(
    registry: Registry, dist: Path, published: dict[str, str], key: str, tmp_path: Path
) -> None:
    options = ["--key", f"{key}.pub", "--insecure-ignore-tlog=true", "--bundle", str(dist / "SHA256SUMS.sigstore.json")]
    done = registry.run(registry.cosign, "verify-blob", *options, str(dist / "SHA256SUMS"))
    assert done.returncode == 0, done.stderr
    changed = tmp_path / "SHA256SUMS"
    changed.write_text((dist / "SHA256SUMS").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert registry.run(registry.cosign, "verify-blob", *options, str(changed)).returncode != 0


def test_the_index_of_the_sidecar_has_a_program_for_each_architecture(
    registry: Registry, published: dict[str, str], tmp_path: Path
) -> None:
    index = json.loads(registry.ask("manifest", published["mcp-stdio-bridge"]))
    platforms = [entry["platform"]["architecture"] for entry in index["manifests"]]
    assert platforms == ["amd64", "arm64"]
    for architecture, machine in (("amd64", AMD64), ("arm64", ARM64)):
        layout = tmp_path / architecture
        platform = f"linux/{architecture}"
        registry.ask("pull", "--platform", platform, "--format", "oci", published["mcp-stdio-bridge"], str(layout))
        assert programs(layout) == {machine}
        config = json.loads(registry.ask("config", "--platform", platform, published["mcp-stdio-bridge"]))
        labels = config["config"]["Labels"]
        assert config["architecture"] == architecture
        assert labels["org.opencontainers.image.version"] == VERSION
        assert labels["org.opencontainers.image.title"] == "mcp-stdio-bridge"


def test_images_with_python_say_for_which_architecture_they_are(registry: Registry, published: dict[str, str]) -> None:
    for name in ("mcp-operator", "mcp-stdio-runtimes"):
        index = json.loads(registry.ask("manifest", published[name]))
        assert len(index["manifests"]) == 1
        done = registry.run(registry.crane, "config", "--platform", "linux/s390x", published[name])
        assert done.returncode != 0
        assert "no child with platform linux/s390x" in done.stderr


def programs(layout: Path) -> set[int]:
    """Return for which machines the programs in an image's layers are."""
    found = set()
    for blob in (layout / "blobs" / "sha256").iterdir():
        if not tarfile.is_tarfile(blob):
            continue
        with tarfile.open(blob) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                head = file.read(MACHINE + 2) if file else b""
                if head.startswith(b"\x7fELF"):
                    found.add(int.from_bytes(head[MACHINE:], "little"))
    return found
