# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The options by which a command connects to one cluster."""

from __future__ import annotations

import argparse
import typing as t

if t.TYPE_CHECKING:
    from .._vendor._kube.client import Client


def add_cluster_flags(parser: argparse._ActionsContainer, namespace: str) -> None:
    """Add the options of a command that connects to servers.

    :param namespace: what the option of this name means.
    """
    add_connection_flags(parser, namespace)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="seconds until a Pod must be ready, and then seconds for one server (default 30)",
    )


def add_connection_flags(parser: argparse._ActionsContainer, namespace: str) -> None:
    """Add the options of a command that connects to the API server only.

    :param namespace: what the option of this name means.
    """
    parser.add_argument(
        "--kubeconfig", metavar="FILE", help="the kubeconfig (default K8S_AUTH_KUBECONFIG or KUBECONFIG)"
    )
    parser.add_argument("--context", metavar="NAME", help="the context of the kubeconfig (default the current one)")
    parser.add_argument("--namespace", "-n", metavar="NAME", help=namespace)


def client_of(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> Client:
    """Return a client of the cluster.

    :raises KubeError: the kubeconfig cannot be used.
    """
    # `validate` has these options, too, and starts in half the time without the client of the API server.
    from .._vendor._kube.client import Client  # noqa: PLC0415

    kubeconfig = flags.kubeconfig or environment.get("K8S_AUTH_KUBECONFIG")
    return Client({"kubeconfig": kubeconfig, "context": flags.context or environment.get("K8S_AUTH_CONTEXT") or None})
