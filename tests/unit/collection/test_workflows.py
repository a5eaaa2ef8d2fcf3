# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The workflows of GitHub Actions and GitLab run make targets that exist, with few permissions and with limits.

tests/integration/tools/test_actionlint.py checks their syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")


def load(file: Path) -> dict[str, Any]:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def steps(workflow: dict[str, Any], key: str) -> Iterator[str]:
    for job in workflow["jobs"].values():
        yield from (step[key] for step in job["steps"] if key in step)


def made(command: str) -> str:
    """Return the target of a command that is make and nothing else."""
    found = re.fullmatch(r"(?:sudo (?:--preserve-env=[A-Z_,]+ )?)?make ([a-z0-9-]+)", command)
    assert found, command
    return found[1]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_runs_targets_with_few_permissions(file: Path) -> None:
    workflow = load(file)
    assert workflow["permissions"] == {}
    assert [run for run in steps(workflow, "run") if made(run) not in TARGETS] == []
    assert [uses for uses in steps(workflow, "uses") if not PINNED.fullmatch(uses)] == []
    assert [name for name, job in workflow["jobs"].items() if "timeout-minutes" not in job] == []
    writes = {
        right for job in workflow["jobs"].values() for right, level in job["permissions"].items() if level != "read"
    }
    assert writes <= ({"packages"} if file.stem == "release" else {"security-events"})


def test_the_pipeline_of_gitlab_runs_targets() -> None:
    jobs = {name: job for name, job in load(ROOT / ".gitlab-ci.yml").items() if name not in ("default", "stages")}
    assert [run for job in jobs.values() for run in job["script"] if made(run) not in TARGETS] == []
    assert [name for name, job in jobs.items() if "timeout" not in job] == []
