# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The cache of yamllint: what passed is not parsed again, and nothing passes that would not without it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, list[str]]]:
    """Return a function that checks a folder, and returns the exit code and the files that were parsed."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import yaml_lint

    parsed: list[str] = []

    def yamllint(command: list[str], **_options: object) -> CompletedProcess[str]:
        if "--list-files" in command:
            return CompletedProcess(command, 0, "\n".join(sorted(path.name for path in tmp_path.glob("*.yaml"))))
        parsed.extend(command[2:])
        return CompletedProcess(command, int(any((tmp_path / name).read_text() == "bad" for name in command[2:])))

    monkeypatch.setattr(yaml_lint.subprocess, "run", yamllint)
    (tmp_path / ".yamllint").write_text("rules", encoding="utf-8")
    (tmp_path / "one.yaml").write_text("good", encoding="utf-8")

    def check() -> tuple[int, list[str]]:
        parsed.clear()
        return yaml_lint.lint(tmp_path, tmp_path / ".cache" / "passed"), list(parsed)

    return check


def test_only_what_has_changed_is_parsed_again(
    lint: Callable[[], tuple[int, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lint() == (0, ["one.yaml"])
    assert lint() == (0, [])
    (tmp_path / "two.yaml").write_text("bad", encoding="utf-8")
    assert lint() == (1, ["two.yaml"])
    assert lint() == (1, ["two.yaml"]), "it has not passed"
    (tmp_path / "two.yaml").write_text("good", encoding="utf-8")
    assert lint() == (0, ["two.yaml"]), "a copy at another path is judged by itself"
    (tmp_path / ".yamllint").write_text("other rules", encoding="utf-8")
    assert lint() == (0, ["one.yaml", "two.yaml"])
    monkeypatch.setattr("yaml_lint.version", lambda _name: "another")
    assert lint() == (0, ["one.yaml", "two.yaml"])
