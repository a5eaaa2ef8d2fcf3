# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The digest of a Secret in an annotation is in no table that was computed for all MCPServers."""

from __future__ import annotations

import hashlib
import json

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.config_hash import config_hash

POD = {"containers": [{"envFrom": [{"secretRef": {"name": "pin"}}]}]}


class Api:
    """An API server with one Secret of four digits."""

    def find(self, _version, kind, _namespace, _name):
        return {"data": secret(4711)} if kind == "Secret" else None


def secret(pin):
    return {"pin": str(pin)}


def digests(uids):
    for uid in uids:
        server = {"metadata": {"name": uid, "namespace": "team", "uid": uid}, "spec": {}, "status": {}}
        yield config_hash(Api(), server, POD)


def test_a_secret_of_few_digits_is_in_no_table():
    def line(pin):
        return json.dumps([["Secret", "pin", [secret(pin), None]]], sort_keys=True, separators=(",", ":"))

    table = {hashlib.sha256(line(pin).encode()).hexdigest()[:10]: pin for pin in range(10_000)}
    assert not [pin for digest in digests(["a", "b"]) for known, pin in table.items() if known in digest]


def test_equal_secrets_of_two_servers_have_different_digests():
    first, second = digests(["a", "b"])
    assert first != second
