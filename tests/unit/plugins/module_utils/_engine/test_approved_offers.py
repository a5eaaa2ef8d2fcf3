# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a lock file in a ConfigMap approves, and that a bad one approves nothing."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.approved_offers import read_pin
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.probe_access import read_access
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiUnreachable
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.collector import OfferCollector
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock import OfferedItems
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock_file import write_lock
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.offers import Pin

REFERENCE = {"name": "mcp-lock"}


def entry():
    items = OfferedItems()
    collector = OfferCollector(items.add)
    collector.start()
    collector.add("tools", [{"name": "add"}])
    return items.entry(collector.offers().digest)


ENTRY = entry()
LOCK = write_lock({"team/wiki": ENTRY})


class FakeClient:
    def __init__(self, found):
        self.found = found

    def find(self, _version, kind, namespace, name):
        assert (kind, namespace, name) == ("ConfigMap", "team", "mcp-lock")
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def server(reference=REFERENCE, **tools):
    tools = {"pin": "enforce", **({"configMapRef": reference} if reference else {}), **tools}
    meta = {"name": "wiki", "namespace": "team", "uid": "u"}
    return {"metadata": meta, "spec": {"image": "w:1", "validation": {"tools": tools}}}


def config_map(text, key="mcp-lock.yaml"):
    return {"metadata": {"name": "mcp-lock"}, "data": {key: text}}


@pytest.mark.parametrize("key", ["mcp-lock.yaml", "other"])
def test_the_entry_of_the_server_is_approved(key):
    reference = REFERENCE if key == "mcp-lock.yaml" else {**REFERENCE, "key": key}
    client = FakeClient(config_map(LOCK, key))
    assert read_pin(client, server(reference)) == Pin("enforce", ENTRY["digest"])
    access = read_access(client, server(reference))
    assert access.pin == Pin("enforce", ENTRY["digest"])
    assert access.token() is None


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (None, "does not exist"),
        (ApiForbidden("No.", status=403), "may not be read. Name it in the chart's value validationAccess"),
        (config_map(LOCK, "another"), "has no key mcp-lock.yaml"),
        (config_map("#" * 300_000), "more than 262144 characters"),
        (config_map(LOCK.replace("team/wiki", "team/other")), "has no entry team/wiki"),
        (config_map(LOCK.replace("name: add", "name: sub")), "is not that of its texts"),
        (config_map(LOCK.replace("sha256", "sha512")), "no digest of the form sha256"),
        (config_map("a: ["), "is not YAML"),
        (config_map("version: 1\na: &a [x]\nservers: {b: *a}"), "alias"),
        ({"metadata": {}}, "has no key"),
    ],
)
def test_a_bad_one_approves_nothing(found, problem):
    pin = read_pin(FakeClient(found), server())
    assert (pin.mode, pin.approved) == ("enforce", "")
    assert problem in pin.problem
    other = read_access(FakeClient(config_map(LOCK)), server())
    assert read_access(FakeClient(found), server()).version != other.version


def test_an_api_server_that_does_not_answer_is_no_result():
    with pytest.raises(ApiUnreachable):
        read_pin(FakeClient(ApiUnreachable("Down.")), server())


def test_without_a_reference_nothing_is_read():
    assert read_pin(None, server(None, digest=ENTRY["digest"])) == Pin("enforce", ENTRY["digest"])
    assert read_access(None, server(None)).pin is None
