#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: mcp_output
short_description: (internal) Write a text to a file, or display it
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - One task for playbooks with an optional file, so that no task is skipped.
options:
  content:
    description: The text.
    type: str
    required: true
  dest:
    description: The file, written with M(ansible.builtin.copy).
    type: path
  display:
    description: Whether to display the text without O(dest).
    type: bool
    default: true
extends_documentation_fragment:
  - mcp.kubernetes._controller
  - mcp.kubernetes._controller.internal
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
"""

EXAMPLES = r"""
- name: Write or show the manifests
  mcp.kubernetes.mcp_output:
    content: "{{ imported.text }}"
    dest: "{{ output_file | default(omit) }}"
"""

RETURN = r"""
dest:
  description: The file.
  returned: with O(dest)
  type: str
"""
