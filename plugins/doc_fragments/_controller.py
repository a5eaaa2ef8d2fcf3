# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this document fragment is **PRIVATE** to the collection. It can have breaking changes at any time.

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of actions that run on the controller."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the cluster.
    support: full
  action:
    description: Runs on the controller. No Python is needed on the target host, and nothing is copied there.
    support: full
notes:
  - This is an action plugin. It always runs on the controller, in the process of C(ansible-playbook).
"""

    # Actions that process all hosts of the play at once.
    BATCH = r"""
options: {}
attributes:
  bypass_host_loop:
    description: Runs once for all hosts of the play. Always use it with C(run_once=true).
    support: full
"""

    # Actions that change nothing in the cluster.
    READ_ONLY = r"""
options: {}
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: N/A
    details: Nothing is changed.
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
    details: Never reports a change.
"""

    # Actions that apply objects.
    APPLY = r"""
options: {}
attributes:
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: full
    details: Values whose names look like secrets are masked.
  idempotent:
    description: When run twice in a row it does not report a change the second time.
    support: full
    details: A change means that the resource version of an object has changed.
"""

    # Actions that only the playbooks and roles of this collection use.
    INTERNAL = r"""
options: {}
notes:
  - This module is internal. The playbooks and roles of this collection use it, and its options can change in any
    release. Use M(mcp.kubernetes.mcpserver) and M(mcp.kubernetes.mcpserver_info) in your own playbooks.
"""
