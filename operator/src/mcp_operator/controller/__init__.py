# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The loop: what the store says becomes what is queued, what is queued becomes runs, and these become status."""
