# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Limits of the kernel that one user's processes share, and that several clusters on one machine outgrow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..progress import say

SYSCTLS = Path("/proc/sys")
# The kernel's 128 instances are those of one kubelet and its Pods: the kubelet of a third cluster dies with
# "inotify_init: too many open files".
LEAST = {"fs/inotify/max_user_instances": 1024, "fs/inotify/max_user_watches": 524288}


def raise_limits(least: Mapping[str, int] = LEAST, root: Path = SYSCTLS) -> None:
    """Raise what is lower than it must be; nothing is lowered, and a machine that forbids it stays as it is."""
    for name, value in least.items():
        path = root / name
        try:
            if int(path.read_text(encoding="ascii")) < value:
                path.write_text(f"{value}\n", encoding="ascii")
        except (OSError, ValueError) as error:
            say(f"{name.replace('/', '.')} could not be raised to {value}: {error}")
