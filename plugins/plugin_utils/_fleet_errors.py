# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of a fleet over several clusters."""

from __future__ import annotations

from ..module_utils._errors import McpKubernetesError


class FleetError(McpKubernetesError):
    """The clusters, waves, placement or overlays of an inventory cannot be used."""

    code = "FLEET_INVALID"


class RolloutStateError(McpKubernetesError):
    """The state file of a rollout cannot be used."""

    code = "ROLLOUT_STATE"
