# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What the testbed needs of the machine: programs, namespaces, control groups, processes. Knows no Kubernetes."""
