# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Let every test import the collection as Ansible does: ``ansible_collections.mcp.kubernetes.plugins...``."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pluggy
import pytest

ROOT = Path(__file__).resolve().parents[1]
COLLECTIONS = ROOT / ".cache" / "collections"

if not (COLLECTIONS / "ansible_collections" / "mcp" / "kubernetes").is_dir():
    pytest.exit("This checkout is not ready to be tested: run `make bootstrap`.", returncode=2)

sys.path[:0] = [str(COLLECTIONS), str(ROOT / "tests"), str(ROOT / "operator" / "src")]
# For the Ansible programs that tests start: our collections, and no file of the user's home.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
os.environ["ANSIBLE_HOME"] = str(ROOT / ".cache" / "ansible")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".cache" / "hypothesis")

# What the tests against a cluster share; it needs the paths above.
from support.fixtures import client, crd, kubeconfig, manifests, namespace, playbooks  # noqa: E402, F401


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport]]:
    """Let the namespace's fixture know whether the test failed, so that it tells what the cluster says."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.report = report


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the collection."""
    return ROOT
