# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The install block of the README, run as printed by a shell in this checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path


def test_the_install_block_builds_and_installs_the_collection(root: Path, tmp_path: Path) -> None:
    """Run everything but pip, with a folder of the test's own as the place to install to.

    ``--no-deps`` stands for a machine where kubernetes.core is already installed: it is what the README says to add
    where Ansible Galaxy cannot be reached.
    """
    readme = (root / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```shell\n(make build\n.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    lines = [line for line in block.splitlines() if not line.startswith("pip ")]
    assert lines[-1].startswith("ansible-galaxy collection install ")
    lines[-1] += f" --no-deps --offline -p '{tmp_path}'"

    # Without this folder alone on the path, the checkout itself counts as "already installed".
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    script = ["bash", "-euc", "\n".join(lines)]
    done = subprocess.run(script, cwd=root, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    installed = tmp_path / "ansible_collections" / "mcp" / "kubernetes"
    assert (installed / "MANIFEST.json").is_file()
    assert (installed / "playbooks" / "deploy.yml").is_file()
