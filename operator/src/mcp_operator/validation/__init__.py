# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validation of Pods: when to probe which container, by HTTP or by a Job, and what the answers come to."""
