# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The process: logging, health, metrics, HTTP endpoints and shutdown."""
