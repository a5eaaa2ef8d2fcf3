# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Lists in place of reads."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.listings import Listings
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden


class Api:
    """Has Services without their type, as a list returns them."""

    def __init__(self, *names, error=None):
        self.names, self.error, self.lists = names, error, []

    def list(self, *place):
        self.lists.append(place)
        if self.error:
            raise self.error
        for name in self.names:
            yield {"metadata": {"name": name}}


def service(name, namespace="team"):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}}


def test_a_kind_is_listed_once():
    api = Api("a", "b")
    listings = Listings(api, {"team": 20})
    assert listings.take(service("a")) == (True, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}})
    assert listings.take(service("c")) == (True, None)
    assert listings.take({**service("a"), "kind": "ServiceAccount"})[0]
    assert api.lists == [("v1", "Service", "team"), ("v1", "ServiceAccount", "team")]


def test_what_was_taken_is_not_known_any_more():
    listings = Listings(Api("a"), {"team": 20})
    for name in ("a", "c"):
        listings.take(service(name))
        assert listings.take(service(name)) == (False, None)


def test_a_namespace_with_few_mcpservers_is_not_listed():
    api = Api("a")
    listings = Listings(api, {"team": 2})
    assert listings.take(service("a")) == listings.take(service("a", "other")) == (False, None)
    assert api.lists == []


@pytest.mark.parametrize("api", [Api(*map(str, range(201))), Api(error=ApiForbidden("No."))])
def test_nothing_is_known_of_a_kind_that_cannot_be_listed_or_has_too_many_objects(api):
    listings = Listings(api, {"team": 20})
    assert listings.take(service("1")) == listings.take(service("2")) == (False, None)
    assert len(api.lists) == 1
