# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is observed of MCPServers: their Pods are dialled, and what comes of it becomes their status and their Events.

Nothing here runs Ansible: runs make what is wanted, this says what is.
"""
