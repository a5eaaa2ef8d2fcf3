# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path

import pytest
from imagebuilder import bootstrap

pytestmark = pytest.mark.test_all


def test_the_machines_own_sources_of_the_suite_are_taken():
    listed = (
        "Debian bookworm main http://mirror.example/debian/\n"
        "Debian bookworm main http://mirror.example/debian/\n"
        "Debian bookworm-updates main http://mirror.example/debian/\n"
        "Debian bookworm-security main http://mirror.example/security/\n"
        "Debian bookworm contrib http://mirror.example/debian/\n"
        "Debian trixie main http://mirror.example/debian/\n"
        "Somebody bookworm main http://somebody.example/\n"
        "Debian bookworm-backports main http://mirror.example/debian/\n"
        "  bookworm main\n"
    )
    assert bootstrap.select_sources(listed) == [
        "deb http://mirror.example/debian/ bookworm main",
        "deb http://mirror.example/debian/ bookworm-updates main",
        "deb http://mirror.example/security/ bookworm-security main",
    ]


def test_another_release_or_distribution_leaves_it_to_the_tools_default():
    assert bootstrap.select_sources("Ubuntu noble main http://mirror.example/ubuntu/\n") == []
    assert bootstrap.select_sources("Debian bookworm-security main http://mirror.example/security/\n") == []


def test_the_sources_come_last_on_the_command_line():
    command = bootstrap.arguments(Path("/cache/debian.tar"), ["deb a bookworm main", "deb b bookworm main"])
    assert command[0] == "mmdebstrap"
    assert command[-4:] == ["bookworm", "/cache/debian.tar", "deb a bookworm main", "deb b bookworm main"]
    assert bootstrap.arguments(Path("/x"), [])[-1] == "/x"


def test_nothing_of_the_machine_stays_in_the_base():
    (hook,) = (word for word in bootstrap.arguments(Path("/x"), []) if word.startswith("--customize-hook="))
    for file in ("etc/apt/sources.list*", "etc/resolv.conf", "etc/hostname"):
        assert f" {file}" in hook
    assert hook.startswith('--customize-hook=cd "$1" && rm -rf ')


def test_the_recipe_holds_no_source():
    assert not any("://" in part for part in bootstrap.recipe())
