# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every option: its flag, its environment variable, its default, and what it is for.

The names are those of ansible-operator wherever it has the same option.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .._vendor._util import parse_duration
from .._vendor._workload.shard import WHOLE, Shard
from .operator_settings import ListenAddress

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    :param flag: without its dashes.
    :param default: as a user would write it; empty for none.
    :param parse: makes the value; raises ValueError with a sentence.
    :param variable: the environment variable, where it has a name of its own.
    :param nothing: the value where there is neither a text nor a default.
    """

    flag: str
    default: str
    help: str
    parse: t.Callable[[str], t.Any] = str
    variable: str = ""
    metavar: str = "TEXT"
    choices: tuple[str, ...] = ()
    nothing: t.Any = None

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self.flag.replace("-", "_")

    @property
    def environment(self) -> str:
        """The environment variable."""
        return self.variable or f"MCP_OPERATOR_{self.name.upper()}"


def boolean(text: str) -> bool:
    """Return what Go's flags take for a boolean."""
    values = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}
    if text.lower() not in values:
        raise ValueError(f"not a boolean: {text!r}; write true or false")
    return values[text.lower()]


def whole_number(least: int, most: int) -> t.Callable[[str], int]:
    """Return a parser of whole numbers."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or len(text) > 9 or not least <= int(text) <= most:
            raise ValueError(f"not a whole number from {least} to {most}: {text!r}")
        return int(text)

    return parse


def namespaces(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if not _NAMESPACE.fullmatch(name):
            raise ValueError(f"not the name of a namespace: {name!r}")
    return names


OPTIONS: tuple[Option, ...] = (
    Option("watches-file", "watches.yaml", "what to watch, and what to run for it", Path, metavar="FILE"),
    Option(
        "watch-namespace",
        "",
        "namespaces to watch, with commas between them; all of them if empty",
        namespaces,
        variable="WATCH_NAMESPACE",
        metavar="NAMES",
        nothing=(),
    ),
    Option(
        "shard",
        "",
        "which of several operators this one is: 0/2 and 1/2 share all namespaces between two; all of them if empty",
        Shard.parse,
        metavar="INDEX/COUNT",
        nothing=WHOLE,
    ),
    Option(
        "reconcile-period",
        "10h",
        "how often unchanged objects are reconciled where watches.yaml does not say it; 0s for never",
        parse_duration,
        metavar="DURATION",
    ),
    Option(
        "max-concurrent-reconciles",
        "",
        "how many objects of a kind may be in runs at once",
        whole_number(1, 100_000),
        metavar="NUMBER",
    ),
    Option(
        "max-concurrent-runs",
        "",
        "how many runs there may be at once; if empty, as many as the control group's CPUs allow",
        whole_number(1, 1000),
        metavar="NUMBER",
    ),
    Option("run-timeout", "10m", "how long a run may take", parse_duration, metavar="DURATION"),
    Option(
        "run-directory",
        "/dev/shm/mcp-operator",  # noqa: S108 - made for its owner alone
        "where runs take place; a file system in memory, so that nothing secret reaches a disk",
        Path,
        metavar="DIR",
    ),
    Option(
        "preload",
        "true",
        "keep a process that has Ansible imported, from which runs are forked; without it each starts Ansible anew",
        boolean,
        metavar="true|false",
    ),
    Option("ansible-verbosity", "0", "the number of Ansible's -v", whole_number(0, 7), metavar="NUMBER"),
    Option("ansible-roles-path", "", "where roles are looked for", variable="ANSIBLE_ROLES_PATH", metavar="PATH"),
    Option(
        "ansible-collections-path",
        "",
        "where collections are looked for",
        variable="ANSIBLE_COLLECTIONS_PATH",
        metavar="PATH",
    ),
    Option(
        "kubeconfig",
        "",
        "how to reach the API server; in a Pod its ServiceAccount, unless this is given",
        variable="K8S_AUTH_KUBECONFIG",
        metavar="FILE",
    ),
    Option("context", "", "the kubeconfig's context", variable="K8S_AUTH_CONTEXT", metavar="NAME"),
    Option(
        "leader-elect",
        "true",
        "hold a Lease, so that one operator acts at a time and playbooks see that there is one",
        boolean,
        metavar="true|false",
    ),
    Option("leader-election-id", "mcp-operator", "the Lease's name", metavar="NAME"),
    Option("leader-election-namespace", "", "the Lease's namespace; the Pod's own if empty", metavar="NAME"),
    Option(
        "graceful-shutdown-timeout",
        "30s",
        "how long runs may go on after SIGTERM",
        parse_duration,
        metavar="DURATION",
    ),
    Option(
        "health-probe-bind-address",
        ":6789",
        "where /healthz and /readyz are; 0 for nowhere",
        ListenAddress.parse,
        metavar="ADDR",
    ),
    Option("metrics-bind-address", ":8080", "where /metrics is; 0 for nowhere", ListenAddress.parse, metavar="ADDR"),
    Option(
        "validation-image",
        "",
        "the operator's own image, for the Jobs that validate where an MCPServer says runner: job",
        metavar="IMAGE",
        nothing="",
    ),
    Option(
        "bridge-inject-image",
        "",
        "the image from which the bridge is copied to stdio servers that have an image; the role's default if empty",
        metavar="IMAGE",
        nothing="",
    ),
    Option(
        "bridge-package-image",
        "",
        "the image in which stdio servers without an image run; the role's default if empty",
        metavar="IMAGE",
        nothing="",
    ),
    Option("log-format", "json", "how log lines look", choices=("json", "console"), metavar="FORMAT"),
    Option("log-level", "info", "what is logged", choices=("debug", "info", "warning", "error"), metavar="LEVEL"),
)
