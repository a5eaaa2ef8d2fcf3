# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Run a command to its end, with a deadline, and turn its failure into a sentence."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import ClusterError, tail

# An unprivileged user's PATH lacks the folders where Debian puts ip, iptables and the like.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def search_path() -> str:
    return os.environ.get("PATH", "") + ":" + SYSTEM_PATH


def run(
    argv: Sequence[str | Path],
    *,
    timeout: float = 60,
    check: bool = True,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in argv]
    try:
        done = subprocess.run(
            command,
            timeout=timeout,
            env=dict(env) if env is not None else {**os.environ, "PATH": search_path()},
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise ClusterError(f"{command[0]} is not installed.") from error
    except subprocess.TimeoutExpired as error:
        raise ClusterError(f"{' '.join(command[:3])} ... did not end within {timeout:.0f} s.") from error
    if check and done.returncode != 0:
        raise ClusterError(
            f"{' '.join(command)[:300]} failed with exit code {done.returncode}.",
            details=tail(done.stderr or done.stdout),
        )
    return done
