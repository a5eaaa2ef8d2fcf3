# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from imagebuilder import bootstrap, content
from imagebuilder.catalogue import IMAGES, Image, select
from imagebuilder.errors import BuildError

pytestmark = pytest.mark.test_all


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "context"
    (made / "sub").mkdir(parents=True)
    (made / "Containerfile").write_text("FROM scratch\n")
    (made / "sub" / "a").write_text("1")
    return made


def test_the_same_files_elsewhere_have_the_same_digest(folder: Path, tmp_path: Path):
    before = content.folder_digest(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    (moved / "sub" / "a").touch()
    assert content.folder_digest(moved) == before


def test_what_tools_leave_behind_does_not_count(folder: Path):
    before = content.folder_digest(folder)
    for name in ("node_modules", "sub/__pycache__"):
        (folder / name).mkdir()
        (folder / name / "left").write_text("x")
    assert content.folder_digest(folder) == before


@pytest.mark.parametrize("change", ["text", "name", "mode", "more", "border"])
def test_every_change_of_the_files_changes_the_digest(folder: Path, change: str):
    before = content.folder_digest(folder)
    file = folder / "sub" / "a"
    if change == "text":
        file.write_text("2")
    elif change == "name":
        file.rename(folder / "sub" / "b")
    elif change == "mode":
        file.chmod(0o755)
    elif change == "more":
        (folder / "more").write_text("")
    else:  # the end of one file moves to the beginning of the next
        (folder / "Containerfile").write_text("FROM scratch")
        file.write_text("\n1")
    assert content.folder_digest(folder) != before


@pytest.mark.parametrize("field", ["name", "version", "target", "base"])
def test_what_an_image_is_built_as_is_in_its_digest(field: str):
    image = select(["fastmcp"])[0]
    values = {"name": "other", "version": "0", "target": "other", "base": "node"}
    assert content.image_digest(dataclasses.replace(image, **{field: values[field]})) != content.image_digest(image)


def test_a_new_base_makes_new_images_but_not_those_from_scratch(monkeypatch: pytest.MonkeyPatch):
    before = {image.name: content.image_digest(image) for image in IMAGES}
    monkeypatch.setattr(bootstrap, "PACKAGES", (*bootstrap.PACKAGES, "one-more"))
    for image in IMAGES:
        changed = content.image_digest(image) != before[image.name]
        assert changed == bool(image.base), image.name


def test_archives_of_all_images_have_different_names():
    assert len({content.archive_name(image) for image in IMAGES}) == len(IMAGES)


def test_images_are_selected_in_the_order_of_the_catalogue():
    assert [image.name for image in select(["broken", "go-sdk"])] == ["go-sdk", "broken"]
    wanted = [image for image in IMAGES if image.name != "mcp-operator" and not image.named_only]
    assert select([]) == wanted


def test_an_unknown_image_is_named_with_those_there_are():
    with pytest.raises(BuildError, match=r"No image is named nothing\. There are: broken, .*python-sdk-v2"):
        select(["nothing", "go-sdk"])


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
def test_every_image_has_its_containerfile_and_stage(image: Image):
    text = (image.folder / image.containerfile).read_text()
    assert all(f" AS {stage}\n" in text for stage in (image.target, image.kept) if stage)
    assert all(f"COPY {source}" in text for source in image.sources)
    assert "USER 1000:1000\n" in text
    # One Containerfile may have stages on a base and stages from scratch.
    assert "ARG BASE=docker.io/library/" in text or not image.base


def test_only_what_goes_into_an_image_counts_where_the_context_is_larger(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("imagebuilder.catalogue.ROOT", folder)
    (image,) = select(["mcp-operator"])
    image = dataclasses.replace(image, containerfile="Containerfile", sources=("sub", "list.txt"))
    (folder / "list.txt").write_text("a")
    before = content.image_digest(image)
    (folder / "other").write_text("x")
    assert content.image_digest(image) == before
    for changed in ("Containerfile", "sub/a", "list.txt"):
        file, text = folder / changed, (folder / changed).read_text()
        file.write_text(f"{text}#")
        assert content.image_digest(image) != before
        file.write_text(text)


def test_the_bases_are_of_different_suites():
    assert len({content.base_digest(base) for base in ("", "python", "python-3.13", "node")}) == 4
