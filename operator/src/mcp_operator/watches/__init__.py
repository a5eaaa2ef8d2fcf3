# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What to watch, and what to run for it: the format of ansible-operator's ``watches.yaml``."""
