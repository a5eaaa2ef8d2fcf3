# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All specimens."""

from __future__ import annotations

from ..specimen import Specimens
from . import answers, auth, calls, correct, handshake, lists, reach, refusals, shapes, sse, stateless, tokens

SPECIMENS: Specimens = [
    specimen
    for room in (correct, reach, answers, handshake, lists, shapes, sse, stateless, auth, tokens, calls, refusals)
    for specimen in room.SPECIMENS
]
