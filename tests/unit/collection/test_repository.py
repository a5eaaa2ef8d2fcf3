# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rules for every file of the repository."""

from __future__ import annotations

import re
from pathlib import Path

# Written so that this file does not find itself. "somebody" and "user" are nobody's real names.
SOMEBODYS_PATH = re.compile(r"(?<![\w.$}{-])/(?:home|Users|root|work)" + r"/(?!somebody\b|user\b)[\w.-]+")
URL = re.compile(r"https?://")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def lines(path: Path) -> int:
    return len(text_of(path).splitlines())


def test_python_files_are_small(files: list[Path]) -> None:
    too_long = {str(path): lines(path) for path in files if path.suffix == ".py" and lines(path) > 300}
    assert not too_long


def test_task_files_are_small(files: list[Path], root: Path) -> None:
    tasks = [path for path in files if path.suffix == ".yml" and "tasks" in path.relative_to(root).parts]
    assert not {str(path): lines(path) for path in tasks if lines(path) > 80}


def test_no_file_names_a_path_of_somebodys_machine(files: list[Path], root: Path) -> None:
    found = {
        path.relative_to(root).as_posix(): match.group()
        for path in files
        # The paths of a Containerfile are those of the image.
        if not {"LICENSES", "Containerfile"} & set(path.parts) and (match := SOMEBODYS_PATH.search(text_of(path)))
    }
    assert not found


def test_locks_work_with_any_package_index(root: Path) -> None:
    found = [path.name for path in (root / "requirements").iterdir() if URL.search(text_of(path))]
    assert not found


def test_the_operator_does_not_shadow_the_standard_library(root: Path) -> None:
    """With the repository's root on sys.path, ``operator/__init__.py`` would be imported instead of ``operator``."""
    assert not (root / "operator" / "__init__.py").exists()


def test_no_sanity_check_is_ignored(root: Path) -> None:
    assert not list(root.glob("tests/sanity/ignore*.txt"))


def test_no_linter_is_told_to_look_away_altogether(root: Path) -> None:
    settings = text_of(root / ".ansible-lint")
    assert not re.search(r"^(skip_list|warn_list|enable_list):", settings, re.MULTILINE)


def test_data_of_the_unicode_consortium_has_its_licence(files: list[Path], root: Path) -> None:
    named = "Unicode " + "data file"
    holders = [path for path in files if path.suffix == ".py" and named in text_of(path)]
    assert holders
    for path in holders:
        # The name of the field is cut, because reuse reads it in this file, too.
        assert "-Identifier: Apache-2.0 AND Unicode-3.0" in text_of(path), path
    assert "UNICODE LICENSE V3" in text_of(root / "LICENSES" / "Unicode-3.0.txt")
