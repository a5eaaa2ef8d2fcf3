# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes for tests: somebody's own, a kind cluster, or a single node that is made here from source.

Only the standard library is used: this runs before any virtual environment exists.
"""
