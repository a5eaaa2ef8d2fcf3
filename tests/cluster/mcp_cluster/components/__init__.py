# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The processes that a cluster is made of, each with its command, its configuration and its way to tell that it
works.
"""
