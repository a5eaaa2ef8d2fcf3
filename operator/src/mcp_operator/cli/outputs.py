# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Where ``validate`` writes its reports, and in which formats."""

from __future__ import annotations

import argparse
import json
import sys
import typing as t
from pathlib import Path

from .._vendor._mcp.formats.formats import FORMATS, ServerReport
from ..errors import ArgumentsInvalid
from .output_format import JSON, TABLE, YAML, as_data, current
from .requirements import require

# Each by the name that --output has for it.
_WRITERS: t.Final[t.Mapping[str, t.Callable[[t.Sequence[ServerReport]], str]]] = {
    TABLE: FORMATS["text"],
    JSON: FORMATS["json"],
    YAML: lambda reports: as_data(json.loads(FORMATS["json"](reports)), YAML),
    **{name: write for name, write in FORMATS.items() if name not in ("text", "json")},
}


class Output(t.NamedTuple):
    """One output; standard output if there is no file."""

    format: str
    file: Path | None


def add_flags(group: argparse._ArgumentGroup) -> None:
    """Add the options about outputs to a group."""
    group.add_argument(
        "--output",
        "-o",
        metavar=f"{{{','.join(_WRITERS)}}}",
        action="append",
        default=[],
        help=f"the format (default {TABLE}); repeatable: the first is that of the first --output-file, and so on",
    )
    group.add_argument(
        "--output-file",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="write to this file instead of standard output; repeatable: a last --output without a file goes to "
        "standard output",
    )
    # Earlier names: --format, and --output with a file.
    group.add_argument(
        "--format", type=current, choices=list(_WRITERS), action="append", default=[], help=argparse.SUPPRESS
    )


def outputs(flags: argparse.Namespace) -> list[Output]:
    """Return the outputs that the options describe.

    :raises ArgumentsInvalid: the formats and the files do not go together.
    :raises ExtraMissing: a format needs a library that is not installed.
    """
    # With --format, its earlier name, --output is a file.
    formats = list(flags.format) or [current(word) for word in flags.output if current(word) in _WRITERS]
    others = flags.output if flags.format else [word for word in flags.output if current(word) not in _WRITERS]
    wrong = next((word for word in others if not {".", "/"} & set(word)), None)
    if wrong is not None and not flags.format:
        raise ArgumentsInvalid(
            f"--output {wrong} is not a format.", f"Use one of {', '.join(_WRITERS)}, and --output-file for a file."
        )
    files = [*map(Path, others), *flags.output_file]
    if len(formats or [TABLE]) - len(files) not in (0, 1):
        raise ArgumentsInvalid(
            f"There are {len(formats)} formats and {len(files)} files.",
            "Give a format for each file, and at most one more for standard output.",
        )
    if len(set(files)) < len(files):
        raise ArgumentsInvalid("Two outputs are the same file.", "Give each its own file.")
    if YAML in formats:
        # Before servers are called: their report would be lost.
        require("targets", "yaml")
    return [Output(*pair) for pair in zip(formats or [TABLE], [*files, None], strict=False)]


def write(reports: t.Sequence[ServerReport], wanted: t.Sequence[Output]) -> None:
    """Write the reports to all outputs.

    :raises ArgumentsInvalid: a file cannot be written.
    """
    for output in wanted:
        write_text(_WRITERS[output.format](reports), output.file)


def write_text(text: str, path: Path | None) -> None:
    """Write a text to a file, or to standard output.

    :raises ArgumentsInvalid: the file cannot be written.
    """
    if path is None:
        # The names of tools can have characters that the terminal cannot show.
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise ArgumentsInvalid(f"{path} cannot be written: {exc.strerror}.") from None
