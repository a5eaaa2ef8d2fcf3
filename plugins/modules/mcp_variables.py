#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcp_variables
short_description: (internal) Reject unknown variables of a playbook
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Fails if an extra variable begins with C(mcp_) and no playbook of this collection has it, and names the nearest one.
  - A variable of another playbook of this collection is a warning.
  - Fails if a variable is set by its name and by an earlier name, or if a required one is not set, or if one that is a
    number of seconds or percent is none, negative or infinite.
options:
  playbook:
    description: The name of the playbook.
    type: str
    required: true
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
  - mcp.kubernetes._controller.batch
  - mcp.kubernetes._controller.read_only
"""

EXAMPLES = r"""
- name: Check the variables
  mcp.kubernetes.mcp_variables:
    playbook: deploy
  run_once: true
"""

RETURN = r"""
warnings:
  description: The variables that have no effect.
  returned: always
  type: list
  elements: str
"""
