# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The one error that ends a command with a sentence for people."""

from __future__ import annotations


class BuildError(Exception):
    """Something that the user can act on; the text says what and how."""
