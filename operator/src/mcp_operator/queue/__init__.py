# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is dirty, and what of it runs next: pure, with time and chance handed in."""
