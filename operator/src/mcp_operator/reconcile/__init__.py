# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The generic controller: queues changed objects, runs Ansible for batches of them, and writes the results."""
