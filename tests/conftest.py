# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Let every test import the collection as Ansible does: ``ansible_collections.mcp.kubernetes.plugins...``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COLLECTIONS = ROOT / ".cache" / "collections"

if not (COLLECTIONS / "ansible_collections" / "mcp" / "kubernetes").is_dir():
    pytest.exit("This checkout is not ready to be tested: run `make bootstrap`.", returncode=2)

sys.path.insert(0, str(COLLECTIONS))
# For the Ansible programs that tests start: our collections, and no file of the user's home.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
os.environ["ANSIBLE_HOME"] = str(ROOT / ".cache" / "ansible")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".cache" / "hypothesis")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the collection."""
    return ROOT
