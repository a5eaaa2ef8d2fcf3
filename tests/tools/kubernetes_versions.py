# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run the tests that depend on the version of the API server against older versions of Kubernetes.

Each version has a testbed of its own, which is built on first use, and deleted after the tests. Arguments are the
versions; without any, all but the default one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from steps import PYTEST, ROOT, Outcome, Step, finish, run_in_the_open

sys.path.insert(0, str(ROOT / "tests" / "cluster"))

from mcp_cluster import programs
from mcp_cluster.cli import KUBERNETES_VARIABLE, NAME_VARIABLE
from mcp_cluster.machine.go_build import KUBERNETES_VERSIONS
from mcp_cluster.providers import VARIABLE

OLDER = [version for version in KUBERNETES_VERSIONS if version != programs.DEFAULT]
FOLDERS = (
    # The schema and its CEL rules, whose functions and limits of cost differ
    "tests/integration/crd",
    # The objects of the chart, its admission policies and their checks of types, and what Helm says of a version
    "tests/integration/chart",
    # Attacks on admission, with fields that not every version has
    "tests/security/t3_operator",
)


def surroundings(version: str) -> dict[str, str]:
    """Return the environment in which tests use the testbed of a version."""
    return {NAME_VARIABLE: f"mcp-{version.replace('.', '-')}", KUBERNETES_VARIABLE: version}


def cluster(command: str, version: str) -> int:
    """Run a command of tests/cluster for the testbed of a version."""
    argv = [sys.executable, str(ROOT / "tests" / "cluster"), command, "--provider", "testbed"]
    return subprocess.run(argv, env={**os.environ, **surroundings(version)}, check=False).returncode


def run(version: str) -> Outcome:
    """Run the tests on one version. Whatever happens, nothing of its testbed goes on running."""
    options = ["-n", "2", "--dist", "loadfile"]
    step = Step(f"Kubernetes {version}", [*PYTEST, *options, *FOLDERS], env=surroundings(version))
    try:
        if (code := cluster("up", version)) != 0:
            return Outcome(step, 0, code, "")
        return run_in_the_open(step)
    finally:
        cluster("down", version)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", metavar="VERSION", help=f"{', '.join(OLDER)} by default")
    versions = parser.parse_args().versions or OLDER
    if unknown := set(versions) - set(KUBERNETES_VERSIONS):
        parser.error(f"no such version: {', '.join(sorted(unknown))}")
    # The tests would use that cluster instead.
    os.environ.pop(VARIABLE, None)
    start = time.monotonic()
    finish([run(version) for version in versions], start, noun="Versions")


if __name__ == "__main__":
    main()
