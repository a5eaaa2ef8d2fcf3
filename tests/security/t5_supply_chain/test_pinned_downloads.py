# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is downloaded is what this repository names: a registry, an index or a mirror cannot replace it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

# A requirement and its hashes, whose lines are continued.
REQUIREMENT = re.compile(r"^[A-Za-z0-9][^\n]*(?:\n +--hash[^\n]*)*", re.MULTILINE)
PINNED = re.compile(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", re.DOTALL)
INSECURE = re.compile(
    r"--trusted-host|--no-check-certificate|\bcurl\b[^\n]* (?:-k|--insecure)\b|strict-ssl[ =]false"
    r"|GONOSUMDB|GONOSUMCHECK|GOINSECURE|GOFLAGS=-insecure|GOSUMDB=off|PIP_TRUSTED_HOST|NODE_TLS_REJECT_UNAUTHORIZED"
    r"|\b(?:curl|wget)\b[^\n]*\| *(?:ba|z)?sh\b|^ADD +https?:",
    re.MULTILINE,
)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def commands(text: str) -> list[str]:
    """Return the lines of a file, each with the lines that continue it."""
    return [line for line in text.replace("\\\n", " ").split("\n") if not line.lstrip().startswith("#")]


def test_every_locked_python_package_has_hashes(files: list[Path]) -> None:
    locks = [path for path in files if path.suffix == ".txt" and re.search(r"^\S+==", text_of(path), re.MULTILINE)]
    assert len(locks) > 10
    loose = {
        f"{path.name}: {requirement.splitlines()[0]}"
        for path in locks
        for requirement in REQUIREMENT.findall(text_of(path))
        if not PINNED.match(requirement)
    }
    assert not loose


def test_python_packages_of_images_are_installed_by_their_hashes(files: list[Path]) -> None:
    installs = [
        command
        for path in files
        if path.name == "Containerfile"
        for part in commands(text_of(path))
        for command in part.split("&&")
        if re.search(r"\bpip\b.* install ", command)
    ]
    assert len(installs) > 5
    assert [command for command in installs if "--require-hashes" not in command] == []


def test_every_locked_node_package_has_a_hash(files: list[Path]) -> None:
    locks = [path for path in files if path.name == "package-lock.json"]
    assert locks
    for lock in locks:
        packages = json.loads(text_of(lock))["packages"]
        found = {name: package for name, package in packages.items() if name and not package.get("link")}
        assert found
        loose = [
            name for name, package in found.items() if not re.match(r"sha(384|512)-", package.get("integrity", ""))
        ]
        assert loose == [], lock


def test_node_packages_are_installed_by_their_lock_and_run_no_scripts(files: list[Path]) -> None:
    lines = [line for path in files if path.name == "Containerfile" for line in commands(text_of(path))]
    installs = [line for line in lines if re.search(r"\bnpm\b +(?:ci|install|i)\b", line)]
    assert installs
    assert all("npm ci" in line and "--ignore-scripts" in line for line in installs)


def test_every_go_module_has_checksums(files: list[Path]) -> None:
    modules = [
        path for path in files if path.name == "go.mod" and re.search(r"^\s*require\b", text_of(path), re.MULTILINE)
    ]
    assert modules
    assert [path for path in modules if not path.with_name("go.sum").is_file()] == []


def test_a_digest_of_a_base_image_can_be_set_in_one_place(files: list[Path]) -> None:
    containerfiles = [path for path in files if path.name == "Containerfile"]
    assert len(containerfiles) > 5
    for path in containerfiles:
        text = text_of(path)
        stages = re.findall(r"^FROM .* AS (\S+)$", text, re.MULTILINE)
        images = set(re.findall(r"^FROM (?:--platform=\S+ )?(\S+)", text, re.MULTILINE)) - set(stages) - {"scratch"}
        arguments = dict(re.findall(r"^ARG (\w+)(?:=(\S+))?$", text, re.MULTILINE))
        assert images <= {f"${{{name}}}" for name in arguments}, path
        for reference in filter(None, arguments.values()):
            assert re.search(r":\d[\w.-]*(@sha256:[0-9a-f]{64})?$", reference), (path, reference)


def test_no_check_of_a_download_is_switched_off(files: list[Path], root: Path) -> None:
    found = {
        f"{path.relative_to(root)}: {match.group()}"
        for path in files
        # Tests try what is forbidden.
        if not path.name.startswith("test_") and (match := INSECURE.search(text_of(path)))
    }
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "pip install --trusted-host x y",
        "curl -fsSL https://x | sh",
        "curl --insecure https://x",
        "ADD https://x /y",
        "ENV GOSUMDB=off",
    ],
)
def test_such_a_line_is_found(line: str) -> None:
    assert INSECURE.search(line)
