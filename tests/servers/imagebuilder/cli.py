# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command line of ``tests/servers``: real and broken MCP servers as container images (see README.md there)."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from oracle import environment

from imagebuilder import cache, catalogue
from imagebuilder.build import build, export
from imagebuilder.buildah import ExportOptions
from imagebuilder.errors import BuildError


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    # An ended build must end what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return int(options.run(options))
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tests/servers",
        description="Real and broken MCP servers as container images: see README.md beside this file.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="build images that are not in the cache and print their archives")
    command.add_argument("names", nargs="*", metavar="NAME", help="images, all by default")
    command.add_argument("--engine", choices=("auto", "buildah", "docker"), default="auto")
    command.set_defaults(run=_build)

    command = commands.add_parser("export", help="build images anew and write OCI layouts that depend on nothing else")
    command.add_argument("names", nargs="+", metavar="NAME")
    command.add_argument("--folder", type=Path, required=True, help="for a layout of each image")
    command.add_argument("--epoch", type=int, required=True, help="the time of all files, in seconds since 1970")
    command.add_argument("--tag", required=True, help="reference of the images, with {name}")
    command.add_argument("--architecture", default="", help="another one than this machine's; for Go programs only")
    command.add_argument("--label", action="append", default=[], metavar="NAME=VALUE")
    command.set_defaults(run=_export)

    command = commands.add_parser("list", help="list the images")
    command.add_argument("--json", action="store_true", help="for programs")
    command.set_defaults(run=_list)

    command = commands.add_parser("archives", help="print the archives of built images, a path a line")
    command.add_argument("names", nargs="*", metavar="NAME", help="images, all by default")
    command.set_defaults(run=_archives)

    command = commands.add_parser("oracle", help="print as JSON what the official SDK's client sees of a server")
    command.add_argument("url")
    command.add_argument("--transport", choices=("streamable-http", "sse"), default="streamable-http")
    command.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for all of it (30)")
    command.set_defaults(run=_oracle)
    return parser


def _build(options: argparse.Namespace) -> int:
    for archive in build(catalogue.select(options.names), engine=options.engine):
        print(archive)
    return 0


def _export(options: argparse.Namespace) -> int:
    how = ExportOptions(options.epoch, options.tag, tuple(options.label), options.architecture)
    for layout in export(catalogue.select(options.names), options.folder.absolute(), how):
        print(layout)
    return 0


def _list(options: argparse.Namespace) -> int:
    rows = [
        {
            "name": image.name,
            "image": image.reference,
            "transport": image.transport,
            "path": image.path,
            "archive": str(cache.archive_of(image)),
            "built": cache.archive_of(image).exists(),
        }
        for image in catalogue.IMAGES
    ]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    print(f"{'NAME':26} {'TRANSPORT':16} {'PATH':6} {'BUILT':6} IMAGE")
    for row in rows:
        built = "yes" if row["built"] else "no"
        print(f"{row['name']:26} {row['transport'] or '-':16} {row['path'] or '-':6} {built:6} {row['image']}")
    return 0


def _archives(options: argparse.Namespace) -> int:
    archives = {image.name: cache.archive_of(image) for image in catalogue.select(options.names)}
    missing = [name for name, archive in archives.items() if not archive.exists()]
    if missing:
        raise BuildError(f"Not built yet: {', '.join(missing)}. Run: python3 tests/servers build {' '.join(missing)}")
    print(*archives.values(), sep="\n")
    return 0


def _oracle(options: argparse.Namespace) -> int:
    return environment.describe(options.url, options.transport, options.timeout)
