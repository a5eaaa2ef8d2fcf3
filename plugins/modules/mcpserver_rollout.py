#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcpserver_rollout
short_description: (internal) Keep the state of a rollout over clusters
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - The steps of the playbook C(mcp.kubernetes.rollout) between its other modules. Keeps in a file which clusters were
    changed and the MCPServers that they had before, and decides from the results of a wave whether to continue.
  - Connects to no cluster. The file has no credentials. It has the manifests with their environment variables, and only
    its owner can read it.
options:
  step:
    description:
      - V(begin) creates the state, or continues that of an interrupted run, and returns the clusters that are left. It
        fails while another run on this machine uses the file. The lock ends with the run.
      - V(select) returns the MCPServers of O(clusters).
      - V(check) returns a result for each cluster from the results of a dry run, and why no wave may begin.
      - V(wave) returns the MCPServers of O(clusters), and none after an earlier wave has stopped the rollout.
      - V(keep) keeps O(found), and returns the MCPServers of the clusters that could be read.
      - V(judge) records O(results), and returns which clusters have failed and what must be restored.
      - V(restored) records O(results) of the rollback.
      - V(report) displays and returns the report.
    type: str
    choices: [begin, select, check, wave, keep, judge, restored, report]
    required: true
  state_file:
    description: The file. It is replaced at once, and never written in check mode.
    type: path
    required: true
  plan:
    description: The plan, as M(mcp.kubernetes.mcpserver_fleet) returns it.
    type: dict
    required: true
  clusters:
    description: The clusters of the step.
    type: list
    elements: str
    default: []
  found:
    description: The C(clusters) that M(mcp.kubernetes.mcpserver_list) returned.
    type: dict
    default: {}
  results:
    description: The C(hosts) that the modules of the wave returned.
    type: list
    elements: dict
    default: []
  observed:
    description: The C(hosts) that M(mcp.kubernetes.mcpserver_observe) returned after the rollback.
    type: dict
    default: {}
  max_fail_percentage:
    description: Percentage of the clusters that may fail before the rollout stops.
    type: float
    default: 0.0
  restore:
    description: Whether failed clusters are rolled back, and all changed ones if the rollout stops.
    type: bool
    default: true
  only_waves:
    description: The waves of this run; all by default.
    type: list
    elements: str
    default: []
  roll_back:
    description: Whether the rollback was requested.
    type: bool
    default: false
  discard_state:
    description: Whether to forget an unfinished rollout of another change.
    type: bool
    default: false
seealso:
  - module: mcp.kubernetes.mcpserver_fleet
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Begin or continue
  mcp.kubernetes.mcpserver_rollout:
    step: begin
    state_file: rollout.json
    plan: "{{ plan }}"
  run_once: true
  register: begun
"""

RETURN = r"""
clusters:
  description: The clusters that are left, or of the wave.
  returned: for begin, select, wave and keep
  type: list
  elements: str
serial:
  description: The number of clusters of each wave.
  returned: for begin
  type: list
  elements: int
servers:
  description: The manifests by C(CLUSTER/NAMESPACE/NAME).
  returned: for select, wave and keep
  type: dict
restore:
  description: C(clusters), C(servers) to apply, C(absent) to delete, and C(connections).
  returned: for begin and judge
  type: dict
failed_clusters:
  description: Why clusters have failed.
  returned: for judge
  type: dict
hosts:
  description: C(failed), C(changed) and C(msg) of each cluster.
  returned: for check and report
  type: dict
stop:
  description: Which wave would fail, so that none may begin. Empty if none would.
  returned: for check
  type: str
phase:
  description: RollingOut, Stopped, RollingBack, Completed or RolledBack.
  returned: for report
  type: str
rows:
  description: Cluster, wave, result, server, image, version, generation and the time since which it is validated.
  returned: for report
  type: list
  elements: dict
"""
