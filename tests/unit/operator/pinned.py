# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose offers are pinned, and what the operator shows of them."""

from __future__ import annotations

from mcp_operator._vendor._mcp.offers.collector import OfferCollector
from mcp_operator._vendor._mcp.offers.kept_items import KeptItems
from mcp_operator._vendor._mcp.offers.lock import OfferedItems
from mcp_operator._vendor._mcp.offers.lock_file import write_lock

from .fake_workload import GOOD

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")


def offering(digest):
    return {**GOOD, "offers": {"digest": digest, "kinds": {}, "problem": None}}


def pinned(pin="enforce", digest=A, **more):
    tools = {"pin": pin, **({"digest": digest} if digest else {})}
    return {"strictMode": True, "interval": "30s", "onFailure": "remove", "tools": tools, **more}


def serving(cluster):
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.deploy(mark="t1", ready=1)
    cluster.becomes("Running", "Validated")
    cluster.rests()


def offers(cluster):
    return (cluster.status().get("validation") or {}).get("offers") or {}


def listed(items, name, description):
    collector = OfferCollector(items.add)
    collector.start()
    collector.add("tools", [{"name": name, **({"description": description} if description else {})}])
    return collector.offers().digest


def lock_of(name, description=""):
    items = OfferedItems()
    digest = listed(items, name, description)
    text = write_lock({"team/wiki": items.entry(digest)})
    return digest, {"metadata": {"name": "lock"}, "data": {"mcp-lock.yaml": text}}


def describing(description):
    """Return the digest of a server with one tool, and its answer to each request."""

    def answer(request):
        items = KeptItems()
        digest = listed(items, "add", description)
        if not request.light:
            request.keep_offers(digest, items.packed)
        return offering(digest)

    return listed(KeptItems(), "add", description), answer


def notes(cluster, reason="OfferChanged"):
    return [event["note"] for event in cluster.events if event.get("reason") == reason]
