# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run Ansible for a batch of objects through ansible-runner: input, result, and cleanup."""
