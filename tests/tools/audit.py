# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Look for known vulnerabilities in dependencies, and for insecure code.

A tool whose database cannot be reached, or whose program is missing, is skipped, and the reason is printed. A skipped
tool does not fail the run: this says nothing about the code.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import cores
from steps import ROOT, Step, finish, run_in_the_open

OSV = "https://api.osv.dev/"
GO_VULNERABILITIES = os.environ.get("GOVULNDB", "https://vuln.go.dev")
GOVULNCHECK = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"
# Everything that is installed where users or the operator run it.
LOCKS = ("requirements/dev.txt", "operator/requirements.txt", "sidecar/requirements.txt")
PYTHON = ("plugins", "operator/src")
# Ruff checks these rules, /tmp and yaml.load, too. Bandit does not read the comments that explain the exceptions.
ELSEWHERE = "B108,B506"
TIMEOUT = 10


def obstacle(url: str) -> str | None:
    """Return why a database cannot be reached, None where it can."""
    try:
        with urlopen(url, timeout=TIMEOUT):
            return None
    except HTTPError:
        return None  # it responds; the tool knows the right path
    except (URLError, OSError) as error:
        return f"cannot reach {url} ({getattr(error, 'reason', error)})"


def steps(found: Path) -> list[tuple[Step, str | None]]:
    """Return the tools, each with the reason for which it is skipped."""
    osv = obstacle(OSV)
    audits: list[tuple[Step, str | None]] = []
    for lock in LOCKS:
        options = ["--vulnerability-service", "osv", "--disable-pip", "--no-deps", "--progress-spinner", "off"]
        audits.append((Step(f"pip-audit {lock}", [str(found / "pip-audit"), *options, "--requirement", lock]), osv))
    go = None if shutil.which("go") else "Go is not installed"
    check = Step(
        "govulncheck sidecar", ["go", "run", GOVULNCHECK, "-db", GO_VULNERABILITIES, "./..."], cwd=ROOT / "sidecar"
    )
    insecure = Step(
        "bandit",
        [str(found / "bandit"), "--quiet", "--recursive", "--severity-level", "medium", "--skip", ELSEWHERE, *PYTHON],
    )
    return [*audits, (check, go or obstacle(f"{GO_VULNERABILITIES}/index/modules.json.gz")), (insecure, None)]


def main() -> None:
    """Run what can run."""
    start = time.monotonic()
    outcomes = []
    skipped = []
    for step, reason in steps(cores.installed("audit", "audit")):
        if reason is None:
            outcomes.append(run_in_the_open(step))
        else:
            skipped.append(step.name)
            print(f"skipped: {step.name}: {reason}", flush=True)
    if skipped:
        print(f"Skipped: {', '.join(skipped)}", flush=True)
    finish(outcomes, start)


if __name__ == "__main__":
    main()
