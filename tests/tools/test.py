# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Everything that a change must pass, in the order in which a failure is cheapest.

A part that fails does not keep the later ones from running: one run tells all that is wrong.
"""

from __future__ import annotations

import sys
import time

from steps import ROOT, Step, finish, run_in_the_open

TOOLS = ROOT / "tests" / "tools"
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# Most of the time these wait for a cluster or for Ansible to start; what tests of one file share is made once.
TWO_AT_ONCE = ["-n", "2", "--dist", "loadfile"]

# Later parts need a cluster. A part is listed here when it has tests, not before.
PARTS = [
    Step("check", [sys.executable, str(TOOLS / "check.py")]),
    Step("sanity", [sys.executable, str(TOOLS / "sanity.py")]),
    Step("integration", [*PYTEST, *TWO_AT_ONCE, "tests/integration"]),
    Step("molecule", [sys.executable, str(TOOLS / "molecule.py")]),
    Step("e2e", [*PYTEST, *TWO_AT_ONCE, "tests/e2e"]),
]


def main() -> None:
    """Run the parts."""
    start = time.monotonic()
    finish([run_in_the_open(part) for part in PARTS], start, noun="Parts")


if __name__ == "__main__":
    main()
