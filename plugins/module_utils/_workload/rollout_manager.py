# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.rollout.managedBy``: which controller replaces the Pods in place of the Deployment's own."""

from __future__ import annotations

import typing as t

from .errors import ManifestError
from .fields import mapping

ARGO, FLAGGER = "argo-rollouts", "flagger"
TITLES = {ARGO: "Argo Rollouts", FLAGGER: "Flagger"}
PRIMARY = "-primary"
# Flagger adds the suffix to the value of the label app, too.
_LONGEST_NAME = 63 - len(PRIMARY)


def manager(spec: t.Mapping[str, t.Any]) -> str:
    """Return the controller that replaces the Pods; empty for the Deployment's own."""
    found = str(mapping(spec, "rollout").get("managedBy") or "")
    return found if found in TITLES else ""


def check_name(name: str, spec: t.Mapping[str, t.Any]) -> None:
    """Require a name of which Flagger can make the names of its copy.

    :raises ManifestError: it is too long.
    """
    if manager(spec) == FLAGGER and len(name) > _LONGEST_NAME:
        raise ManifestError(
            f"{name} is too long a name for Flagger: its copy of the Deployment would have the label "
            f"app: {name}{PRIMARY}, and values of labels have at most 63 characters.",
            f"Use a name of at most {_LONGEST_NAME} characters, or remove spec.rollout.managedBy.",
        )
