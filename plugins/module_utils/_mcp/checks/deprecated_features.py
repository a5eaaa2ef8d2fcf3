# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find the deprecated features that a server declares (pure).

A declared feature counts as used: whether clients use it cannot be observed.
"""

from __future__ import annotations

import typing as t

from ..._deprecations import DEPRECATIONS
from ..protocol.session import LEGACY_SSE

if t.TYPE_CHECKING:
    from ..protocol.session_state import SessionState


def check_declared(state: SessionState) -> None:
    """Add an issue for the transport and for each declared capability that is deprecated."""
    if state.transport == LEGACY_SSE:
        state.issues.add("DEPRECATED_HTTP_SSE", "The server was validated over HTTP+SSE.")
    if "logging" in state.capabilities:
        state.issues.add("DEPRECATED_LOGGING", "The server declares the capability logging, which counts as use.")


def used_features(state: SessionState) -> tuple[str, ...]:
    """Return the identifiers of the deprecated features for which there is an issue."""
    codes = state.issues.codes
    return tuple(one.feature for one in DEPRECATIONS.values() if one.code in codes)
