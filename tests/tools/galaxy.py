# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Let galaxy-importer judge the tarball, as Ansible Galaxy does when a version is uploaded.

Its linter sees no collection that ours depends on and warns of each playbook that takes one; `make lint` sees them.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

import cores
from bootstrap import ROOT
from steps import BIN, Step, finish, run_in_the_open
from tarball import rewrite

# ansible-test has `make sanity`, with every core that is supported.
SETTINGS = "[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_ANSIBLE_LINT = True\n"


def main() -> None:
    """Build, and import what was built."""
    start = time.monotonic()
    found = cores.installed("galaxy-importer", "galaxy")
    with tempfile.TemporaryDirectory(prefix="mcp-kubernetes-") as folder:
        settings = Path(folder) / "galaxy-importer.cfg"
        settings.write_text(SETTINGS, encoding="utf-8")
        build = [str(BIN / "ansible-galaxy"), "collection", "build", "--output-path", folder]
        subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        (tarball,) = Path(folder).glob("*.tar.gz")
        rewrite(tarball)
        env = {
            "PATH": f"{found}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "GALAXY_IMPORTER_CONFIG": str(settings),
        }
        command = [str(found / "python"), "-m", "galaxy_importer.main", str(tarball)]
        outcome = run_in_the_open(Step("galaxy-importer", command, cwd=Path(folder), env=env))
    finish([outcome], start)


if __name__ == "__main__":
    main()
