# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import shutil
import ssl
from http import HTTPStatus

import pytest
from cryptography import x509
from mcp_operator.process import certificate
from mcp_operator.process.certificate import CertificateFiles, SelfSigned
from mcp_operator.process.http_server import Response

from support.http import get


def make(folder):
    folder.mkdir(exist_ok=True)
    certificate._write_self_signed(folder)
    return folder


def trusting(folder):
    return ssl.create_default_context(cafile=folder / "tls.crt")


@pytest.fixture
def url(serve):
    def start(source):
        port = serve({"/a": lambda _request: Response(HTTPStatus.OK, b"x" * 300_000)}, tls=source.context)
        return f"https://localhost:{port}/a"

    return start


def test_a_self_signed_certificate_serves_tls_and_leaves_no_file(url, tmp_path, monkeypatch):
    monkeypatch.setattr(certificate.tempfile, "tempdir", str(tmp_path))
    served = url(SelfSigned())
    assert list(tmp_path.iterdir()) == []
    assert get(served) == (200, "x" * 300_000)
    assert get(served, tls=ssl.create_default_context()) == (0, "")
    assert get(served.replace("https", "http")) == (0, "")


def test_the_key_of_each_process_is_another_one(tmp_path):
    keys = {
        x509.load_pem_x509_certificate((make(tmp_path / name) / "tls.crt").read_bytes()).public_key().public_numbers()
        for name in ("a", "b")
    }
    assert len(keys) == 2


def test_files_are_loaded_again_when_they_change(url, tmp_path):
    mounted, newer = make(tmp_path / "mounted"), make(tmp_path / "newer")
    served, old = url(CertificateFiles(mounted)), trusting(mounted)
    assert get(served, tls=old)[0] == 200
    for name in ("tls.crt", "tls.key"):
        shutil.copy(newer / name, mounted / name)
    assert get(served, tls=old)[0] == 0
    assert get(served, tls=trusting(newer))[0] == 200


def test_changed_files_that_are_invalid_or_gone_change_nothing(url, tmp_path, caplog):
    mounted = make(tmp_path / "mounted")
    served, old = url(CertificateFiles(mounted)), trusting(mounted)
    (mounted / "tls.crt").write_text("not a certificate")
    assert get(served, tls=old)[0] == 200
    assert "cannot be loaded again" in caplog.text
    (mounted / "tls.key").unlink()
    assert get(served, tls=old)[0] == 200


def test_a_folder_without_a_certificate_is_an_error(tmp_path):
    with pytest.raises(OSError, match=r"tls\.crt"):
        CertificateFiles(tmp_path)
    make(tmp_path)
    (tmp_path / "tls.key").write_text("not a key")
    with pytest.raises(ssl.SSLError):
        CertificateFiles(tmp_path)
