# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A real OpenTelemetry collector, and the spans that it prints."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from . import cluster

_FIELD = re.compile(r"^\s*(Trace ID|Parent ID|ID|Name|Kind|Status code)\s*: ?(.*)$")
_ATTRIBUTE = re.compile(r"^\s*-> ([\w.]+): \w+\((.*)\)$")


@dataclass
class Span:
    """A span, with its own attributes and those of its resource."""

    fields: dict[str, str]
    attributes: dict[str, str]
    resource: dict[str, str]


@dataclass
class Collector:
    """A collector while it runs."""

    url: str
    output: Callable[[], str]

    def spans(self) -> list[Span]:
        """Return the spans that were received, as the debug exporter prints them."""
        found: list[Span] = []
        resource: dict[str, str] = {}
        attributes: dict[str, str] = {}
        for line in self.output().splitlines():
            if "ResourceSpans #" in line:
                attributes = resource = {}
            elif line.startswith("Span #"):
                attributes = {}
                found.append(Span({}, attributes, resource))
            elif (field := _FIELD.match(line)) and found:
                found[-1].fields[field[1]] = field[2].strip()
            elif attribute := _ATTRIBUTE.match(line):
                attributes[attribute[1]] = attribute[2]
        return found


def program() -> str:
    """Return the path of the program, which is built on first use."""
    return cluster.tool("tests/cluster", "program", "opentelemetry-collector")[0]


def configuration(address: str) -> str:
    """Return the configuration of a collector that receives OTLP over HTTP on an address, and prints it."""
    config = {
        "receivers": {"otlp": {"protocols": {"http": {"endpoint": address}}}},
        "exporters": {"debug": {"verbosity": "detailed"}},
        "service": {
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["debug"]}},
            "telemetry": {"metrics": {"level": "none"}},
        },
    }
    return yaml.safe_dump(config)


@contextmanager
def collector(folder: Path, address: str, *within: str) -> Iterator[Collector]:
    """Run a collector.

    :param address: host and port on which it receives OTLP over HTTP.
    :param within: the command that runs it, for example in the network of a cluster.
    """
    file, log = folder / "collector.yaml", folder / "collector.log"
    file.write_text(configuration(address), encoding="utf-8")
    found = Collector(f"http://{address}", lambda: log.read_text(encoding="utf-8"))
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [*within, program(), "--config", f"file:{file}"], cwd=cluster.ROOT, stdout=output, stderr=output
        )
    try:
        cluster.until("the collector", lambda: "Everything is ready" in found.output(), 60)
        yield found
    finally:
        process.terminate()
        process.wait(20)
