# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Which cluster the tests and the demo use: the first that is there of one that was given on purpose, kind, and the
testbed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..errors import ClusterError
from ..machine import packages
from .base import Provider
from .given import GivenCluster
from .kind import KindCluster, kind_unavailable
from .node import NodeTestbed

VARIABLE = "MCP_TEST_KUBECONFIG"
NAMES = ("kubeconfig", "kind", "testbed")
DEFAULT_TESTBED = "mcp-testbed"
DEFAULT_KIND = "mcp-kubernetes"


def _given(_: str | None) -> Provider:
    path = os.environ.get(VARIABLE, "")
    if not path:
        raise ClusterError(
            f"{VARIABLE} is not set.", advice="Set it to the kubeconfig of a cluster that may be used for tests."
        )
    return GivenCluster(Path(path).expanduser().absolute())


def _kind(name: str | None) -> Provider:
    return KindCluster(name or DEFAULT_KIND)


def _testbed(name: str | None) -> Provider:
    return NodeTestbed(name or DEFAULT_TESTBED)


_MAKERS: dict[str, Callable[[str | None], Provider]] = {"kubeconfig": _given, "kind": _kind, "testbed": _testbed}


def choose(name: str | None = None, wanted: str | None = None) -> tuple[Provider, str]:
    """The provider, and why it is this one."""
    if wanted:
        return _MAKERS[wanted](name), "it was asked for by --provider"
    if os.environ.get(VARIABLE):
        return _given(name), f"{VARIABLE} is set"
    no_kind = kind_unavailable()
    if not no_kind:
        return _kind(name), "a Docker engine answers and kind is installed"
    no_testbed = packages.unsupported()
    if not no_testbed:
        return _testbed(name), f"no kind ({no_kind}), and this machine can run a node of its own"
    raise ClusterError(
        f"There is no Kubernetes to test on: {VARIABLE} is not set; no kind ({no_kind}); no testbed ({no_testbed}).",
        advice=f"Set {VARIABLE} to the kubeconfig of a cluster that may be used for tests, or install Docker and kind "
        "(https://kind.sigs.k8s.io), or run this as root on Debian or Ubuntu.",
    )
