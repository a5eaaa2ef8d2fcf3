# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A run with the directory, variables, inventory and command line of Operator SDK's ansible-operator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_operator.runs.case_conversion import to_snake
from mcp_operator.watches.definition import Watch

_INVENTORY = "localhost ansible_connection=local ansible_python_interpreter={{ansible_playbook_python}}\n"


def _unsafe(value: Any) -> Any:
    """Mark every string, as ansible-operator does for a watch with `markUnsafe`."""
    if isinstance(value, dict):
        return {key: _unsafe(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unsafe(item) for item in value]
    return {"__ansible_unsafe": value} if isinstance(value, str) else value


def extra_vars(watch: Watch, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a run, those with higher precedence last."""
    meta, spec = item["metadata"], item.get("spec") or {}
    named = {to_snake(key): value for key, value in spec.items()} if watch.snake_case_parameters else spec
    base = f"_{watch.group.replace('.', '_').replace('-', '_')}_{watch.kind.lower()}"
    return {
        **_unsafe(named),
        "ansible_operator_meta": {"name": meta["name"], "namespace": meta["namespace"]},
        base: _unsafe(dict(item)),
        f"{base}_spec": _unsafe(spec),
        **watch.vars,
    }


class Result:
    """The result that ansible-operator reads from the events of a run."""

    def __init__(self, output: str, events: list[dict[str, Any]]) -> None:
        self.output = output
        self.completed = any(event["event"] == "playbook_on_stats" for event in events)
        self.failures = [
            str(event["event_data"]["res"].get("msg"))
            for event in events
            if event["event"] == "runner_on_failed" and not event["event_data"].get("ignore_errors")
        ]

    @property
    def successful(self) -> bool:
        return self.completed and not self.failures


def run(folder: Path, watch: Watch, item: Mapping[str, Any], *, programs: Path, kubeconfig: str, home: Path) -> Result:
    """Run the playbook of a watch.

    :param folder: an empty folder for the run.
    :param programs: the folder of `ansible-playbook`.
    :param home: the folder of the collections.
    """
    for name in ("env", "inventory", "project"):
        (folder / name).mkdir(parents=True)
    (folder / "inventory" / "hosts").write_text(_INVENTORY)
    (folder / "env" / "extravars").write_text(json.dumps(extra_vars(watch, item)))
    (folder / "env" / "envvars").write_text(
        json.dumps({"K8S_AUTH_KUBECONFIG": kubeconfig, "KUBECONFIG": kubeconfig, "ANSIBLE_GATHERING": "explicit"})
    )
    assert watch.playbook is not None
    (folder / "project" / "playbook.yaml").write_text(Path(watch.playbook).read_text())
    runner = Path(sys.executable).with_name("ansible-runner")
    command = [str(runner), "run", str(folder), "--rotate-artifacts", "20"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MCP_OPERATOR_")},
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(home),
    }
    done = subprocess.run(
        [*command, "-p", watch.playbook, "-i", "42", "-vv"],
        cwd=folder / "project",
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    files = sorted((folder / "artifacts" / "42" / "job_events").glob("*.json"))
    return Result(done.stdout, [json.loads(path.read_text()) for path in files])
