# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The file systems of the local base images: a minimal Debian with Python, made by mmdebstrap from its packages."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .process import Runner

SUITE = "bookworm"
# The suites of the bases that are Debian's own Python: 3.11, and 3.13 for what needs a newer one.
SUITES = {"python": SUITE, "python-3.13": "trixie"}
# Node.js needs libstdc++6; usr-is-merged spares the base Perl, which the other way to a merged /usr brings.
PACKAGES = ("python3-venv", "libstdc++6", "usr-is-merged")
EXCLUDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/lintian/*")
MERGED_USR_HOOKS = "/usr/share/mmdebstrap/hooks/merged-usr"
# What describes the building machine stays out: its package sources, name servers and name, and logs.
CLEAN_UP = 'cd "$1" && rm -rf etc/apt/sources.list* etc/resolv.conf etc/hostname var/cache/ldconfig var/log/*'
SECONDS = 60


def recipe(suite: str = SUITE) -> list[str]:
    """Return all that decides what is in a base, but for the day's package versions."""
    return [suite, *PACKAGES, *EXCLUDED, CLEAN_UP]


def arguments(destination: Path, sources: list[str], suite: str = SUITE) -> list[str]:
    """Return the command line that writes the file system as a tar archive."""
    return [
        "mmdebstrap",
        "--variant=essential",
        "--mode=root",
        f"--include={','.join(PACKAGES)}",
        f"--hook-dir={MERGED_USR_HOOKS}",
        '--aptopt=APT::Install-Recommends "false"',
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in EXCLUDED),
        f"--customize-hook={CLEAN_UP}",
        suite,
        str(destination),
        *sources,
    ]


def make(runner: Runner, destination: Path, suite: str = SUITE) -> None:
    runner.run(
        arguments(destination, debian_sources(suite), suite),
        step="Debian base",
        seconds=SECONDS,
        environment={"TMPDIR": str(destination.parent)},
    )


def debian_sources(suite: str) -> list[str]:
    """Return this machine's own sources of a suite, none where mmdebstrap's default must do."""
    fields = "$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)"
    try:
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", fields, "Created-By: Packages"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return select_sources(listed, suite)


def select_sources(listed: str, suite: str = SUITE) -> list[str]:
    """Turn apt's index targets, `ORIGIN CODENAME COMPONENT URI` a line, into the suite's lines of a sources list."""
    lines: list[str] = []
    for target in listed.splitlines():
        fields = target.split()
        if len(fields) != 4:
            continue
        origin, codename, component, uri = fields
        if origin == "Debian" and component == "main" and codename.removeprefix(suite) in ("", "-updates", "-security"):
            lines.append(f"deb {uri} {codename} main")
    has_release = any(line.split()[2] == suite for line in lines)
    return list(dict.fromkeys(lines)) if has_release else []
