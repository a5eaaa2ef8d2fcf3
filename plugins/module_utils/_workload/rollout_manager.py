# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.rollout.managedBy``: which controller replaces the Pods in place of the Deployment's own."""

from __future__ import annotations

import typing as t

from .fields import mapping

ARGO, FLAGGER = "argo-rollouts", "flagger"
TITLES = {ARGO: "Argo Rollouts", FLAGGER: "Flagger"}


def manager(spec: t.Mapping[str, t.Any]) -> str:
    """Return the controller that replaces the Pods; empty for the Deployment's own."""
    found = str(mapping(spec, "rollout").get("managedBy") or "")
    return found if found in TITLES else ""
