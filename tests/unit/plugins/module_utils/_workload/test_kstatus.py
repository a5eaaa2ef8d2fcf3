# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.kstatus import progress


@pytest.mark.parametrize(
    ("phase", "stuck", "error", "expected"),
    [
        ("Running", "", "", []),
        ("Terminating", "ImagePullBackOff", "ApiForbidden", []),
        ("Creating", "", "", [("Reconciling", "Creating")]),
        ("Scaling", "", "", [("Reconciling", "Scaling")]),
        ("Updating", "", "", [("Reconciling", "Updating")]),
        # Earlier Pods serve, and the rollout cannot complete.
        ("Updating", "CrashLoopBackOff", "", [("Stalled", "CrashLoopBackOff")]),
        ("Failed", "ImagePullBackOff", "", [("Stalled", "NotReady")]),
        ("ValidationFailed", "", "", [("Stalled", "NotReady")]),
        # Only a change of the manifest, of a policy or of rights helps.
        ("Updating", "", "ManifestInvalid", [("Stalled", "ManifestInvalid")]),
        ("Running", "", "ApiForbidden", [("Stalled", "ApiForbidden")]),
        # The operator tries again.
        ("Failed", "", "ApiUnreachable", [("Reconciling", "Failed")]),
        ("Running", "", "RunFailed", [("Reconciling", "Running")]),
    ],
)
def test_progress(phase, stuck, error, expected):
    found = progress(phase, "NotReady", "why", stuck=stuck, error=error)
    assert [(condition.type, condition.reason) for condition in found] == expected
    assert all(condition.status == "True" and condition.message == "why" for condition in found)
