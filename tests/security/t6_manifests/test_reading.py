# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A file of manifests takes neither the memory nor the time of whoever deploys it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

# The seconds of CPU time and the MiB that reading may take.
_SECONDS, _MEMORY = 3.0, 100
_READ = """
import json, pathlib, sys, time
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._manifest_files import read

def peak():
    return int(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024

before, began, error = peak(), time.process_time(), ""
try:
    read([sys.argv[1]], [], "ns")
except ManifestError as exc:
    error = str(exc)
print(json.dumps([error, time.process_time() - began, peak() - before]))
"""
# Each value is the one before it, nine times.
_NESTED = "&a0 [x]", *(f"&a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 10))
_LAUGHS = "".join(f"l{number}: {value}\n" for number, value in enumerate(_NESTED))


def _merged(levels: int) -> str:
    """Return merge keys that are written as tags: each level has the pairs of the one below it, nine times."""
    inner = _merged(levels - 1) if levels else "{a: b}"
    return f"{{!!merge k: [&m{levels} {inner}{f', *m{levels}' * 8}]}}"


_FILES = {
    "a list of three million numbers": ("a: [" + "1," * 3_000_000 + "1]\n", "100000 values"),
    "a million documents": ("--- 1\n" * 1_000_000, "10000 documents"),
    "a million documents of another kind": ("--- {kind: A}\n" * 1_000_000, "10000 documents"),
    "documents just below the limit": (("---\n[" + "1," * 99_000 + "1]\n") * 30, "500000 values"),
    "a kind of nested aliases": (f"{_LAUGHS}kind: *a9\n", "a list"),
    "an apiVersion of nested aliases": (f"{_LAUGHS}apiVersion: *a9\n", "a list"),
    "nested aliases in a manifest": (
        f"{_LAUGHS}apiVersion: mcp.mcp-operator.io/v1\nkind: MCPServer\n",
        "100000 values or 64 levels",
    ),
    "nested merge keys": (f"a: !!set {_merged(8)}\n", "constructor"),
    "a number with 100,000 digits of base 60": ("a: 1" + ":1" * 100_000 + "\n", "a number has more than 100"),
    "keys with one hash": (
        "{" + ",".join(f"{(2**61 - 1) * number}: 1" for number in range(1, 40_000)) + "}",
        "key is not a string",
    ),
    "100,000 levels": ("[" * 100_000, "64 levels"),
}


@pytest.mark.parametrize("name", _FILES)
def test_a_file_is_refused_before_it_takes_memory_or_time(name, tmp_path):
    text, problem = _FILES[name]
    path = tmp_path / "file.yaml"
    path.write_text(text)
    command = [sys.executable, "-c", _READ, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=120, check=True)
    error, seconds, memory = json.loads(done.stdout)
    print(f"{seconds:.2f} s of CPU time, {memory} MiB: {error}")
    assert "file.yaml" in error
    assert problem in error
    assert len(error) < 1000
    assert seconds < _SECONDS
    assert memory < _MEMORY
