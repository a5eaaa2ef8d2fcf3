# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The Python packages that a command needs beyond those of the bare wheel, which runs ``validate`` only."""

from __future__ import annotations

import importlib.util

from ..errors import ExtraMissing


def require(extra: str, *packages: str) -> None:
    """Check that the packages of an extra of the wheel are installed.

    :param extra: its name in ``pyproject.toml``.
    :raises ExtraMissing: one of the packages is not installed.
    """
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        raise ExtraMissing(
            f"Python packages are missing: {', '.join(missing)}.",
            f"Install the wheel of mcp-operator with the extra {extra}: pip install 'WHEEL[{extra}]'.",
        )
