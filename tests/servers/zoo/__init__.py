# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The zoo: small MCP servers, correct ones and deliberately broken ones, in one process on loopback.

Each fake_server says which issues the validator must find, at which level, and which verdict follows.
``python -m zoo`` (in this folder's parent) opens all of them and prints their addresses.
"""
