# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Kubeconfigs that hold all that a client needs, and that nobody else can read."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
import yaml
from mcp_cluster.certificates import Certificates
from mcp_cluster.kubeconfig import render, write

pytestmark = pytest.mark.test_all


def certificates(folder: Path) -> Certificates:
    folder.mkdir()
    for name in ("ca.crt", "admin.crt", "admin.key"):
        (folder / name).write_bytes(name.encode() * 100)
    return Certificates(folder)


def test_it_is_complete(tmp_path: Path) -> None:
    config = yaml.safe_load(render("sample", "https://127.0.0.1:16443", "admin", certificates(tmp_path / "pki")))
    [context] = config["contexts"]
    [cluster] = config["clusters"]
    [user] = config["users"]
    assert config["current-context"] == context["name"]
    assert context["context"] == {"cluster": cluster["name"], "user": user["name"]}
    assert cluster["cluster"]["server"] == "https://127.0.0.1:16443"
    assert base64.b64decode(cluster["cluster"]["certificate-authority-data"]) == b"ca.crt" * 100
    assert base64.b64decode(user["user"]["client-certificate-data"]) == b"admin.crt" * 100
    assert base64.b64decode(user["user"]["client-key-data"]) == b"admin.key" * 100


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "kubeconfig"
    write(path, "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_killed_predecessor_left_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    (tmp_path / "kubeconfig.new").write_text("half")
    (tmp_path / "kubeconfig.new").chmod(0o644)
    write(path, "whole")
    assert path.read_text() == "whole"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_unchanged_one_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    write(path, "same")
    before = path.stat().st_ino
    write(path, "same")
    assert path.stat().st_ino == before
    write(path, "other")
    assert path.stat().st_ino != before
