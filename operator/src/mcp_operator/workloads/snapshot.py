# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is seen of an MCPServer's workload at one moment."""

from __future__ import annotations

import typing as t

from .._vendor._workload.rollout import Rollout
from ..cluster.store import Object

Status = dict[str, t.Any]


class Seen(t.NamedTuple):
    """The workload as it is now.

    :param server: as of the generation that the status is to be about.
    :param applied: the generation of which it was made; 0 where there is none.
    :param pods: those of the newest template.
    :param others: those of earlier ones.
    :param template: the fingerprint of the newest template, where its Pods have a gate.
    :param rolled_back: that of the one which is wanted and failed, while another one is there instead.
    """

    server: Object
    applied: int
    rollout: Rollout
    pods: list[Object]
    others: list[Object] = []  # noqa: RUF012 - nobody changes it
    template: str = ""
    rolled_back: str = ""


def as_of(server: Object, observed: int) -> Object:
    """Return an MCPServer as one of another generation."""
    return {**server, "metadata": {**server["metadata"], "generation": observed}}


def generation(server: Object) -> int:
    """Return an MCPServer's generation."""
    return int(server["metadata"].get("generation") or 0)
