# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One at a time, and nothing to clean up after a holder that was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine.lock import exclusive

pytestmark = pytest.mark.test_all

HOLD = """
import sys, time
from pathlib import Path
sys.path[:0] = {path!r}
from mcp_cluster.machine.lock import exclusive
with exclusive(Path({lock!r}), "the test", 5):
    print("held", flush=True)
    time.sleep(60)
"""


def test_it_is_waited_for_and_free_again_when_its_holder_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "deep" / "lock"
    script = HOLD.format(path=sys.path, lock=str(lock))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        began = time.monotonic()
        with pytest.raises(ClusterError, match="busy with the test"), exclusive(lock, "the test", 0.3):
            pytest.fail("two hold the lock")
        assert time.monotonic() - began < 5
        assert "waiting for it" in capsys.readouterr().err

        holder.send_signal(signal.SIGKILL)
    with exclusive(lock, "the test", 0):
        pass
