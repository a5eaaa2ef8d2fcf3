# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All options with their flags, environment variables, defaults and help texts.

Options that ansible-operator has, too, have the same names.
"""

from __future__ import annotations

import json
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

    :param flag: the flag without dashes.
    :param default: the default as text; empty for none.
    :param parse: returns the value of a text; raises ValueError.
    :param variable: the environment variable, if it does not follow from the flag.
    :param nothing: the value if there is neither a text nor a default.
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
        """The name of the field in the settings."""
        return self.flag.replace("-", "_")

    @property
    def environment(self) -> str:
        """The environment variable."""
        return self.variable or f"MCP_OPERATOR_{self.name.upper()}"


def boolean(text: str) -> bool:
    """Return the value of a boolean, in the forms that Go's flags accept.

    :raises ValueError: the text is not a boolean.
    """
    values = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}
    if text.lower() not in values:
        raise ValueError(f"not a boolean: {text!r}; write true or false")
    return values[text.lower()]


def whole_number(least: int, most: int) -> t.Callable[[str], int]:
    """Return a parser of whole numbers in a range."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or len(text) > 9 or not least <= int(text) <= most:
            raise ValueError(f"not a whole number from {least} to {most}: {text!r}")
        return int(text)

    return parse


def namespaces(text: str) -> tuple[str, ...]:
    """Return the namespaces of a comma-separated list.

    :raises ValueError: one of them is invalid.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if not _NAMESPACE.fullmatch(name):
            raise ValueError(f"not a valid name of a namespace: {name!r}")
    return names


def json_object(text: str) -> dict[str, t.Any]:
    """Return a JSON object.

    :raises ValueError: the text is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError(f"not a JSON object: {text!r:.80}")


OPTIONS: tuple[Option, ...] = (
    Option("watches-file", "watches.yaml", "file that defines what to watch and what to run", Path, metavar="FILE"),
    Option(
        "watch-namespace",
        "",
        "comma-separated namespaces to watch; empty for all namespaces",
        namespaces,
        variable="WATCH_NAMESPACE",
        metavar="NAMES",
        nothing=(),
    ),
    Option(
        "shard",
        "",
        "part of the namespaces to handle: 0/2 and 1/2 split them between two operators; empty for all",
        Shard.parse,
        metavar="INDEX/COUNT",
        nothing=WHOLE,
    ),
    Option(
        "reconcile-period",
        "10h",
        "period of the reconciliation of unchanged objects, if watches.yaml does not set it; 0s for never",
        parse_duration,
        metavar="DURATION",
    ),
    Option(
        "max-concurrent-reconciles",
        "",
        "maximum number of objects of one kind in concurrent runs",
        whole_number(1, 100_000),
        metavar="NUMBER",
    ),
    Option(
        "max-concurrent-runs",
        "",
        "maximum number of concurrent runs; by default derived from the CPU limit of the control group",
        whole_number(1, 1000),
        metavar="NUMBER",
    ),
    Option("run-timeout", "10m", "time after which a run is cancelled", parse_duration, metavar="DURATION"),
    Option(
        "run-directory",
        "/dev/shm/mcp-operator",  # noqa: S108 - created with mode 0700
        "directory of runs; use a file system in memory, so that secrets are not written to a disk",
        Path,
        metavar="DIR",
    ),
    Option(
        "preload",
        "true",
        "fork runs from a process that has imported Ansible, instead of starting Ansible for each run",
        boolean,
        metavar="true|false",
    ),
    Option(
        "ansible-verbosity",
        "0",
        "verbosity of Ansible, as the number of -v options",
        whole_number(0, 7),
        metavar="NUMBER",
    ),
    Option("ansible-roles-path", "", "search path of roles", variable="ANSIBLE_ROLES_PATH", metavar="PATH"),
    Option(
        "ansible-collections-path",
        "",
        "search path of collections",
        variable="ANSIBLE_COLLECTIONS_PATH",
        metavar="PATH",
    ),
    Option(
        "kubeconfig",
        "",
        "kubeconfig file; by default, the ServiceAccount of the Pod is used",
        variable="K8S_AUTH_KUBECONFIG",
        metavar="FILE",
    ),
    Option("context", "", "context of the kubeconfig", variable="K8S_AUTH_CONTEXT", metavar="NAME"),
    Option(
        "leader-elect",
        "true",
        "elect a leader by a Lease, which also shows playbooks that an operator is running",
        boolean,
        metavar="true|false",
    ),
    Option("leader-election-id", "mcp-operator", "name of the Lease", metavar="NAME"),
    Option("leader-election-namespace", "", "namespace of the Lease; by default, that of the Pod", metavar="NAME"),
    Option(
        "graceful-shutdown-timeout",
        "30s",
        "time to wait for running runs after SIGTERM",
        parse_duration,
        metavar="DURATION",
    ),
    Option(
        "health-probe-bind-address",
        ":6789",
        "address of /healthz and /readyz; 0 to disable",
        ListenAddress.parse,
        metavar="ADDR",
    ),
    Option("metrics-bind-address", ":8080", "address of /metrics; 0 to disable", ListenAddress.parse, metavar="ADDR"),
    Option(
        "metrics-secure",
        "false",
        "serve metrics over TLS, to clients whose token has permission to get /metrics",
        boolean,
        metavar="true|false",
    ),
    Option(
        "metrics-cert-path",
        "",
        "folder with tls.crt and tls.key for metrics; by default, a self-signed certificate is created",
        Path,
        metavar="DIR",
    ),
    Option(
        "validation-image",
        "",
        "image of the operator, for validation Jobs of MCPServers with runner: job",
        metavar="IMAGE",
        nothing="",
    ),
    Option(
        "bridge-inject-image",
        "",
        "image whose bridge is copied into stdio servers with an image of their own; by default, that of the role",
        metavar="IMAGE",
        nothing="",
    ),
    Option(
        "bridge-package-image",
        "",
        "image of stdio servers without an image of their own; by default, that of the role",
        metavar="IMAGE",
        nothing="",
    ),
    Option(
        "network-default",
        "",
        "mode of MCPServers without spec.network; if set, the label of the namespace takes precedence",
        choices=("isolated", "open"),
        metavar="MODE",
        nothing="",
    ),
    Option(
        "network-settings",
        "",
        "keys of the role's variable mcpserver_network that differ, as JSON",
        json_object,
        metavar="JSON",
        nothing={},
    ),
    Option("log-format", "json", "format of log lines", choices=("json", "console"), metavar="FORMAT"),
    Option(
        "log-level",
        "info",
        "lowest level that is logged",
        choices=("debug", "info", "warning", "error"),
        metavar="LEVEL",
    ),
)
