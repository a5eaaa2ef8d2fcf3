# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The preloaded process ends while no run needs it, and only then."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from .conftest import Home, until

SAY = "    - toy.preloaded.say:\n"
IDLE = 0.3


@pytest.fixture
def home(tmp_path):
    """Replaces the fixture whose process stays."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as root:
        home = Home(Path(root), tmp_path, IDLE)
        home.preloader.start()
        yield home
        home.preloader.stop()


def test_it_ends_when_idle_and_the_next_run_is_forked_from_another(home):
    first = home.pid()
    until(lambda: not Path(f"/proc/{first}").exists())
    assert home.run(SAY).hosts["t.a"].message == "first"
    assert home.run(SAY).hosts["t.a"].message == "first"
    assert home.forked == [True, True]


def test_it_does_not_end_while_a_run_is_forked_from_it(home):
    home.pid()
    result = home.run(f"    - ansible.builtin.command: sleep {4 * IDLE}\n    - toy.preloaded.say:\n")
    assert (result.hosts["t.a"].message, home.forked) == ("first", [True])


def test_it_can_be_stopped_while_it_has_ended(home):
    first = home.pid()
    until(lambda: not Path(f"/proc/{first}").exists())
    home.preloader.stop()
    assert not home.preloader._thread.is_alive()
    assert not (home.root / "preload").exists()
