# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Let the tests of the protocol import the zoo, and say how hard its parsers are tried.

``pytest --hypothesis-profile=long tests/unit/plugins/module_utils/_mcp -k "not zoo"`` tries them for minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "servers"))

# No time limit for one example: the machine that runs the tests may be busy.
settings.register_profile("long", max_examples=10_000, deadline=None, database=None)
settings.register_profile("short", max_examples=200, deadline=None, database=None)
settings.load_profile("short")
