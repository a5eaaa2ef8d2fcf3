# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the store holds of an MCPServer: its Deployment, Pods and Jobs, and what a snapshot of them says."""
