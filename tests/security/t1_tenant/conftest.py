# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from unit.operator.conftest import cluster  # noqa: F401 - a fixture
from unit.operator.reconcile.conftest import operator  # noqa: F401 - a fixture
