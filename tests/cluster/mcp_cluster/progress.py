# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Lines that tell somebody who waits what is being done, and for how long still."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    # On stderr: stdout belongs to answers that scripts read, such as the kubeconfig's path.
    print(text, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


@contextmanager
def step(text: str, expected: float = 0) -> Iterator[None]:
    """Announce a step that takes more than a moment, and say how long it took."""
    say(f"{text} (about {duration(expected)})" if expected >= 2 else text)
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 2:
        say(f"  done in {duration(took)}")
