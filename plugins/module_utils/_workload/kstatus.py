# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The conditions Reconciling and Stalled, by which kstatus computes the health of an object.

Source: https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md. Both exist only while they are
True. ``Stalled`` makes an object Failed, ``Reconciling`` makes it InProgress; Flux and kpt wait on them.
"""

from __future__ import annotations

import typing as t

_ROLLING = ("Creating", "Updating", "Scaling")
_FAILED = ("Failed", "ValidationFailed")
# Why a manifest cannot be applied, where only a change of the manifest, of a policy or of rights helps.
_PERMANENT = ("ManifestInvalid", "ApiInvalid", "ApiForbidden", "ForeignObject")


class Condition(t.NamedTuple):
    """A condition without its times.

    :param status: ``True``, ``False`` or ``Unknown``.
    """

    type: str
    status: str
    reason: str
    message: str


def progress(phase: str, reason: str, message: str, *, stuck: str = "", error: str = "") -> list[Condition]:
    """Return the condition Stalled, or Reconciling, or none.

    :param phase: ``status.phase``.
    :param reason: the reason of the condition Ready.
    :param message: ``status.message``.
    :param stuck: why the rollout cannot complete; empty if it can.
    :param error: the reason for which the manifest was not applied; empty if it was.
    """
    if phase == "Terminating":
        return []
    if error in _PERMANENT:
        return [Condition("Stalled", "True", error, message)]
    if phase in _FAILED and not error:
        return [Condition("Stalled", "True", reason, message)]
    if stuck:
        return [Condition("Stalled", "True", stuck, message)]
    return [Condition("Reconciling", "True", phase, message)] if phase in _ROLLING or error else []
