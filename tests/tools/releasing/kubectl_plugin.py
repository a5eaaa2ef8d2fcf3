# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The plugin `kubectl mcp`: the wheel as one program, in an archive, and the manifest by which krew installs it.

krew puts one program of a plugin on PATH. The one by which kubectl completes `kubectl mcp` is in the archive, too; with
krew, users copy it.

A program of Python runs on all platforms with Python; a compiled one would have to be built and tried on each. The
packages of the wheel's extra `status` are not in it: PyYAML has compiled parts. Commands that need them say so.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import yaml

from .archives import pack, sha256, write_program
from .source import Source

PROGRAM = "kubectl-mcp"
COMPLETION = "kubectl_complete-mcp"
_MAIN = "import sys\n\nfrom mcp_operator.cli.main import main\n\nsys.exit(main())\n"
_COMPLETE = f'#!/bin/sh\nexec {PROGRAM} __complete "$@"\n'
_LICENCES = ("Apache-2.0", "Unicode-3.0")


def plugin(source: Source, folder: Path, wheel: Path) -> tuple[Path, Path]:
    """Write the archive and the manifest; return their paths."""
    archive = folder / f"{PROGRAM}-{source.version}.tar.gz"
    with tempfile.TemporaryDirectory() as scratch:
        content, program = Path(scratch) / "content", Path(scratch) / PROGRAM
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(content)
        (content / "__main__.py").write_text(_MAIN, encoding="utf-8")
        write_program(program, content, source.epoch)
        completion = Path(scratch) / COMPLETION
        completion.write_text(_COMPLETE, encoding="utf-8")
        completion.chmod(0o755)
        texts = [(f"LICENSE-{name}.txt", source.root / "LICENSES" / f"{name}.txt") for name in _LICENCES]
        pack(archive, [(PROGRAM, program), (COMPLETION, completion), *texts], source.epoch)
    manifest = folder / "krew-mcp.yaml"
    manifest.write_text(yaml.safe_dump(_manifest(source, archive), sort_keys=False, width=120), encoding="utf-8")
    return archive, manifest


def _manifest(source: Source, archive: Path) -> dict[str, object]:
    repository = source.published.repository
    krew = "${KREW_ROOT:-$HOME/.krew}"
    return {
        "apiVersion": "krew.googlecontainertools.github.com/v1alpha2",
        "kind": "Plugin",
        "metadata": {"name": "mcp"},
        "spec": {
            "version": f"v{source.version}",
            "homepage": repository,
            "shortDescription": "Validate and inspect MCP servers",
            "description": "Shows the MCPServers of clusters and validates MCP servers by a real handshake.\n",
            "caveats": (
                "This plugin needs Python 3.12 or later as python3. All commands but `kubectl mcp validate URL`\n"
                "also need Python packages: pip install kubernetes rich\n"
                "For completion: pip install argcomplete, and\n"
                f"  cp {krew}/store/mcp/v{source.version}/{COMPLETION} {krew}/bin/\n"
            ),
            "platforms": [
                {
                    "selector": {
                        "matchExpressions": [{"key": "os", "operator": "In", "values": ["darwin", "linux"]}],
                    },
                    "uri": f"{repository}/releases/download/v{source.version}/{archive.name}",
                    "sha256": sha256(archive),
                    "files": [{"from": name, "to": "."} for name in (PROGRAM, COMPLETION, "LICENSE-*.txt")],
                    "bin": PROGRAM,
                }
            ],
        },
    }
