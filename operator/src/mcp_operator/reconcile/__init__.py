# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reconciliation: what changed, which objects run together, and what their runs leave to write."""
