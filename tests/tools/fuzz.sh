#!/bin/sh
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Fuzz the validator's parsers, in an environment of its own: the fuzzer has packages for few systems.

set -eu
cd "$(dirname "$0")/../.."
environment=.cache/fuzz/environment
if ! cmp -s tests/fuzz/requirements.txt "$environment/installed.txt"; then
    rm -rf "$environment"
    .venv/bin/python -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/fuzz/requirements.txt
    cp tests/fuzz/requirements.txt "$environment/installed.txt"
fi
exec "$environment/bin/python" tests/fuzz "$@"
