# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The process that holds the lock of a state file until the run of Ansible ends. See _rollout_lock.py."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time


def main(pid: int, watched: int, path: str) -> None:
    """Wait until a process has ended, and remove the file of its lock.

    :param watched: a descriptor that becomes readable when the process has ended; -1 where the system has none.
    """
    if watched >= 0:
        ended = select.poll()
        ended.register(watched, select.POLLIN)
        ended.poll()
    else:
        with contextlib.suppress(OSError):
            while True:
                os.kill(pid, 0)
                time.sleep(1)
    with contextlib.suppress(OSError):
        os.unlink(path)  # noqa: PTH108  # starts without pathlib


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
