# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validation of Pods: schedule the probes of containers, and make them by HTTP or by a Job."""
