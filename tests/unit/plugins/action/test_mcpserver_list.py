# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The connections of the module mcpserver_list."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_list


def test_a_cluster_can_have_namespaces_of_its_own():
    options = {"namespaces": ["all-have-it"], "kubeconfig": "/default", "context": None}
    own = mcpserver_list._connection(options, "a", {"context": "a", "namespaces": ["own"]})
    others = mcpserver_list._connection(options, "b", {"kubeconfig": "/b"})
    assert (own.namespaces, own.auth["kubeconfig"], own.auth["context"]) == (("own",), "/default", "a")
    assert (others.namespaces, others.auth["kubeconfig"]) == (("all-have-it",), "/b")
