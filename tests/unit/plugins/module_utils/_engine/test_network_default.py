# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.network_default import NetworkDefault
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiNotFound, KubeError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.network import MODE_LABEL


class Namespaces:
    def __init__(self, found):
        self.found = found
        self.read = []

    def request(self, _method, path, **_rest):
        self.read.append(path)
        if isinstance(self.found, Exception):
            raise self.found
        return {"metadata": {"labels": self.found}}


def server(**spec):
    return {"metadata": {"name": "a", "namespace": "team"}, "spec": spec}


def test_each_namespace_is_read_once():
    namespaces = Namespaces({MODE_LABEL: "open"})
    default = NetworkDefault(namespaces, "isolated")
    assert [default.of(server()), default.of(server(network={}))] == ["open", "open"]
    assert namespaces.read == ["/api/v1/namespaces/team"]


@pytest.mark.parametrize("given", [("", server()), ("isolated", server(network={"mode": "open"}))])
def test_nothing_is_read_where_the_label_does_not_count(given):
    namespaces = Namespaces({MODE_LABEL: "isolated"})
    assert NetworkDefault(namespaces, given[0]).of(given[1]) == given[0]
    assert namespaces.read == []


@pytest.mark.parametrize("error", [ApiForbidden, ApiNotFound])
def test_a_namespace_that_cannot_be_read_has_no_label(error):
    assert NetworkDefault(Namespaces(error("no", "ask", status=403)), "isolated").of(server()) == "isolated"


def test_other_errors_stop_the_run():
    with pytest.raises(KubeError):
        NetworkDefault(Namespaces(KubeError("no", "ask")), "isolated").of(server())
