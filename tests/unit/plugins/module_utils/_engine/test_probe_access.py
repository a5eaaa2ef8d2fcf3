# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Secrets are used to validate a server, and what is known of them elsewhere."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.probe_access import read_access
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiUnreachable
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ProbeAccessError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_access import NO_ACCESS
from cryptography.hazmat.primitives import serialization
from zoo.certificates import Certificates

LABEL = {"mcp.mcp-operator.io/validation-credentials": "true"}
TOKEN = "s3cret-t0ken"


def server(**auth):
    auth = auth or {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": "token", "key": "token"}}}
    return {"metadata": {"name": "wiki", "namespace": "team"}, "spec": {"validation": {"auth": auth}}}


class Api:
    """An API server with one Secret."""

    def __init__(self, token=TOKEN, *, labels=None, **fields):
        meta = {"uid": "u", "resourceVersion": "1", "labels": LABEL if labels is None else labels}
        data = {"token": base64.b64encode(token.encode()).decode()}
        self.secret = {"metadata": meta, "data": data, "type": "Opaque", **fields}
        self.error = None
        self.read = []

    def find(self, _version, kind, namespace, name):
        self.read.append((kind, namespace, name))
        if self.error is not None:
            raise self.error
        return self.secret if name == "token" else None


def test_the_token_is_read_from_the_namespace_of_the_server():
    api = Api(f"{TOKEN}\n")
    assert read_access(api, server()).token() == TOKEN
    assert api.read == [("Secret", "team", "token")]


@pytest.mark.parametrize("auth", [{}, {"type": "none"}])
def test_without_credentials_nothing_is_read(auth):
    api = Api()
    manifest = {"metadata": {"name": "wiki", "namespace": "team"}, "spec": {"validation": {"auth": auth}}}
    assert read_access(api, manifest) is NO_ACCESS
    assert api.read == []


def test_neither_the_text_nor_the_version_has_the_token():
    access = read_access(Api(), server())
    assert TOKEN not in repr(access)
    # It is made of the resourceVersion: nobody can guess the token and compare.
    assert read_access(Api("another-token"), server()).version == access.version


def test_a_changed_secret_has_another_version():
    api = Api()
    first = read_access(api, server()).version
    api.secret["metadata"]["resourceVersion"] = "2"
    assert read_access(api, server()).version not in ("", first)


@pytest.mark.parametrize(
    ("api", "said"),
    [
        (Api(labels={}), "has no label mcp.mcp-operator.io/validation-credentials"),
        (Api(labels={**LABEL, next(iter(LABEL)): "false"}), "has no label"),
        (Api(type="kubernetes.io/service-account-token"), "credentials of the API server"),
        (Api(data={}), "no text in the key token"),
        (Api(data={"token": "not base64!"}), "no text in the key token"),
        (Api("two words"), "a space or another invalid character"),
        (Api("t\r\nHost: evil"), "a space or another invalid character"),
        (Api("t" * 20_000), "too long"),
    ],
)
def test_a_secret_that_cannot_be_used(api, said):
    access = read_access(api, server())
    with pytest.raises(ProbeAccessError, match="CREDENTIALS_UNAVAILABLE") as caught:
        access.token()
    assert said in str(caught.value)
    assert not any(part in str(caught.value) for part in (TOKEN, "two words", "evil"))


def test_a_secret_that_does_not_exist():
    missing = read_access(Api(), server(type="bearerToken", bearerToken={"secretKeyRef": {"name": "x", "key": "y"}}))
    with pytest.raises(ProbeAccessError, match="does not exist"):
        missing.token()


def test_a_missing_right_is_named():
    api = Api()
    api.error = ApiForbidden("forbidden", status=403)
    with pytest.raises(ProbeAccessError, match=r"validationAccess: \[\{namespace: team, secrets: \[token\]\}\]"):
        read_access(api, server()).token()


def test_without_an_answer_of_the_api_server_nothing_is_known():
    api = Api()
    api.error = ApiUnreachable("down")
    with pytest.raises(ApiUnreachable):
        read_access(api, server())


with tempfile.TemporaryDirectory() as folder:
    CERTIFICATE = Certificates(Path(folder)).authority.read_text(encoding="utf-8")


def with_tls(**tls):
    meta = {"name": "wiki", "namespace": "team"}
    return {"metadata": meta, "spec": {"transport": {"config": {"http": {"tls": tls}}}}}


class Cas:
    """An API server with a CA."""

    def __init__(self, kind, data):
        self.kind = kind
        self.found = {"metadata": {"uid": "u", "resourceVersion": "1"}, "data": data}

    def find(self, _version, kind, namespace, name):
        return self.found if (kind, namespace, name) == (self.kind, "team", "ca") else None


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("field", "api"),
    [
        ("caConfigMapRef", Cas("ConfigMap", {"ca.crt": CERTIFICATE})),
        # Nothing of it is sent, so it needs no label.
        ("caSecretRef", Cas("Secret", {"ca.crt": encoded(CERTIFICATE), "tls.key": encoded("key")})),
    ],
)
def test_a_ca_is_read(field, api):
    manifest = with_tls(**{field: {"name": "ca", "key": "ca.crt"}})
    access = read_access(api, manifest)
    assert (access.ca, access.token()) == (CERTIFICATE, None)
    api.found["metadata"]["resourceVersion"] = "2"
    assert read_access(api, manifest).version != access.version


