# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the README shows: its blocks, and the commands in them and in its text."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, body in BLOCKS if language == "shell" for line in body.splitlines()]
# A command inside a sentence or a table, such as `ansible-playbook mcp.kubernetes.validate`.
INLINE = re.findall(r"`(ansible-playbook [^`]+)`", README)
