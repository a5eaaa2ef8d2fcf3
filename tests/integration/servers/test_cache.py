# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from imagebuilder import cache
from imagebuilder.catalogue import select
from imagebuilder.errors import BuildError

pytestmark = pytest.mark.test_all

(IMAGE,) = select(["fastmcp"])


def test_the_cache_is_where_the_user_keeps_caches(caches: Path, monkeypatch: pytest.MonkeyPatch):
    assert cache.folder() == caches
    assert cache.archive_of(IMAGE).parent == caches
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert cache.folder() == Path("/home/somebody/.cache/mcp-kubernetes/images")


def test_a_killed_predecessors_files_are_removed(caches: Path):
    (caches / "work" / "run").mkdir(parents=True)
    (caches / "fastmcp-0123456789abcdef.partial").touch()
    whole = caches / "fastmcp-0123456789abcdef.tar"
    whole.touch()
    with cache.locked():
        assert sorted(path.name for path in caches.iterdir()) == [".lock", whole.name]


def test_whoever_waits_for_the_lock_is_told_and_not_for_ever(
    caches: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(cache, "LOCK_DEADLINE", 0.1)
    caches.mkdir(parents=True)
    with (caches / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BuildError, match="Another build has held"), cache.locked():
            pytest.fail("the lock was another's")
    assert "another build is running" in capsys.readouterr().err


def test_the_newest_archives_of_an_image_are_kept(caches: Path):
    caches.mkdir(parents=True)
    archives = [caches / f"fastmcp-{number:016x}.tar" for number in range(5)]
    others = [caches / "fastmcp-two-0123456789abcdef.tar", caches / "python-sdk-v2-0123456789abcdef.tar"]
    for age, path in enumerate([*archives, *others]):
        path.touch()
        os.utime(path, (1000 - age, 1000 - age))
    cache.prune(IMAGE)
    assert set(caches.iterdir()) == {*archives[: cache.KEPT_ARCHIVES_PER_IMAGE], *others}
