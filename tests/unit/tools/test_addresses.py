# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Where the project is published is one setting, and all files follow it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import pods

TOOLS = Path(__file__).resolve().parents[2] / "tools"
# In two parts, so that this file is not changed with the others.
PLACEHOLDER = "registry.example.com"
PAGES = {
    "release/settings.yml": (
        "registry: quay.io/us\nrepository: https://code.test/us/it\ngalaxy_namespace: mcp\n"
        "security_contact: safe@code.test\nconduct_contact: kind@code.test\n"
    ),
    "operator/chart/values.yaml": "image:\n  repository: old.test/a/mcp-operator\n",
    "galaxy.yml": "namespace: mcp\nrepository: https://old.test/r\n",
    "SECURITY.md": "https://old.test/r/security, or send an email to `s@old.test`.\n",
    "CODE_OF_CONDUCT.md": "Report a violation to `c@old.test`.\n",
    "docs/new.md": f"{PLACEHOLDER}/mcp/mcp-stdio-bridge:1 {PLACEHOLDER}/mcp/mcp-operator-x:1\n",
    "docs/users.md": "image: registry.example.com/team/weather:1\n",
}


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the tool as it is when it is run: its folder first on the path."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import addresses as tool

    yield tool
    del sys.modules["addresses"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for words in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def test_the_files_of_the_repository_have_the_addresses_of_the_settings(addresses: ModuleType, root: Path) -> None:
    assert addresses.settings(root) == addresses.written(root)
    assert not addresses.changes(root)


def test_what_refuses_placeholders_knows_their_registry(addresses: ModuleType, root: Path) -> None:
    registry = f"{addresses.PLACEHOLDERS.registry.partition('/')[0]}/"
    assert registry == pods.PLACEHOLDER_REGISTRY
    variables = yaml.safe_load((root / "roles" / "operator" / "vars" / "main.yml").read_text(encoding="utf-8"))
    assert variables["__operator_placeholder"] == registry
    helpers = (root / "operator" / "chart" / "templates" / "_helpers.tpl").read_text(encoding="utf-8")
    assert f'(eq $first "{registry.removesuffix("/")}")' in helpers


def test_all_files_get_the_addresses_of_the_settings(addresses: ModuleType, checkout: Path) -> None:
    found = addresses.changes(checkout)
    assert {path.relative_to(checkout).as_posix(): text for path, text in found.items()} == {
        "operator/chart/values.yaml": "image:\n  repository: quay.io/us/mcp-operator\n",
        "galaxy.yml": "namespace: mcp\nrepository: https://code.test/us/it\n",
        "SECURITY.md": "https://code.test/us/it/security, or send an email to `safe@code.test`.\n",
        "CODE_OF_CONDUCT.md": "Report a violation to `kind@code.test`.\n",
        # A placeholder in a new file; an image of another name is not one of ours.
        "docs/new.md": f"quay.io/us/mcp-stdio-bridge:1 {PLACEHOLDER}/mcp/mcp-operator-x:1\n",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("registry: quay.io/us\n", ""),
        ("registry: quay.io/us\n", "registry: quay.io/us/\n"),
        ("registry: quay.io/us\n", "registry: 'quay.io us'\n"),
        ("registry: quay.io/us\n", "registry: us\n"),
        ("registry: quay.io/us\n", "registry: quay.io/Us\n"),
        ("registry: quay.io/us\n", "registry: [\n"),
        ("registry: quay.io/us\n", "registry: quay.io/us\nmirror: a\n"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(
    addresses: ModuleType, checkout: Path, before: str, after: str
) -> None:
    path = checkout / "release" / "settings.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(SystemExit, match="release/settings"):
        addresses.settings(checkout)
