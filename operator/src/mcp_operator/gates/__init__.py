# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Readiness gates of strict mode: which to open, who writes them, and the rollback of templates that do not pass."""
