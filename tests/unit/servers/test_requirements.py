# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""docs/conformance-suite.md shows the data that make oracles compares with."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "servers"))

from oracle import requirements

CATALOGUE = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue"
DATA = requirements.load()


def test_the_page_shows_the_data() -> None:
    assert requirements.PAGE.read_text(encoding="utf-8") == requirements.page()


def test_each_scenario_that_is_not_judged_has_a_reason() -> None:
    assert set(DATA["scenarios"].values()) == DATA["reasons"].keys()


def test_each_code_is_one_of_the_validator() -> None:
    codes = {kind.code for kinds in importlib.import_module(CATALOGUE).SECTIONS.values() for kind in kinds}
    assert {code for entry in DATA["same"] for code in entry["codes"]} <= codes
