# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The sidecar serves TLS: certificates are renewed without a restart, clients can need one."""

from __future__ import annotations

import datetime as dt
import ssl
import threading

import pytest
import requests
from cryptography import x509

from support.bridging.client import Streamable
from support.bridging.volumes import Authority
from support.cluster import until


def client(running, authority, certificate=None):
    found = Streamable(f"https://127.0.0.1:{running.port}")
    found.tls = {"verify": str(authority.file), "cert": certificate}
    return found


def opened(kind, running, authority, certificate=None):
    """Return a client, of a stdio server with a session."""
    found = client(running, authority, certificate)
    if kind == "run":
        health = f"https://127.0.0.1:{running.port}/healthz"
        until("the server", lambda: requests.get(health, timeout=5, **found.tls).status_code == 200)
        found.open()
    return found


def served(running):
    return ssl.get_server_certificate(("127.0.0.1", running.port), timeout=10)


@pytest.mark.parametrize("kind", ["run", "proxy"])
def test_a_certificate_is_renewed_under_a_client(sidecar, behind, volume, authority, kind):
    with sidecar(behind.url if kind == "proxy" else "", **volume.options()) as running:
        calls, stop, problems = 0, threading.Event(), []
        caller = opened(kind, running, authority)

        def loop():
            nonlocal calls
            while not stop.is_set():
                try:
                    caller.request("ping")
                    # A new connection meets the new certificate.
                    caller.http.close()
                    calls += 1
                except Exception as problem:  # any failed call fails the test
                    problems.append(problem)
                    return

        thread = threading.Thread(target=loop)
        thread.start()
        before = served(running)
        certificate, key = authority.issue("127.0.0.1")
        until("calls with the old certificate", lambda: calls > 5)
        volume.write(tls_crt=certificate, tls_key=key)
        until("the new certificate", lambda: served(running) != before)
        seen = calls
        until("calls with the new certificate", lambda: problems or calls > seen + 5)
        stop.set()
        thread.join(10)
        assert problems == []
        assert "loaded a new TLS certificate" in running.log()


def test_a_bad_renewal_keeps_the_certificate(sidecar, behind, volume, authority):
    with sidecar(behind.url, **volume.options()) as running:
        before = served(running)
        _, other = authority.issue("127.0.0.1")
        volume.write(tls_crt=before.encode(), tls_key=other)
        until("the log", lambda: "keeping the TLS certificate that expires at" in running.log())
        assert served(running) == before
        client(running, authority).request("ping")


@pytest.mark.parametrize("kind", ["run", "proxy"])
def test_clients_need_a_certificate_with_one_of_the_names(sidecar, behind, volume, authority, kind):
    names = ["client.team.svc", "spiffe://cluster.local/ns/team/sa/client"]
    options = {**volume.options(), "tls_client_ca_file": str(volume.folder / "ca.crt"), "tls_client_san": names}
    with sidecar(behind.url if kind == "proxy" else "", **options) as running:
        for name in names:
            opened(kind, running, authority, authority.client(name)).request("ping")
        for certificate in (None, authority.client("other.team.svc")):
            with pytest.raises(requests.ConnectionError):
                client(running, authority, certificate).request("ping")


def test_the_authorities_of_clients_are_replaced(sidecar, behind, volume, authority, tmp_path):
    other = Authority(tmp_path, "other")
    options = {**volume.options(), "tls_client_ca_file": str(volume.folder / "ca.crt")}
    with sidecar(behind.url, **options) as running:
        client(running, authority, authority.client("a")).request("ping")
        certificate, key = authority.issue("127.0.0.1")
        volume.write(tls_crt=certificate, tls_key=key, ca_crt=other.pem)
        until("the new authority", lambda: "loaded a new TLS certificate" in running.log())
        client(running, authority, other.client("b")).request("ping")
        with pytest.raises(requests.ConnectionError):
            client(running, authority, authority.client("a")).request("ping")


@pytest.mark.parametrize("kind", ["run", "proxy"])
@pytest.mark.parametrize(
    ("bad", "cause"),
    [
        ("missing", "does not exist. Check that the Secret has this key."),
        ("pair", "are not a certificate and its private key: tls: private key does not match public key."),
        ("expired", "expired at 20"),
        ("text", "are not a certificate and its private key"),
    ],
)
def test_the_termination_log_says_what_is_wrong(sidecar, authority, volume, last_words, kind, bad, cause):
    certificate, key = authority.issue("127.0.0.1", valid=dt.timedelta(hours=-1 if bad == "expired" else 1))
    if bad == "pair":
        _, key = authority.issue("127.0.0.1")
    volume.write(tls_crt=b"text" if bad == "text" else certificate, **({} if bad == "missing" else {"tls_key": key}))
    with sidecar("http://127.0.0.1:9" if kind == "proxy" else "", **volume.options()) as running:
        assert running.process.wait(10) == 1
        assert cause in last_words()


def metric(address, name):
    text = requests.get(f"http://{address}/metrics", timeout=5).text
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)
    }


def test_metrics_and_probes_stay_plain_and_show_the_expiry(sidecar, behind, volume, authority, free_port):
    metrics = f"127.0.0.1:{free_port}"
    options = {**volume.options(), "tls_client_ca_file": str(volume.folder / "ca.crt"), "metrics_listen": metrics}
    with sidecar(behind.url, **options) as running:
        for path in ("healthz", "readyz"):
            assert requests.get(f"http://{metrics}/{path}", timeout=5).status_code == 200
        name = "mcp_sidecar_certificate_"
        (expiry,) = metric(metrics, f"{name}expiry_timestamp_seconds").values()
        certificate = x509.load_pem_x509_certificate((volume.folder / "tls.crt").read_bytes())
        assert expiry == certificate.not_valid_after_utc.timestamp()
        volume.write(tls_crt=b"", tls_key=b"", ca_crt=authority.pem)
        until("the count", lambda: 1.0 in metric(metrics, f'{name}reloads_total{{result="error"}}').values())
        assert list(metric(metrics, f'{name}reloads_total{{result="success"}}').values()) == [0]
        assert running.ended() is None
