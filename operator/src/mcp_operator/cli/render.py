# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator render``: print the objects that MCPServers become; the playbook ``render`` does the work."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from ..errors import RenderFailed
from .requirements import require

# Seconds until Ansible must have rendered the manifests, of which it reads at most 16 MiB.
_TIMEOUT = 600
_MAX_BYTES = 16 * 1024 * 1024
_STDIN = "-"
_EPILOG: t.Final = """\
examples:
  mcp-operator render wikipedia.yaml -n team-a
  mcp-operator render servers/ > objects.yaml

exit codes:
  0  the objects are printed
  2  the command line or a manifest is invalid, or Ansible is not installed"""
_QUIET = {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false", "ANSIBLE_NOCOLOR": "1"}


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "manifests",
        nargs="+",
        metavar="PATH",
        help="file or folder with manifests of MCPServers (- for standard input)",
    )
    parser.add_argument(
        "--namespace", "-n", metavar="NAME", help="namespace of manifests without one; others are rejected"
    )
    parser.add_argument(
        "--without-operator", action="store_true", help="render what the playbook deploy applies where none runs"
    )


def render(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Print the objects as YAML, in the order in which they are applied, and return 0.

    :raises ExtraMissing: Ansible is not installed.
    :raises RenderFailed: a manifest cannot be read or is invalid; the message is that of the playbook.
    """
    require("run", "ansible")
    with tempfile.TemporaryDirectory(prefix="mcp-render-") as folder:
        output, variables = Path(folder) / "objects.yaml", Path(folder) / "variables.json"
        given = {
            "mcp_manifests": [str(_file(path, Path(folder))) for path in flags.manifests],
            "mcp_output_file": str(output),
            "mcp_with_operator": not flags.without_operator,
        }
        if flags.namespace:
            given["mcp_namespace"] = flags.namespace
        variables.write_text(json.dumps(given), encoding="utf-8")
        command = ["ansible", "playbook", "mcp.kubernetes.render", "--inventory", "localhost,"]
        try:
            done = subprocess.run(  # noqa: S603  # our own playbook, and paths that it takes from a file
                [sys.executable, "-m", *command, "--extra-vars", f"@{variables}"],
                env={**environment, **_QUIET},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=_TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            raise RenderFailed(f"Ansible did not render the manifests in {_TIMEOUT} s.", "Render fewer.") from None
        if done.returncode:
            raise RenderFailed(_reason(done.stdout).replace(str(Path(folder) / _STDIN), "standard input"))
        sys.stdout.write(output.read_text(encoding="utf-8"))
    return 0


def _file(given: str, folder: Path) -> Path:
    """Return a path for Ansible, which does not read standard input.

    :raises RenderFailed: there is no such file.
    """
    if given == _STDIN:
        copy = folder / _STDIN
        if not copy.exists():
            copy.write_bytes(sys.stdin.buffer.read(_MAX_BYTES + 1))
        return copy
    path = Path(given).absolute()
    if not path.exists():
        raise RenderFailed(f"There is no file or folder {given}.", "Give a path, or - for standard input.")
    return path


def _reason(said: str) -> str:
    """Return Ansible's error, or all that it printed."""
    errors = [line for line in said.splitlines() if line.startswith(("[ERROR]", "ERROR!"))]
    text = errors[-1].partition(" ")[2] if errors else said.strip()
    return text.removeprefix("Task failed: ")[:2000]
