# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from imagebuilder import build, cache, cli, engines, registries
from imagebuilder.catalogue import IMAGES, Image, select
from imagebuilder.errors import BuildError

pytestmark = pytest.mark.test_all


class FakeEngine:
    """Writes archives that hold the image's name, but one that it cannot build."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.built: list[str] = []
        self.finished = False

    def build(self, image: Image, archive: Path) -> None:
        archive.write_text("half")
        if image.name == self.failing:
            raise BuildError("it failed")
        archive.write_text(image.name)
        self.built.append(image.name)

    def finish(self) -> None:
        self.finished = True


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(engines, "choose", lambda _: "fake")
    monkeypatch.setattr(engines, "make", lambda *_: fake)
    monkeypatch.setattr(registries, "write_secrets", lambda _: {})
    return fake


@pytest.fixture
def main(program: Callable[..., Path]) -> Callable[[list[str]], int]:
    """Return the command behind `python3 tests/servers`, without a program that it could call."""
    return cli.main


def test_only_what_is_missing_is_built(engine: FakeEngine):
    first, second = select(["go-sdk", "broken"])
    build.build([first])
    assert build.build([first, second]) == [cache.archive_of(first), cache.archive_of(second)]
    assert engine.built == ["go-sdk", "broken"]
    assert cache.archive_of(second).read_text() == "broken"
    assert engine.finished


def test_a_second_run_needs_no_engine(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch):
    images = select(["go-sdk"])
    build.build(images)
    monkeypatch.setattr(engines, "choose", lambda _: pytest.fail("nothing was to be built"))
    assert build.build(images) == [cache.archive_of(images[0])]


def test_a_failed_build_leaves_no_archive_and_keeps_those_before(engine: FakeEngine):
    engine.failing = "broken"
    images = select(["go-sdk", "broken"])
    with pytest.raises(BuildError, match="it failed"):
        build.build(images)
    assert [cache.archive_of(image).exists() for image in images] == [True, False]
    engine.failing = ""
    build.build(images)
    assert engine.built == ["go-sdk", "broken"]


def test_build_prints_the_archives_and_nothing_else(
    engine: FakeEngine, main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
):
    assert main(["build"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(cache.archive_of(image)) for image in select([])]


def test_archives_that_are_not_built_are_an_error_that_says_how(
    engine: FakeEngine, main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
):
    build.build(select(["go-sdk"]))
    assert main(["archives", "go-sdk"]) == 0
    assert capsys.readouterr().out == f"{cache.archive_of(select(['go-sdk'])[0])}\n"
    assert main(["archives", "go-sdk", "broken"]) == 1
    assert "Not built yet: broken. Run: python3 tests/servers build broken" in capsys.readouterr().err


def test_the_list_tells_how_to_reach_each_server(
    engine: FakeEngine, main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
):
    build.build(select(["python-sdk-sse"]))
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["python-sdk-sse"] == {
        "name": "python-sdk-sse",
        "image": "localhost/mcp-servers/python-sdk-sse:1.30.0",
        "transport": "sse",
        "path": "/sse",
        "archive": str(cache.archive_of(select(["python-sdk-sse"])[0])),
        "built": True,
    }
    assert not rows["go-sdk"]["built"]
    assert rows["broken"]["path"] == ""


def test_an_unknown_name_is_an_error_and_no_traceback(
    main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]
):
    assert main(["build", "nothing"]) == 1
    assert capsys.readouterr().err.startswith("error: No image is named nothing.")


def test_the_cache_is_not_needed_to_be_there(main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]):
    assert main(["list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(IMAGES) + 1
    assert not cache.folder().exists()
