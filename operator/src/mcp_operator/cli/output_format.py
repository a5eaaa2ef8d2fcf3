# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The option ``--output``: its formats have the same names and meanings in all commands."""

from __future__ import annotations

import argparse
import json
import typing as t

from .requirements import require

TABLE: t.Final = "table"  # for people; the others are for programs
JSON: t.Final = "json"
YAML: t.Final = "yaml"
_EARLIER: t.Final = {"text": TABLE}


def current(name: str) -> str:
    """Return the name of a format for its current or an earlier name."""
    return _EARLIER.get(name, name)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option of a command whose result is a table, or data."""
    parser.add_argument(
        "--output",
        "-o",
        type=current,
        choices=(TABLE, JSON, YAML),
        default=TABLE,
        help=f"the format (default {TABLE})",
    )


def as_data(value: t.Any, wanted: str) -> str:
    """Return plain data as JSON or YAML. In ASCII: what drives a terminal or reorders text is escaped.

    :raises ExtraMissing: the library for YAML is not installed.
    """
    text = json.dumps(value, indent=2) + "\n"
    if wanted == JSON:
        return text
    require("targets", "yaml")
    import yaml  # noqa: PLC0415  # an extra

    written: str = yaml.safe_dump(json.loads(text), sort_keys=False, width=120)
    return written
