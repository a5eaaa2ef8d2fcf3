# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is published of a release."""

from __future__ import annotations

import base64
import json
import os
import shlex
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from releasing import archives, build, image_policies, images, layouts, publishing

from support.oci_layouts import VERSION, chart, image

REGISTRY = "registry.test/us"
KEY = "-----BEGIN PUBLIC KEY-----\nabc=\n-----END PUBLIC KEY-----\n"
CREATED = "2026-01-31T10:00:00Z"


class FakeTools(publishing.Tools):
    """A registry that remembers what was pushed and signed."""

    def __init__(self, key: str = "key") -> None:
        self.key = key
        self.there: dict[str, str] = {}
        self.signed: list[str] = []

    def published(self, reference: str) -> str:
        return self.there.get(reference, "")

    def push(self, layout: Path, reference: str) -> None:
        self.there[reference] = layouts.digest(layout)

    def sign(self, reference: str) -> None:
        self.signed.append(reference)

    def public_key(self) -> str:
        return KEY

    def sign_file(self, path: Path, bundle: Path) -> None:
        self.signed.append(path.name)
        bundle.touch()


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """Return a folder with a release: the chart, and images that are all the same."""
    folder = tmp_path / "dist"
    folder.mkdir()
    layouts.write_chart(tmp_path / "chart", chart(tmp_path), CREATED)
    layouts.write_index(tmp_path / "image", {"amd64": image(tmp_path / "amd64", "amd64")}, {}, {})
    for name in images.PUBLISHED:
        layout = tmp_path / ("chart" if name == images.CHART else "image")
        archives.pack_layout(folder / images.archive_name(name, VERSION), layout, 0)
    sums = "".join(f"{archives.sha256(path)}  {path.name}\n" for path in folder.iterdir())
    (folder / build.SUMS).write_text(sums, encoding="utf-8")
    return folder


def test_images_and_chart_are_pushed_and_signed_by_digest(dist: Path) -> None:
    tools = FakeTools()
    found = list(publishing.publish(dist, VERSION, REGISTRY, tools))
    names = ["mcp-operator", "mcp-stdio-bridge", "mcp-stdio-runtimes", "mcp-operator-bundle", "charts/mcp-operator"]
    assert list(tools.there) == [f"{REGISTRY}/{name}:{VERSION}" for name in names]
    assert found == [f"{REGISTRY}/{name}@{digest}" for name, digest in zip(names, tools.there.values(), strict=True)]
    assert tools.signed == [build.SUMS, *found]
    assert (dist / publishing.BUNDLE).is_file()
    assert (dist / image_policies.PUBLIC_KEY).read_text(encoding="utf-8") == KEY


@pytest.mark.parametrize(
    ("registry", "prefix"),
    [(REGISTRY, REGISTRY), ("docker.io/us", "index.docker.io/us"), ("localhost:5000", "localhost:5000")],
)
def test_policies_require_signatures_of_the_key(dist: Path, registry: str, prefix: str) -> None:
    list(publishing.publish(dist, VERSION, registry, FakeTools()))
    found = {
        name: (dist / name).read_text(encoding="utf-8") for name in (image_policies.SIGSTORE, image_policies.KYVERNO)
    }
    assert "data: |\n" in found[image_policies.SIGSTORE], "the key can be compared by eye"
    sigstore = yaml.safe_load(found[image_policies.SIGSTORE])["spec"]
    assert [entry["key"]["data"] for entry in sigstore["authorities"]] == [KEY]
    globs = [entry["glob"] for entry in sigstore["images"]]
    assert globs[:2] == [f"{prefix}/mcp-operator:**", f"{prefix}/mcp-operator@**"]
    assert len(globs) == 2 * len(images.DESCRIPTIONS)
    kyverno = yaml.safe_load(found[image_policies.KYVERNO])["spec"]
    assert [entry["cosign"]["key"]["data"] for entry in kyverno["attestors"]] == [KEY]
    assert kyverno["matchImageReferences"][0] == {"glob": f"{registry}/mcp-operator:*"}
    assert {rule["expression"].split(".")[1] for rule in kyverno["validations"]} == {
        *("containers", "initContainers", "ephemeralContainers"),
    }


def test_without_a_key_there_are_no_policies(dist: Path) -> None:
    list(publishing.publish(dist, VERSION, REGISTRY, FakeTools(key="")))
    assert not list(dist.glob("image-policy-*"))


