#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_reconcile
short_description: Apply what is made of the MCPServers of a run of the operator
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - For runs of an operator, where each host of the play stands for an MCPServer of the cluster and has it in the
    variable C(_mcp_mcp_operator_io_mcpserver), the name that Operator SDK's ansible-operator gives it.
  - Renders the ServiceAccount, Service, Deployment, HorizontalPodAutoscaler and PodDisruptionBudget of all MCPServers
    and applies them by server-side apply, many at once. The MCPServers themselves are not touched, and nobody waits
    for Pods.
  - Nothing is read first where an operator says in the host's variable C(mcp_operator_children) which objects there
    are. One that is still what the last run made of the same manifest (C(mcp_operator_applied)) is not applied again.
    So an object costs one call at most, and none where nothing changed.
  - An object of the same name that belongs to somebody else is left as it is, and the MCPServer fails.
  - Under ansible-operator nobody says what there is, so that each object is read first.
  - MCPServers are data. No string of them is ever looked at for Jinja.
options:
  templates:
    description: Folder of the templates. Defaults to that of the role P(mcp.kubernetes.mcpserver#role).
    type: path
  default_resources:
    description:
      - Requests and limits for MCPServers without C(spec.resources).
      - By default C(requests) of 50m CPU and 64Mi memory, and C(limits) of 512Mi memory.
    type: dict
  bridge_images:
    description:
      - Images that contain the bridge of servers with C(transport.type=stdio).
      - From C(inject) the bridge is copied into the Pods of servers that have an image. Servers without one run in
        C(package).
    type: dict
  state:
    description: Whether the objects are to be there, or to be deleted.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: none
    details: Operators do not use it. M(mcp.kubernetes.mcpserver_apply) supports it.
  diff_mode:
    support: none
  idempotent:
    support: full
    details: An object that is what it is to be is not changed.
seealso:
  - module: mcp.kubernetes.mcpserver_apply
extends_documentation_fragment:
  - mcp.kubernetes._kube
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.apply
"""

EXAMPLES = r"""
- name: Apply what is made of the MCPServers
  mcp.kubernetes.mcpserver_reconcile:
  run_once: true
"""

RETURN = r"""
hosts:
  description: The result for each host, at most a kibibyte.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether anything was written.
      type: bool
      returned: always
    failed:
      description: Whether something could not be applied. The objects before it are.
      type: bool
      returned: always
    msg:
      description: Why it failed and what to do, with the error's code at its end.
      type: str
      returned: failure
    error:
      description: The error's stable code, for example C(FOREIGN_OBJECT).
      type: str
      returned: failure
    template:
      description: The fingerprint of the rendered Pod template.
      type: str
      returned: when it could be rendered
    warnings:
      description: What the user should know about an MCPServer that is accepted all the same.
      type: list
      elements: str
      returned: when there are some
    children:
      description:
        - The objects that are as they are to be, C(Kind.version.group/name) to a list of the uid, the state and the
          fingerprint of the manifest. The operator gives it back to the next run.
      type: dict
      returned: unless names are so long that they do not fit
"""
