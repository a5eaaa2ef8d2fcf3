# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Readiness gates of strict mode: decide which to open, write them, and roll back templates that do not pass."""
