# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.steps import session_end


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without a pause after a session: the servers of these tests do not end with one."""
    monkeypatch.setattr(session_end, "_PAUSES", (0.0, 0.0))
