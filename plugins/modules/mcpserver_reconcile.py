#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_reconcile
short_description: (internal) Apply the workloads of the MCPServers in a run of the operator
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - For runs of an operator. Each host of the play stands for an MCPServer, which is in the host's variable
    C(_mcp_mcp_operator_io_mcpserver), named as by ansible-operator of the Operator SDK.
  - Renders the ServiceAccount, Service, Deployment, HorizontalPodAutoscaler, PodDisruptionBudget and NetworkPolicy of
    all MCPServers and applies them by server-side apply, in parallel. Does not change the MCPServers, and does not wait
    for Pods.
  - If the operator passes the existing objects in the host's variable C(mcp_operator_children), no object is read
    before it is written. An object that is unchanged since the last run for the same manifest (C(mcp_operator_applied))
    is not applied again. So an object takes at most one request, and none if nothing changed.
  - Under ansible-operator, which does not set these variables, each object is read first.
  - Does not change an object of the same name that has another owner. The MCPServer fails then.
  - MCPServers are data. Their strings are never evaluated as Jinja templates.
options:
  state:
    description: Whether to apply the objects or to delete them.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: none
    details: Operators do not use check mode. M(mcp.kubernetes.mcpserver_apply) supports it.
  diff_mode:
    support: none
  idempotent:
    support: full
    details: An object that already has its desired state is not changed.
seealso:
  - module: mcp.kubernetes.mcpserver_apply
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
  - mcp.kubernetes._workload.templates
  - mcp.kubernetes._workload.render
"""

EXAMPLES = r"""
- name: Apply the workloads
  mcp.kubernetes.mcpserver_reconcile:
    state: present
  run_once: true
"""

RETURN = r"""
hosts:
  description: The result for each host, at most one KiB.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether an object was written.
      type: bool
      returned: always
    failed:
      description: Whether an object could not be applied. The objects before it were applied.
      type: bool
      returned: always
    msg:
      description: The error and what to do, followed by the error code.
      type: str
      returned: failure
    error:
      description: The stable error code, for example C(FOREIGN_OBJECT).
      type: str
      returned: failure
    template:
      description: The fingerprint of the rendered Pod template.
      type: str
      returned: when it was rendered
    warnings:
      description: Fields of the MCPServer that have no effect.
      type: list
      elements: str
      returned: when there are some
    children:
      description:
        - The objects that have their desired state, C(Kind.version.group/name) to a list of the UID, the state and the
          fingerprint of the manifest. The operator passes it to the next run.
      type: dict
      returned: unless the names are too long to fit
"""
