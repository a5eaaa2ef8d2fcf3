# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Build the documentation as a site, or serve it while you write: ``site.py serve``."""

from __future__ import annotations

import os
import sys

import cores
from steps import ROOT


def main() -> None:
    """Run mkdocs with the arguments, by default ``build``."""
    mkdocs = cores.installed("docs", "docs") / "mkdocs"
    os.chdir(ROOT)
    # Material for MkDocs advertises its successor in each build.
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.execv(mkdocs, [str(mkdocs), *(sys.argv[1:] or ["build"])])


if __name__ == "__main__":
    main()