def test_a_key_that_cannot_sign_is_found_before_something_is_pushed(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_file(_tools: FakeTools, _path: Path, _bundle: Path) -> None:
        sys.exit("decrypt: encrypted: decryption failed")

    monkeypatch.setattr(FakeTools, "sign_file", sign_file)
    tools = FakeTools()
    with pytest.raises(SystemExit, match="decryption failed"):
        list(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert tools.there == {}, "nothing was pushed"


@pytest.mark.parametrize("failing", ["push", "sign"])
def test_what_failed_in_the_middle_is_continued(dist: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    tools, works = FakeTools(), getattr(FakeTools, failing)
    name = images.PUBLISHED[2]

    def fail(self: FakeTools, *arguments: object) -> None:
        if any(f"/{name}" in str(argument) for argument in arguments):
            sys.exit("connection refused")
        works(self, *arguments)

    monkeypatch.setattr(FakeTools, failing, fail)
    found: list[str] = []
    with pytest.raises(SystemExit, match="connection refused"):
        found.extend(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert len(tools.there) == 2 + (failing == "sign")
    monkeypatch.setattr(FakeTools, failing, works)
    found = list(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert list(tools.there) == [f"{REGISTRY}/{name}:{VERSION}" for name in images.PUBLISHED]
    assert set(found) <= set(tools.signed)


@pytest.mark.parametrize(
    ("registry", "name"),
    [("registry.test:5000/us", "registry.test:5000"), ("docker.io/us", "https://index.docker.io/v1/")],
)
def test_credentials_of_the_environment_are_used_while_it_is_published(
    monkeypatch: pytest.MonkeyPatch, registry: str, name: str
) -> None:
    monkeypatch.setenv("REGISTRY_USER", "robot$us")
    monkeypatch.setenv("REGISTRY_PASSWORD", "a:b'c")
    monkeypatch.setenv("DOCKER_CONFIG", "/before")
    with publishing.login(registry):
        folder = Path(os.environ["DOCKER_CONFIG"])
        written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        assert list(written["auths"]) == [name]
        assert base64.b64decode(written["auths"][name]["auth"]) == b"robot$us:a:b'c"
        assert folder.stat().st_mode & 0o77 == 0
    assert os.environ["DOCKER_CONFIG"] == "/before"
    assert not folder.exists()


def test_without_credentials_those_of_docker_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REGISTRY_USER", "REGISTRY_PASSWORD", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    with publishing.login(REGISTRY):
        assert "DOCKER_CONFIG" not in os.environ
    monkeypatch.setenv("REGISTRY_USER", "us")
    with pytest.raises(SystemExit, match="both REGISTRY_USER and REGISTRY_PASSWORD"), publishing.login(REGISTRY):
        pass


def test_without_a_key_nothing_is_signed(dist: Path) -> None:
    tools = FakeTools(key="")
    assert len(list(publishing.publish(dist, VERSION, REGISTRY, tools))) == len(images.PUBLISHED)
    assert tools.signed == []


def test_the_same_version_is_published_again_but_not_with_another_content(dist: Path) -> None:
    tools = FakeTools()
    first = list(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert list(publishing.publish(dist, VERSION, REGISTRY, tools)) == first
    tools.there = {f"{REGISTRY}/charts/mcp-operator:{VERSION}": "sha256:other"}
    with pytest.raises(SystemExit, match="is published as sha256:other"):
        list(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert len(tools.there) == 1, "nothing was pushed"


def crane(folder: Path, monkeypatch: pytest.MonkeyPatch, stdout: str, stderr: str, status: int) -> publishing.Tools:
    """Return tools whose crane is a script that prints and ends as told."""
    script = folder / "crane"
    lines = [f"printf %s {shlex.quote(stdout)}", f"printf %s {shlex.quote(stderr)} >&2", f"exit {status}"]
    script.write_text("\n".join(["#!/bin/sh", *lines]), encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(publishing, "_program", lambda _name: str(script))
    return publishing.Tools("")


REFERENCE = f"{REGISTRY}/mcp-operator:{VERSION}"
MANIFEST = f"https://registry.test/v2/us/mcp-operator/manifests/{VERSION}"
# What crane prints before it asks by GET.
HEAD = f"2026/01/31 10:00:00 HEAD request failed, falling back on GET: HEAD {MANIFEST}: unexpected status code"


def test_what_is_published_has_a_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert crane(tmp_path, monkeypatch, "sha256:abc\n", "", 0).published(REFERENCE) == "sha256:abc"


@pytest.mark.parametrize(
    "error",
    [
        "MANIFEST_UNKNOWN: manifest unknown; unknown tag",
        "NAME_UNKNOWN: repository name not known to registry",
        "NOT_FOUND: artifact us/mcp-operator:1.2.3 not found",
        "unexpected status code 404 Not Found: <html>",
    ],
)
def test_what_the_registry_does_not_have_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    stderr = f"{HEAD} 404 Not Found\nError: GET {MANIFEST}: {error}\n"
    assert crane(tmp_path, monkeypatch, "", stderr, 1).published(REFERENCE) == ""


@pytest.mark.parametrize(
    ("stderr", "status"),
    [
        (f"{HEAD} 401 Unauthorized\nError: GET {MANIFEST}: UNAUTHORIZED: authentication required\n", 1),
        (f"{HEAD} 403 Forbidden\nError: GET {MANIFEST}: DENIED: not MANIFEST_UNKNOWN\n", 1),
        (f"{HEAD} 429 Too Many Requests\nError: GET {MANIFEST}: TOOMANYREQUESTS: slow down\n", 1),
        (f"{HEAD} 404 Not Found\nError: GET {MANIFEST}: unexpected status code 503 Service Unavailable\n", 1),
        ("Error: GET https://registry.test/token: unexpected status code 404 Not Found\n", 1),
        ('Error: Get "https://registry.test/v2/": dial tcp 192.0.2.1:443: connect: connection refused\n', 1),
        ("", 0),
    ],
    ids=["401", "403", "429", "503 after HEAD", "404 of another address", "connection", "no digest"],
)
def test_a_registry_that_cannot_be_read_ends_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stderr: str, status: int
) -> None:
    with pytest.raises(SystemExit) as caught:
        crane(tmp_path, monkeypatch, "", stderr, status).published(REFERENCE)
    said = f"Cannot tell whether {REFERENCE} is published already. Nothing was pushed."
    assert caught.value.code == f"{stderr}\n{said}"


def test_files_that_are_not_those_of_the_release_are_not_published(dist: Path) -> None:
    (dist / images.archive_name(images.CHART, VERSION)).write_bytes(b"changed")
    with pytest.raises(SystemExit, match="is not what SHA256SUMS says"):
        list(publishing.publish(dist, VERSION, REGISTRY, FakeTools()))
    (dist / build.SUMS).unlink()
    with pytest.raises(SystemExit, match="has no SHA256SUMS"):
        publishing.check(dist, [])


def test_an_archive_whose_digest_is_not_known_is_not_published(dist: Path) -> None:
    name = images.archive_name("mcp-stdio-bridge", VERSION)
    lines = (dist / build.SUMS).read_text(encoding="utf-8").splitlines(keepends=True)
    (dist / build.SUMS).write_text("".join(line for line in lines if name not in line), encoding="utf-8")
    tools = FakeTools()
    with pytest.raises(SystemExit, match=f"{name} is not listed in SHA256SUMS"):
        list(publishing.publish(dist, VERSION, REGISTRY, tools))
    assert tools.there == {}, "nothing was pushed"


def test_a_release_without_images_is_not_published(dist: Path) -> None:
    with pytest.raises(SystemExit, match=r"There is no .*mcp-operator-2.0.0.oci.tar"):
        list(publishing.publish(dist, "2.0.0", REGISTRY, FakeTools()))


def test_an_archive_cannot_write_elsewhere(dist: Path) -> None:
    path = dist / images.archive_name("mcp-operator", VERSION)
    before = archives.sha256(path)
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    sums = (dist / build.SUMS).read_text(encoding="utf-8")
    line = f"{before}  {path.name}"
    assert line in sums
    changed = sums.replace(line, f"{archives.sha256(path)}  {path.name}")
    (dist / build.SUMS).write_text(changed, encoding="utf-8")
    with pytest.raises(tarfile.OutsideDestinationError):
        list(publishing.publish(dist, VERSION, REGISTRY, FakeTools()))
