# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Progress lines, on standard error: standard output is for results."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    print(f"[images] {text}", file=sys.stderr, flush=True)
