# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Changes in two waves: good and bad ones, and one that is interrupted."""

from __future__ import annotations

import shutil

import pytest

from support import cluster
from support.rollouts import Rollout, changing

GO = "localhost/mcp-servers/go-sdk:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"
GOOD = {"first": {"image": GO}, "second": {"image": GO}}
LARGER = {name: {**spec, "replicas": 2} for name, spec in GOOD.items()}


@pytest.fixture(scope="module")
def images(crd):
    cluster.load_images("go-sdk", "broken")


@pytest.fixture
def rollout(playbooks, client, kubeconfig, images, namespace, tmp_path):
    return Rollout.on(playbooks, client, namespace, tmp_path / "machine", kubeconfig)


@pytest.mark.test_all
def test_a_change_goes_from_wave_to_wave_and_a_bad_one_is_rolled_back_everywhere(rollout):
    assert (rollout.run("--check", **GOOD).code, rollout.specs("image")) == (0, {}), "check mode changes nothing"

    assert rollout.run(**GOOD).code == 0
    assert rollout.specs("image") == {"first": GO, "second": GO}
    report = rollout.report()
    assert {name: row["wave"] for name, row in report.items()} == {"first": "canary", "second": "all"}
    assert all(row["validated_since"] and row["version"] for row in report.values())

    done = rollout.run(first={"image": GO, "replicas": 2}, second={"image": BROKEN, "args": ["html"]})
    assert done.code == 2
    report = rollout.report()
    assert {name: row["result"] for name, row in report.items()} == {"first": "RolledBack", "second": "RolledBack"}
    assert "NOT_MCP" in report["second"]["message"]
    assert rollout.specs("image") == {"first": GO, "second": GO}

    # A rollback writes what the API server returned, with defaults, which the next run of the manifests gives back.
    rollout.run(**GOOD)
    done = rollout.run(**GOOD)
    assert (done.code, done.recap["first"]["changed"], done.recap["second"]["changed"]) == (0, 0, 0)


@pytest.mark.test_all
def test_a_run_that_is_killed_in_a_wave_is_completed_on_another_machine(rollout, kubeconfig, tmp_path):
    assert rollout.run(**GOOD).code == 0
    process = rollout.start(soak=30, **LARGER)
    try:
        changing(rollout, "first")
    finally:
        process.kill()
        process.communicate()
    assert rollout.phases() == {"first": "Changing", "second": "Pending"}

    other = rollout.moved(tmp_path / "other", kubeconfig)
    shutil.rmtree(rollout.folder)
    assert other.run(**LARGER).code == 0
    assert (other.phases(), other.specs("replicas")) == (
        {"first": "Validated", "second": "Validated"},
        {"first": 2, "second": 2},
    )
