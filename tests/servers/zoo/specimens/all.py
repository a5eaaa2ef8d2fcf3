# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All specimens."""

from __future__ import annotations

from ..specimen import Specimens
from . import answers, auth, correct, handshake, lists, reach, refusals, sse, stateless

SPECIMENS: Specimens = [
    specimen
    for room in (correct, reach, answers, handshake, lists, sse, stateless, auth, refusals)
    for specimen in room.SPECIMENS
]
