# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Real servers, the validator's reports of them, and the tables that the tests of this folder end with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from oracle import servers

TABLES = pytest.StashKey[dict[str, list[str]]]()


@pytest.fixture(scope="session")
def published():
    return servers.catalogue()


@pytest.fixture(scope="session")
def running(published, tmp_path_factory):
    with servers.Running(published, tmp_path_factory.mktemp("published")) as running:
        yield running


@pytest.fixture(scope="session")
def reports(published, running):
    """What the validator says of each server; deep, as the suite also looks at what must be refused."""
    options = Options(deep=True, timeout=120, request_timeout=60)
    return {server.name: validate(Target(url=running.url(server.name)), options) for server in published}


@pytest.fixture(scope="session")
def table(request):
    """Return a function that adds a line to a table."""
    tables = request.config.stash.setdefault(TABLES, {})
    return lambda title, line: tables.setdefault(title, []).append(line)


def pytest_terminal_summary(terminalreporter, config):
    for title, lines in config.stash.get(TABLES, {}).items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
