# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Probes a Pod at its address."""

from __future__ import annotations

import typing as t

from .._vendor._engine.pod_probe import probe_pod
from .._vendor._mcp.offers.kept_items import KeptItems
from .._vendor._workload.offers import digest_of
from ..workloads.container_ref import ProbeRequest

# `Report.to_dict()`, or as much of it as a Job can return.
Answer = dict[str, t.Any]


def probe(request: ProbeRequest) -> Answer:
    """Validate the server of a Pod. No answer of the server makes this raise."""
    items = None if request.light or request.keep_offers is None else KeptItems()
    answer = probe_pod(
        request.address,
        request.spec,
        request.timeouts,
        access=request.access,
        light=request.light,
        on_item=None if items is None else items.add,
    )
    if items is not None and request.keep_offers is not None and digest_of(answer):
        request.keep_offers(digest_of(answer), items.packed)
    return answer
