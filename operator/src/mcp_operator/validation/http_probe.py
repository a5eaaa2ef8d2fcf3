# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Probes a Pod at its address."""

from __future__ import annotations

import typing as t

from .._vendor._engine.pod_probe import probe_pod
from ..workloads.container_ref import ProbeRequest

# `Report.to_dict()`, or as much of it as a Job can return.
Answer = dict[str, t.Any]


def probe(request: ProbeRequest) -> Answer:
    """Validate the server of a Pod. No answer of the server makes this raise."""
    return probe_pod(request.address, request.spec, request.timeouts, access=request.access, light=request.light)
