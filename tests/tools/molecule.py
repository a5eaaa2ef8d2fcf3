# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run Molecule's scenario ``default`` on the cluster that the tests use.

Arguments go to Molecule: ``molecule.py verify`` or ``molecule.py test --destroy never``. Without any, it is ``test``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid

from steps import BIN, ROOT, Step, finish, run_in_the_open

SERVER = "go-sdk"
# Molecule wants its scenarios elsewhere in a collection, and says so at each run unless it is told where they are.
SCENARIOS = "molecule/*/molecule.yml"


def ask(*command: str) -> list[str]:
    """Run one of the tests' own tools and return what it prints; what it says about a failure is enough."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout.splitlines()


def cluster() -> dict[str, str]:
    """Return how Molecule's playbooks find a cluster that is up and has the server's image."""
    ask("tests/cluster", "up")
    if "MCP_MOLECULE_IMAGE" not in os.environ:
        ask("tests/servers", "build", SERVER)
        ask("tests/cluster", "load", *ask("tests/servers", "archives", SERVER))
    return {"K8S_AUTH_KUBECONFIG": ask("tests/cluster", "kubeconfig")[0]}


def namespace() -> dict[str, str]:
    """Return a namespace of this run's own: two checkouts may share a cluster. A later command needs the same again."""
    return {"MCP_MOLECULE_NAMESPACE": os.environ.get("MCP_MOLECULE_NAMESPACE", f"mcp-molecule-{uuid.uuid4().hex[:8]}")}


def main() -> None:
    """Run Molecule."""
    start = time.monotonic()
    command = sys.argv[1:] or ["test"]
    environment = {"MOLECULE_GLOB": SCENARIOS, **namespace(), **cluster()}
    step = Step(f"molecule {command[0]}", [str(BIN / "molecule"), *command], env=environment)
    finish([run_in_the_open(step)], start, noun="Scenarios")


if __name__ == "__main__":
    main()
