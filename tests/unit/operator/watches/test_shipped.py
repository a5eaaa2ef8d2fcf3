# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The ``watches.yaml`` of this repository, under ansible-operator."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from ansible_runner.utils import cleanup_artifact_dir

ROOT = Path(__file__).resolve().parents[4]


def test_the_rotation_of_artifacts_never_meets_the_link_to_the_latest(tmp_path):
    [watch] = yaml.safe_load((ROOT / "watches.yaml").read_text(encoding="utf-8"))
    link = tmp_path / "latest"
    for number in range(6):
        # As ansible-operator's runs do: ansible-runner rotates, then makes the folder and the link to it.
        cleanup_artifact_dir(str(tmp_path), watch["maxRunnerArtifacts"])
        folder = tmp_path / str(number)
        folder.mkdir()
        os.utime(folder, (number, number))
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    assert len(list(tmp_path.iterdir())) == watch["maxRunnerArtifacts"] + 1
