#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_drift
short_description: (internal) Compare a fleet over clusters with its manifests
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - The step of the playbook C(mcp.kubernetes.drift) that compares. Connects to no cluster.
  - Specs are compared field by field, with the defaults of the CustomResourceDefinition of this collection on both
    sides. So fields that were added on a cluster are found, too. Labels and annotations of a manifest must be there;
    others may be.
  - Displays a table of what differs.
options:
  plan:
    description: The plan, as M(mcp.kubernetes.mcpserver_fleet) returns it.
    type: dict
    required: true
  found:
    description: The C(clusters) that M(mcp.kubernetes.mcpserver_list) returned.
    type: dict
    required: true
  labels:
    description: An MCPServer that no manifest has is extra only if it has these labels.
    type: dict
    default: {}
  operator_version:
    description: The version that the operators should have. A cluster with another one is C(older). Any by default.
    type: str
    default: ''
  fail_on:
    description: The states for which a cluster has failed.
    type: list
    elements: str
    default: [missing, extra, different, older, unvalidated, unreachable]
seealso:
  - module: mcp.kubernetes.mcpserver_fleet
  - module: mcp.kubernetes.mcpserver_list
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Compare
  mcp.kubernetes.mcpserver_drift:
    plan: "{{ plan }}"
    found: "{{ listed.clusters }}"
    fail_on: [missing, different]
  run_once: true
"""

RETURN = r"""
report:
  description:
    - C(drifted), C(counts) by state, C(clusters) with C(api_server), C(operator_version) and C(error), and C(servers).
    - Each of C(servers) has C(cluster), C(server), C(states), C(image), C(version), C(message), and C(fields) with
      C(path), C(git) and C(cluster). Values whose names look like secrets are masked.
  returned: success
  type: dict
table:
  description: The lines of the table.
  returned: success
  type: list
  elements: str
hosts:
  description: C(failed), C(changed) and C(msg) of each cluster.
  returned: success
  type: dict
"""
