# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Status of MCPServers: observe workloads, compute the status, publish it, record Events."""
