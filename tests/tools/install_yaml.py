# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Render ``install.yaml`` from the chart: what ``kubectl apply`` and the role ``operator`` install.

``install_yaml.py --check`` only tells whether the file is what the chart makes now.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parent))

import addresses

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "operator" / "chart"
TARGET = ROOT / "roles" / "operator" / "files" / "install.yaml"
RELEASE = "mcp-operator"
NAMESPACE = "mcp-operator-system"
# The oldest Kubernetes that is supported; without a cluster Helm cannot know it.
OLDEST = "1.31.0"
# What only Helm knows: it makes the namespace itself, and it alone could delete the CustomResourceDefinition.
VALUES = ["namespace.create=true", "crd.keep=false"]
HEAD = """\
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Rendered from operator/chart by `make install-yaml`.
# One document, a List: ansible-test allows no more in a collection.
{warning}---
"""
# The chart refuses the placeholder, and the file must contain some image.
STAND_IN = "stand-in.invalid/mcp-operator"
WARNING = """\
#
# BEFORE YOU APPLY THIS FILE: {image} is a placeholder that no registry has. Replace it
# in both places by the image of the operator that you pushed. For stdio servers and metrics, also set the values of
# MCP_OPERATOR_BRIDGE_INJECT_IMAGE and MCP_OPERATOR_BRIDGE_PACKAGE_IMAGE. See docs/how-to/install.md.
"""
# The namespace first, then what the Deployment needs.
ORDER = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ClusterRole", "Role"]


def helm() -> str:
    """Return the path of Helm, which is built on first use."""
    command = [sys.executable, str(ROOT / "tests" / "cluster"), "helm"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def render() -> str:
    """Return install.yaml as the chart makes it now."""
    image = f"{addresses.settings(ROOT).registry}/mcp-operator"
    values = [word for value in [*VALUES, f"image.repository={STAND_IN}"] for word in ("--set", value)]
    command = [helm(), "template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--kube-version", OLDEST]
    made = subprocess.run([*command, "--skip-tests", *values], check=True, stdout=subprocess.PIPE, text=True).stdout
    yaml = YAML()
    yaml.width = 100
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = StringIO()
    yaml.dump({"apiVersion": "v1", "kind": "List", "items": sorted(_documents(yaml, made), key=_rank)}, written)
    # Where the writer breaks a line, it leaves the blank that the break stands for.
    lines = (line.rstrip() for line in written.getvalue().replace(STAND_IN, image).splitlines())
    is_placeholder = image.startswith(f"{addresses.PLACEHOLDERS.registry}/")
    head = HEAD.format(warning=WARNING.format(image=image) if is_placeholder else "")
    return head + "".join(f"{line}\n" for line in lines)


def _documents(yaml: YAML, text: str) -> list[dict[str, Any]]:
    """Return the documents without the comments that name their templates."""
    found = []
    for part in text.split("\n---\n"):
        lines = [line for line in part.removeprefix("---\n").splitlines() if not line.startswith("# Source: ")]
        document = yaml.load("\n".join(lines))
        if document:
            found.append(document)
    return found


def _rank(document: dict[str, Any]) -> int:
    kind = document["kind"]
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is another")
    made = render()
    if not parser.parse_args().check:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(made, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != made:
        sys.exit(f"{TARGET.relative_to(ROOT)} is not what the chart makes: run `make install-yaml`.")


if __name__ == "__main__":
    main()
