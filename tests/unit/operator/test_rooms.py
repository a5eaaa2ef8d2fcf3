# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What each package of the operator may import from elsewhere. import-linter checks imports within the operator."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

OPERATOR = Path(__file__).resolve().parents[3] / "operator"
PACKAGE = OPERATOR / "src" / "mcp_operator"
# Package of the operator -> third-party packages, and packages of the collection that the operator vendors.
ALLOWED = {
    ".": {"_vendor._errors", "_vendor._kube", "_vendor._workload", "prometheus_client"},
    "catalog": {"_vendor._errors", "_vendor._kube", "_vendor._workload"},
    "cli": {
        "_vendor._engine",
        "_vendor._errors",
        "_vendor._kube",
        "_vendor._mcp",
        "_vendor._workload",
        "argcomplete",
        "prometheus_client",
        "rich",
        "yaml",
    },
    "cluster": {"urllib3", "_vendor._kube", "_vendor._workload"},
    "gates": {"_vendor._engine", "_vendor._kube", "_vendor._workload"},
    "reconcile": {"_vendor._errors", "_vendor._kube", "_vendor._workload", "prometheus_client"},
    "process": {"cryptography", "prometheus_client", "_vendor._kube"},
    "rollouts": {"_vendor._workload", "prometheus_client"},
    "runs": {"ansible", "ansible_runner", "yaml"},
    # Playbooks determine the shard of a namespace, too.
    "settings": {"_vendor._workload"},
    "status": {"_vendor._engine", "_vendor._kube", "_vendor._mcp", "_vendor._workload", "prometheus_client"},
    "validation": {"_vendor._engine", "_vendor._kube", "_vendor._mcp", "_vendor._workload", "prometheus_client"},
    "watches": {"yaml"},
    "workloads": {"_vendor._kube", "_vendor._workload"},
}
# What every package may import.
SHARED = {"_vendor._util", "_vendor._deprecations"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "_vendor" not in path.relative_to(PACKAGE).parts)


def imports(path: Path) -> set[str]:
    """Return what a file imports from outside the operator's own packages."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = (node.module or "").removeprefix("mcp_operator.")
            first, _, rest = name.partition(".")
            if first == "_vendor":
                found.add(f"_vendor.{rest.partition('.')[0]}")
            elif node.level == 0 and name == node.module:
                found.add(first)
    return found - set(sys.stdlib_module_names)


def package_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0] if path.parent != PACKAGE else "."


def test_each_file_is_in_a_package() -> None:
    assert {package_of(path) for path in FILES} == set(ALLOWED), "say in ALLOWED what a package may import"


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_what_is_allowed(package: str) -> None:
    files = [path for path in FILES if package_of(path) == package]
    outside = {path.relative_to(PACKAGE).as_posix(): imports(path) - ALLOWED[package] - SHARED for path in files}
    assert {path: names for path, names in outside.items() if names} == {}


def test_what_is_imported_is_required() -> None:
    project = tomllib.loads((OPERATOR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = " ".join(entry for extra in project["optional-dependencies"].values() for entry in extra)
    packages = {name.replace("_", "-") for names in ALLOWED.values() for name in names if not name.startswith("_")}
    assert [name for name in packages - {"yaml"} if name not in required] == []
    assert "pyyaml" in required
