# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How the files of a release were made: an in-toto statement with the SLSA provenance 1.0 predicate.

https://slsa.dev/spec/v1.0/provenance. It is not signed, and it has no times: two runs write the same statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .archives import sha256
from .source import Source

# What decides which packages of others the files contain.
LOCKS = ("operator/requirements.txt", "requirements/dev.txt", "sidecar/go.sum", "sidecar/requirements.txt")


def statement(source: Source, files: Sequence[Path]) -> dict[str, object]:
    """Return the statement about files."""
    page = f"{source.published.repository}/blob/v{source.version}/docs/release.md"
    repository = f"git+{source.published.repository}"
    commit = {"uri": f"{repository}@{source.commit}", "digest": {"gitCommit": source.commit}}
    locks = [{"uri": f"{repository}#{name}", "digest": {"sha256": sha256(source.root / name)}} for name in LOCKS]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": path.name, "digest": {"sha256": sha256(path)}} for path in files],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{page}#make-the-files",
                "externalParameters": {"repository": source.published.repository, "version": source.version},
                "internalParameters": {"SOURCE_DATE_EPOCH": source.epoch},
                "resolvedDependencies": [commit, *locks],
            },
            "runDetails": {"builder": {"id": f"{page}#make-the-files"}},
        },
    }


def provenance(source: Source, folder: Path, files: Sequence[Path]) -> Path:
    """Write the statement about files."""
    path = folder / f"provenance-{source.version}.intoto.json"
    path.write_text(json.dumps(statement(source, files), indent=1) + "\n", encoding="utf-8")
    return path
