# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The addresses inside a cluster. Every cluster has the same ones: each lives in a network namespace of its own."""

# Reserved for documentation (RFC 5737), so it is nobody's real network.
NODE = "192.0.2.10"
PODS = "10.244.0.0/16"
NODE_PODS = "10.244.0.0/24"
NODE_PODS_GATEWAY = "10.244.0.1"
SERVICES = "10.96.0.0/16"
KUBERNETES_SERVICE = "10.96.0.1"
GATEWAY = "10.96.0.80"

API_PORT = 6443
# On the machine's loopback; another free port is taken if somebody has this one.
DOOR_PORT = 16443

DOMAIN = "cluster.local"
