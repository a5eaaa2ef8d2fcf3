# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from support import cluster
from support.playbooks import Playbooks, Run


@pytest.fixture(scope="session")
def with_core(playbooks: Playbooks) -> Callable[..., Run]:
    """Run a playbook with another ansible-core: ``with_core("2.19", "deploy", ...)``."""

    def run(core: str, playbook: str, *options: str, **variables: object) -> Run:
        programs = cluster.tool("tests/tools/cores.py", core)[-1]
        path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        return playbooks.run(playbook, *options, env=path, **variables)

    return run
