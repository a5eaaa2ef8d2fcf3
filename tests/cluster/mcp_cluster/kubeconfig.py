# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Kubeconfigs, with the certificates inside so that one file is all that a client needs."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from .certificates import Certificates

# Every value is base64, a URL, or a name that Locations has checked: nothing that YAML could read in another way.
_TEMPLATE = """\
apiVersion: v1
kind: Config
current-context: {name}
clusters:
- name: {name}
  cluster:
    server: {server}
    certificate-authority-data: {authority}
users:
- name: {user}
  user:
    client-certificate-data: {certificate}
    client-key-data: {key}
contexts:
- name: {name}
  context:
    cluster: {name}
    user: {user}
"""


def render(name: str, server: str, user: str, certificates: Certificates) -> str:
    def encoded(path: Path) -> str:
        return base64.b64encode(path.read_bytes()).decode("ascii")

    return _TEMPLATE.format(
        name=name,
        server=server,
        user=user,
        authority=encoded(certificates.certificate("ca")),
        certificate=encoded(certificates.certificate(user)),
        key=encoded(certificates.key(user)),
    )


def write(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner alone: it holds a key."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
