# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Everything that a change must pass, in the order in which a failure is cheapest.

A part that fails does not keep the later ones from running: one run tells all that is wrong. With a real cluster on two
cores, a test that is right may run out of time: what fails there gets a second try, alone, and the end names the part.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from steps import ROOT, Outcome, Step, finish, run_in_the_open

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


# How the parts with a cluster are tried again: pytest remembers which tests failed.
ONLY_FAILED = [*PYTEST, "--last-failed", "--last-failed-no-failures", "none"]
AGAIN = {
    "integration": [*ONLY_FAILED, "tests/integration"],
    "molecule": [sys.executable, str(TOOLS / "molecule.py")],
    "e2e": [*ONLY_FAILED, "tests/e2e"],
}


def run(part: Step) -> Outcome:
    """Run a part, and what failed of it once more where a cluster takes part."""
    outcome = run_in_the_open(part)
    # 1 is failed tests; anything else, such as an interrupt or a broken file, is no matter of time.
    if outcome.returncode != 1 or part.name not in AGAIN:
        return outcome
    second = run_in_the_open(Step(f"{part.name}, what failed once more", AGAIN[part.name]))
    return replace(outcome, returncode=second.returncode, output="at the second try")


def main() -> None:
    """Run the parts."""
    start = time.monotonic()
    outcomes = [run(part) for part in PARTS]
    late = [outcome.step.name for outcome in outcomes if outcome.output and not outcome.returncode]
    if late:
        print(f"Passed only at the second try: {', '.join(late)}")
    finish(outcomes, start, noun="Parts")


if __name__ == "__main__":
    main()
