#!/bin/sh
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Write the lock files requirements/*.txt from requirements/*.in. One lock serves every supported Python.

set -eu
cd "$(dirname "$0")/../.."

compile() {
    # Neither an index nor a place to find packages goes into the lock: it must work with whatever its reader uses.
    .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links "$@"
}

compile --output-file requirements/dev.txt requirements/dev.in
compile --no-deps --output-file requirements/collections.txt requirements/collections.in
compile --output-file operator/requirements.txt operator/requirements.in
for core in requirements/core-*.in; do
    compile --output-file "${core%.in}.txt" "$core"
done
compile --output-file requirements/bench.txt requirements/bench.in
compile --output-file requirements/galaxy.txt requirements/galaxy.in
compile --output-file requirements/audit.txt requirements/audit.in
compile --output-file requirements/docs.txt requirements/docs.in
compile --output-file requirements/release.txt requirements/release.in
compile --output-file requirements/browser.txt requirements/browser.in
compile --output-file requirements/grafana.txt requirements/grafana.in
