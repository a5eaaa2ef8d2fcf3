# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One ansible-runner run for a batch of objects: what goes in, what comes out, and nothing that stays behind."""
