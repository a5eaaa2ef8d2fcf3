# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The options by which a command connects to one cluster."""

from __future__ import annotations

import argparse
import typing as t

if t.TYPE_CHECKING:
    from .._vendor._kube.client import Client


# What -n means for a command whose NAMEs are optional, and for one that needs a NAME.
OF_NAMES: t.Final = (
    "the namespace of NAMEs without one (default: that of the context, or default); without a NAME, default all "
    "namespaces"
)
OF_A_NAME: t.Final = "the namespace of a NAME without one (default: that of the context, or default)"


def add_cluster_flags(parser: argparse._ActionsContainer, namespace: str, *, everywhere: bool = False) -> None:
    """Add the options of a command that connects to servers.

    :param namespace: what the option of this name means.
    :param everywhere: whether the command can be for all namespaces.
    """
    add_connection_flags(parser, namespace, everywhere=everywhere)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="seconds until a Pod must be ready, and then seconds for one server (default 30)",
    )


def add_connection_flags(parser: argparse._ActionsContainer, namespace: str, *, everywhere: bool = False) -> None:
    """Add the options of a command that connects to the API server only.

    :param namespace: what the option of this name means.
    :param everywhere: whether the command can be for all namespaces.
    """
    parser.add_argument(
        "--kubeconfig", metavar="FILE", help="the kubeconfig (default K8S_AUTH_KUBECONFIG or KUBECONFIG)"
    )
    parser.add_argument("--context", metavar="NAME", help="the context of the kubeconfig (default the current one)")
    add_namespace(parser, namespace, everywhere=everywhere)


def add_namespace(parser: argparse._ActionsContainer, meaning: str, *, everywhere: bool) -> None:
    """Add the option ``--namespace``, and for a command that can be for all namespaces that of kubectl for them."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--namespace", "-n", metavar="NAME", help=meaning)
    if everywhere:
        group.add_argument(
            "--all-namespaces",
            "-A",
            dest="namespace",
            action="store_const",
            const=None,
            help="all namespaces, as without --namespace",
        )


def namespace_of(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> str:
    """Return the namespace of names without one, by the rules of kubectl.

    :raises KubeError: the kubeconfig cannot be read.
    """
    if flags.namespace:
        return str(flags.namespace)
    from .._vendor._kube import kubeconfig  # noqa: PLC0415

    path, context = _place(flags, environment)
    return kubeconfig.namespace(path, context) or "default"


def client_of(flags: argparse.Namespace, environment: t.Mapping[str, str], timeout: float = 20.0) -> Client:
    """Return a client of the cluster.

    :param timeout: seconds that one attempt of a request may take.
    :raises KubeError: the kubeconfig cannot be used.
    """
    # `validate` has these options, too, and starts in half the time without the client of the API server.
    from .._vendor._kube.client import Client  # noqa: PLC0415

    path, context = _place(flags, environment)
    return Client({"kubeconfig": path, "context": context}, timeout=timeout)


def _place(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the kubeconfig and the context, each None for the default."""
    path = flags.kubeconfig or environment.get("K8S_AUTH_KUBECONFIG") or None
    return path, flags.context or environment.get("K8S_AUTH_CONTEXT") or None
