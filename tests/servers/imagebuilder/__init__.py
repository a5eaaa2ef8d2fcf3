# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Builds the images of the test servers without an image registry. Standard library only, Python 3.11 or newer."""