NO_CA = ["", "no certificate", CERTIFICATE.replace("CERTIFICATE", "PRIVATE KEY"), CERTIFICATE * 1000]


@pytest.mark.parametrize("text", NO_CA)
def test_what_is_no_ca(text):
    access = read_access(Cas("ConfigMap", {"ca.crt": text}), with_tls(caConfigMapRef={"name": "ca", "key": "ca.crt"}))
    with pytest.raises(ProbeAccessError, match="CA_UNAVAILABLE"):
        access.token()


def test_the_authorities_of_the_image_need_no_reading():
    assert read_access(Cas("ConfigMap", {}), with_tls()) is NO_ACCESS


def with_sidecar_tls(**fields):
    return {"metadata": {"name": "wiki", "namespace": "team"}, "spec": {"tls": {"secretName": "ca", **fields}}}


def test_the_ca_of_a_sidecar_is_in_its_secret_if_the_secret_has_one():
    known = Cas("Secret", {"ca.crt": encoded(CERTIFICATE), "tls.crt": encoded("x")})
    assert read_access(known, with_sidecar_tls()).ca == CERTIFICATE
    public = read_access(Cas("Secret", {"tls.crt": encoded("x")}), with_sidecar_tls())
    assert (public.ca, public.token()) == (None, None)


def test_a_ca_that_is_none_is_not_ignored():
    access = read_access(Cas("Secret", {"ca.crt": encoded("no certificate")}), with_sidecar_tls())
    with pytest.raises(ProbeAccessError, match="CA_UNAVAILABLE"):
        access.token()


def test_a_secret_of_the_sidecar_that_may_not_be_read_is_named_with_its_field():
    api = Api()
    api.error = ApiForbidden("forbidden", status=403)
    with pytest.raises(ProbeAccessError, match=r"which spec\.tls\.caSecretRef names, may not be read"):
        read_access(api, with_sidecar_tls()).token()


def with_client_certificate():
    reference = {"clientCertificateSecretRef": {"name": "token"}}
    return {"metadata": {"name": "wiki", "namespace": "team"}, "spec": {"validation": reference}}


def pair(certificate, key):
    return Api(type="kubernetes.io/tls", data={"tls.crt": encoded(certificate), "tls.key": encoded(key)})


with tempfile.TemporaryDirectory() as folder:
    certificates = Certificates(Path(folder))
    GOOD, OTHER = (certificates.leaf(name).read_text(encoding="utf-8") for name in ("good", "expired"))
CHAIN, OTHER = GOOD[GOOD.index("-----BEGIN CERTIFICATE") :], OTHER[: OTHER.index("-----BEGIN CERTIFICATE")]
KEY = serialization.load_pem_private_key(GOOD.encode(), None)
ENCRYPTED = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
).decode()


def test_a_client_certificate_is_read_and_never_shown():
    access = read_access(pair(GOOD, GOOD), with_client_certificate())
    assert "PRIVATE KEY" in (access.client_certificate or "")
    assert "PRIVATE KEY" not in repr(access)
    assert access.token() is None


@pytest.mark.parametrize(
    ("api", "said"),
    [
        (pair(CERTIFICATE, "no key"), "no certificate with its key"),
        (pair("no certificate", "no key"), "no certificate with its key"),
        (pair(GOOD, ""), "no text in the key tls.key"),
        (pair(CHAIN, OTHER), "no certificate with its key"),
        (pair(CHAIN, ENCRYPTED), "no certificate with its key, without a password"),
        (pair(CHAIN * 1000, GOOD), "more than 131072 bytes"),
        (Api(labels={}), "has no label"),
    ],
)
def test_a_client_certificate_that_cannot_be_used(api, said):
    access = read_access(api, with_client_certificate())
    with pytest.raises(ProbeAccessError, match="CREDENTIALS_UNAVAILABLE") as caught:
        access.token()
    assert said in str(caught.value)
    assert "PRIVATE KEY" not in str(caught.value)
