# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Published MCP servers of many projects and ages, judged by the validator and by the official clients."""
