# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Where the project is published, as release/settings.yml says."""

from __future__ import annotations

import sys

from . import cluster

sys.path.append(str(cluster.ROOT / "tests" / "tools"))

import addresses

PLACEHOLDERS = addresses.PLACEHOLDERS
PUBLISHED = addresses.settings(cluster.ROOT)
