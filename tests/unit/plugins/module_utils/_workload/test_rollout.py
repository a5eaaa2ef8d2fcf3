# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import rollout


def deployment(desired, replicas, updated, ready, available, *, generation=2, observed=2):
    status = {
        "observedGeneration": observed,
        "replicas": replicas,
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": available,
    }
    return {"metadata": {"generation": generation}, "spec": {"replicas": desired}, "status": status}


@pytest.mark.parametrize(
    ("counts", "phase", "complete"),
    [
        ((1, 0, 0, 0, 0), "Creating", False),
        ((1, 1, 1, 0, 0), "Creating", False),
        ((2, 3, 1, 2, 2), "Updating", False),
        ((2, 3, 2, 2, 2), "Updating", False),
        ((3, 3, 3, 1, 1), "Scaling", False),
        ((2, 2, 2, 2, 1), "Scaling", False),
        ((2, 2, 2, 2, 2), "Running", True),
        ((0, 0, 0, 0, 0), "Running", True),
    ],
)
def test_phases(counts, phase, complete):
    found = rollout(deployment(*counts))
    assert (found.phase, found.complete) == (phase, complete)


def test_counts_of_an_older_generation_say_nothing():
    found = rollout(deployment(1, 1, 1, 1, 1, generation=3, observed=2))
    assert not found.complete
    assert found.phase == "Creating"


def test_before_there_is_a_deployment_it_is_being_created():
    assert rollout(None).phase == "Creating"
    assert not rollout(None).complete
