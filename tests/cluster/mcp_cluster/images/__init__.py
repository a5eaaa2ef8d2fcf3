# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Images without a registry: read from archives, brought into the node's containerd."""
