#!/bin/sh
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Find a Python that can run the project's tools and hand over to bootstrap.py.
# PYTHON=/path/to/python chooses one.

set -eu
cd "$(dirname "$0")/../.."

# A name on PATH proves nothing: version managers leave shims behind that fail when run.
usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

for candidate in ${PYTHON:-.venv/bin/python python3.13 python3.12 python3.14 python3} \
    "$HOME"/.pyenv/versions/3.13*/bin/python3 "$HOME"/.pyenv/versions/3.12*/bin/python3; do
    if usable "$candidate"; then
        exec "$candidate" tests/tools/bootstrap.py
    fi
done

echo "No Python 3.12 to 3.14 with venv and ensurepip was found." >&2
echo "Install one (Debian and Ubuntu: python3-venv), or name it: make PYTHON=/path/to/python3.13 ..." >&2
exit 1
