# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The dashboards against the types that Grafana generates from its schemas. Grafana itself is not run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.cluster import ROOT
from support.helm import CHART

# Installs the types on first use.
pytestmark = pytest.mark.test_all
DASHBOARDS = sorted((CHART / "files" / "dashboards").glob("*.json"))
MISTAKES = {
    '"colorMode"': '"colourMode"',
    '"thresholds"': '"limits"',
    '"gridPos"': '"position"',
    '"legendFormat"': '"legend"',
    '"type": "value"': '"type": "values"',
    '"mode": "absolute"': '"mode": "relative"',
    '"graphTooltip": 1': '"graphTooltip": 7',
    '"mode": "normal"': '"mode": "stacked"',
}


@pytest.fixture(scope="module")
def python() -> Path:
    """Return the Python that has the types."""
    program = "import cores; print(cores.installed('grafana', 'grafana'))"
    folder = ROOT / "tests" / "tools"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    return Path(done.stdout.splitlines()[-1], "python")


def check(python: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [str(python), str(ROOT / "tests" / "tools" / "grafana_types.py"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_grafana_reads_all_that_the_dashboards_say(python: Path) -> None:
    assert len(DASHBOARDS) == 4
    done = check(python, *DASHBOARDS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_found(python: Path, tmp_path: Path, right: str) -> None:
    texts = (path.read_text(encoding="utf-8") for path in DASHBOARDS)
    text = next(text for text in texts if right in text)
    file = tmp_path / "mistake.json"
    file.write_text(text.replace(right, MISTAKES[right], 1), encoding="utf-8")
    done = check(python, file)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("mistake.json")
