# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Hostile servers cannot take the memory of the process that validates many of them at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLACES = 64
MIB = 256
SECONDS = 4.0
TRANSIENT = {"VALIDATOR_BUSY", "TIMEOUT"}


def test_validations_of_hostile_servers_share_a_budget_of_memory() -> None:
    command = [sys.executable, str(ROOT / "tests" / "bench" / "validator_memory.py")]
    arguments = ["--places", str(PLACES), "--timeout", str(SECONDS)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True, timeout=300)
    found = json.loads(done.stdout)
    assert found["peak_mib"] < MIB, found
    assert set().union(*found["issues"].values()) - TRANSIENT, "the servers sent what they are there to send"
