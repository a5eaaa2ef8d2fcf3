# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validate an MCP server: the one public function of this package."""

from __future__ import annotations

import socket
import typing as t

from .options import Options, Target
from .report import Report

__all__ = ["Dialer", "Options", "Report", "Target", "validate"]

# host, port and seconds -> a connected stream socket. It may raise OSError or errors.ConnectError.
Dialer = t.Callable[[str, int, float], socket.socket]


def validate(target: Target, options: Options = Options(), *, dial: t.Optional[Dialer] = None) -> Report:
    """Validate the server and report; whatever the server does, this never raises.

    :raises InvalidTarget: when the target or the options make no sense.
    """
    raise NotImplementedError
