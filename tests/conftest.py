# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Let every test import the collection as Ansible does: ``ansible_collections.mcp.kubernetes.plugins...``."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pluggy
import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parents[1]
COLLECTIONS = ROOT / ".cache" / "collections"
SLOW_FILES = ROOT / "tests" / "slow_files.toml"

if not (COLLECTIONS / "ansible_collections" / "mcp" / "kubernetes").is_dir():
    pytest.exit("This checkout is not ready to be tested: run `make bootstrap`.", returncode=2)

sys.path[:0] = [str(COLLECTIONS), str(ROOT / "tests"), str(ROOT / "operator" / "src")]
# For the Ansible programs that tests start: our collections, and no file of the user's home.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
os.environ["ANSIBLE_HOME"] = str(ROOT / ".cache" / "ansible")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".cache" / "hypothesis")

# What the tests against a cluster share; it needs the paths above.
from support.fixtures import client, crd, kubeconfig, manifests, namespace, playbooks  # noqa: E402, F401

# How many examples a property is tried with: `pytest --hypothesis-profile=thorough` is for `make test-all`.
# An example has no time limit, because the machine may be busy.
settings.register_profile("quick", max_examples=50, deadline=None, database=None)
settings.register_profile("thorough", max_examples=2_000, deadline=None, database=None)
settings.load_profile("quick")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport]]:
    """Let the namespace's fixture know whether the test failed, so that it tells what the cluster says."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.report = report


# Files and folders whose tests run in one process, by what they need for themselves: a testbed of their own, or the
# shared cluster's one place for an operator, for which another process would wait.
ONE_PROCESS = {
    "tests/integration/operator": "testbed of the operator's tests",
    "tests/integration/cluster": "testbed of the testbed's tests",
    "tests/integration/network": "testbed of the tests of networks",
    "tests/integration/certificates": "testbed of the tests of certificates",
    "tests/integration/release": "testbed of the tests of a release",
    "tests/integration/install": "place for an operator",
    "tests/integration/roles/test_mcpserver_modes.py": "place for an operator",
}


def scope_of(nodeid: str) -> str:
    """Return what runs in one process with a test: its file, or all that needs the same thing in ONE_PROCESS."""
    file = nodeid.partition("::")[0]
    return ONE_PROCESS.get(file) or ONE_PROCESS.get(file.rpartition("/")[0], file)


class ByFile(LoadFileScheduling):
    """Gives a file to a worker, the longest one first, so that no worker is left with a long one at the end.

    How long the slow files take is in slow_files.toml; of the others, the one with the most tests is first.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self._seconds: Counter[str] = Counter()
        for file, seconds in tomllib.loads(SLOW_FILES.read_text(encoding="utf-8")).items():
            self._seconds[scope_of(file)] += seconds

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = max(self.workqueue, key=lambda scope: (self._seconds[scope], len(self.workqueue[scope])))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Replace the scheduler of `--dist loadfile`."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the collection."""
    return ROOT


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Return all files that are in the repository or on their way into it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    found = [root / name for name in listed.split("\0") if name]
    return [path for path in found if path.is_file()]
