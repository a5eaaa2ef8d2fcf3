# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Everything that a change must pass; ``run_tests.py --all`` adds what proves things that rarely change.

A part that fails does not keep the later ones from running. What fails with a cluster runs once more, alone: a busy
machine makes a right test run out of time. A test that passes only then is named, and fails the run unless it is in
tests/known_flakes.toml.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from flakes import failed_tests, judge, known
from slowest import print_slowest
from steps import BIN, CACHE, PYTEST, ROOT, Background, Outcome, Step, finish, run_in_the_open

TOOLS = ROOT / "tests" / "tools"
REPORTS = CACHE / "test"
# Most of the time these wait for a cluster or for Ansible to start; what tests of one file share is made once.
TWO_AT_ONCE = ["-n", "2", "--dist", "loadfile"]
EVERYTHING = ["-m", ""]


@dataclass(frozen=True)
class Part:
    """A step in the open, and steps that run beside it.

    :param again: the folder of its tests, where failed ones get a second try.
    """

    step: Step
    beside: list[Step] = field(default_factory=list)
    again: str = ""


def script(name: str, tool: str, *arguments: str) -> Step:
    """Return a step that runs one of our tools."""
    return Step(name, [sys.executable, str(TOOLS / tool), *arguments])


def tests_of(folder: str, *, everything: bool, beside: list[Step]) -> Part:
    """Return a part that runs a folder of tests with a cluster."""
    marks = EVERYTHING if everything else []
    options = ["-o", f"cache_dir={cache(folder)}", "--cache-clear", f"--junit-xml={report_of(folder)}"]
    command = [*PYTEST, *TWO_AT_ONCE, *marks, *options, str(ROOT / "tests" / folder)]
    return Part(Step(folder, command), beside, again=folder)


def cache(folder: str) -> Path:
    """Return where pytest remembers the failed tests of a folder."""
    return REPORTS / f"{Path(folder).name}-cache"


def report_of(folder: str) -> Path:
    """Return where pytest reports the tests of a folder."""
    return REPORTS / f"{Path(folder).name}.xml"


def parts(*, everything: bool) -> list[Part]:
    """Return the parts, in the order in which a failure is cheapest.

    Beside tests that mostly wait for the API server runs what needs a processor and no cluster. Molecule, one process
    with a namespace of its own, runs beside the attacks, few of which need the cluster. Nothing runs beside the
    end-to-end tests: Pods of a busy node miss the deadlines that those test.
    """
    cores = ["--core", "2.19", "2.20", "2.21"] if everything else []
    beside_integration = [
        script("ansible-lint", "check.py", "slow-lint"),
        script("sanity", "sanity.py", *cores),
    ]
    found = [
        Part(script("check", "check.py", *(["--thorough"] if everything else []))),
        tests_of("integration", everything=everything, beside=beside_integration),
        tests_of("security", everything=everything, beside=[script("molecule", "molecule.py")]),
        tests_of("e2e", everything=everything, beside=[]),
    ]
    return [*found, *rarely_changing()] if everything else found


def rarely_changing() -> list[Part]:
    """Return the parts of ``make test-all`` alone."""
    found = [
        Part(Step("oracles", [*PYTEST, "tests/oracles"])),
        Part(Step("fuzz", [str(TOOLS / "fuzz.sh"), "--seconds", "20"])),
    ]
    if testbed_is_used():
        found.append(Part(script("older versions of Kubernetes", "kubernetes_versions.py")))
    else:
        print("Older versions of Kubernetes are left out: they need the testbed, and another cluster is used.")
    if shutil.which("docker") and shutil.which("kind"):
        command = [str(BIN / "molecule"), "test", "--scenario-name", "kind"]
        found.append(Part(Step("molecule kind", command, env={"MOLECULE_GLOB": "molecule/*/molecule.yml"})))
    else:
        print("Molecule's scenario kind is left out: it needs docker and kind.")
    return found


def testbed_is_used() -> bool:
    """Return whether tests run on a cluster whose version can be chosen."""
    command = [sys.executable, str(ROOT / "tests" / "cluster"), "provider"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.startswith("testbed:")


def run(part: Part) -> list[Outcome]:
    """Run a part with what runs beside it, and once more what failed with a cluster."""
    with Background(part.beside) as background:
        outcome = run_in_the_open(part.step)
        beside = background.reports()
    # 1 is failed tests; anything else, such as an interrupt or a broken file, is no matter of time.
    if outcome.returncode == 1 and part.again:
        outcome = second_try(part, outcome)
    return [outcome, *beside]


def second_try(part: Part, first: Outcome) -> Outcome:
    """Run the failed tests of a part alone, and name those that pass now."""
    remembered = cache(part.again)
    before = failed_tests(remembered)
    again = ["--last-failed", "--last-failed-no-failures", "none", "-o", f"cache_dir={remembered}", *EVERYTHING]
    step = Step(f"{part.step.name}, failed tests once more", [*PYTEST, *again, str(ROOT / "tests" / part.again)])
    second = run_in_the_open(step)
    late = judge(before - failed_tests(remembered), known(), dt.datetime.now(tz=dt.UTC).date())
    for flake in late:
        print(f"Passed only at the second try: {flake.test} ({flake.problem or 'a known flake'})", flush=True)
    flaky = second.returncode == 0 and any(flake.problem for flake in late)
    # Without a test by name there is no proof that all that failed was tried again.
    code = 1 if flaky or not before else second.returncode
    return replace(first, returncode=code, seconds=first.seconds + second.seconds)


def main() -> None:
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="with what proves things that rarely change")
    everything = parser.parse_args().all
    known()  # a broken list is reported now, not after half an hour
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    start = time.monotonic()
    outcomes = [outcome for part in parts(everything=everything) for outcome in run(part)]
    print_slowest([report_of(folder) for folder in ("integration", "security", "e2e")])
    finish(outcomes, start, noun="Parts")


if __name__ == "__main__":
    main()
