# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read secrets from environment variables, which no process list shows."""

from __future__ import annotations

import typing as t

from ..errors import ArgumentsInvalid


def secret(what: str, variable: str, environment: t.Mapping[str, str]) -> str:
    """Return the value of an environment variable.

    :param what: the option or the field that has the name of the variable.
    :raises ArgumentsInvalid: the variable is not set, or empty.
    """
    value = environment.get(variable)
    if not value:
        # What is given may be the secret itself, so it is not repeated.
        raise ArgumentsInvalid(
            f"{what} takes the name of an environment variable, and no variable of the given name is set and not empty."
        )
    return value.strip("\r\n")  # a value from a file or a heredoc ends with a newline
