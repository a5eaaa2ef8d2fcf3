# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An operator whose reconciliation is Ansible: watches become batched playbook runs."""

from __future__ import annotations

__version__ = "0.1.0"
