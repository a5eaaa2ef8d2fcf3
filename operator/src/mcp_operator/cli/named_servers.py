# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which words of a command line name MCPServers, and which options go with them."""

from __future__ import annotations

import argparse
import re
import typing as t

from ..errors import ArgumentsInvalid
from . import target_flags

_LABEL: t.Final = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
# What a URL cannot be: it has a scheme, or the user forgot it before a host with a port or a domain.
_NAME: t.Final = re.compile(rf"(?!localhost(?:/|$))(?:{_LABEL}/)?{_LABEL}")
# Options that the spec of an MCPServer replaces.
_OF_THE_SPEC: t.Final = (
    "targets", "require", "strict", "deep", "expect", "call_tool", "tool_arguments", "bearer_token",
)  # fmt: skip
_OF_THE_CLUSTER: t.Final = ("namespace", "kubeconfig", "context")


def is_name(word: str) -> bool:
    """Tell whether a word names an MCPServer: ``NAME`` or ``NAMESPACE/NAME``."""
    return _NAME.fullmatch(word) is not None


def check_flags(flags: argparse.Namespace) -> bool:
    """Return whether MCPServers are given by name, in place of URLs.

    :raises ArgumentsInvalid: options do not go together.
    """
    named = [word for word in flags.urls if is_name(word)]
    if not named:
        for option in _OF_THE_CLUSTER:
            if getattr(flags, option):
                wrong = next((word for word in flags.urls if "://" not in word), None)
                if wrong is not None:
                    raise ArgumentsInvalid(
                        f"{wrong!a} is not the name of an MCPServer.", "Give NAME or NAMESPACE/NAME."
                    )
                raise ArgumentsInvalid(f"--{option} is given without an MCPServer.", "Give the NAME of one.")
        return False
    if len(named) < len(flags.urls):
        raise ArgumentsInvalid(
            f"{named[0]} is the name of an MCPServer, and others are URLs.",
            "Validate them by two commands, or write http:// before a host.",
        )
    given = next((f"--{name.replace('_', '-')}" for name in _OF_THE_SPEC if getattr(flags, name)), None)
    given = given or target_flags.given_option(flags)
    if given:
        raise ArgumentsInvalid(
            f"{given} is given with an MCPServer.",
            "An MCPServer is validated as its spec says. To use the option, forward a port and give the URL.",
        )
    return True
