# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer names a Secret of something else as its bearer token, so that its own server receives the value.

Whoever may edit MCPServers can also mount a Secret of the namespace into a Pod. But an admission policy for Pods may
forbid that, and the operator may be allowed to read a Secret for another purpose, such as podTemplate.configHash. So
the operator sends no Secret that is not labelled for it.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import threading

import pytest
from mcp_operator._vendor._engine.pod_probe import probe_pod
from mcp_operator._vendor._engine.probe_access import read_access
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator._vendor._workload.timeouts import Timeouts

VALUE = "the-database-password"
LABEL = "mcp.mcp-operator.io/validation-credentials"


class Api:
    """An API server that lets the operator read a Secret."""

    def __init__(self, labels):
        meta = {"uid": "u", "resourceVersion": "1", "labels": labels}
        self.secret = {"metadata": meta, "data": {"password": base64.b64encode(VALUE.encode()).decode()}}

    def find(self, _version, kind, namespace, name):
        return self.secret if (kind, namespace, name) == ("Secret", "team", "database") else None


def server(name="database", namespace="team"):
    reference = {"name": name, "key": "password"}
    auth = {"type": "bearerToken", "bearerToken": {"secretKeyRef": reference}}
    return {"metadata": {"name": "s", "namespace": namespace}, "spec": {"validation": {"auth": auth}}}


class Tenant(http.server.ThreadingHTTPServer):
    """The tenant's server: it keeps each Authorization header, and redirects if a location is set."""

    def __init__(self):
        self.seen = []
        self.location = ""
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self):
        return self.server_address[1]


class Handler(http.server.BaseHTTPRequestHandler):
    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self):
        self.server.seen.append(str(self.headers.get("Authorization")))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(307 if self.server.location else 401)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def start():
    with contextlib.ExitStack() as stack:

        def start():
            made = stack.enter_context(Tenant())
            threading.Thread(target=made.serve_forever, daemon=True).start()
            stack.callback(made.shutdown)
            return made

        yield start


@pytest.fixture
def tenant(start):
    return start()


def probe(port, api, manifest):
    spec = ProbeSpec(port, "/mcp", "streamable-http", f"s.team.svc:{port}", (), auth="bearerToken", strict=True)
    return probe_pod("127.0.0.1", spec, Timeouts(5.0, 2.0, 0.0, 2.0), access=read_access(api, manifest))


@pytest.mark.parametrize("labels", [{}, {LABEL: ""}, {LABEL: "false"}, {LABEL.upper(): "true"}])
def test_a_secret_without_the_label_is_not_sent(tenant, labels):
    report = probe(tenant.port, Api(labels), server())
    assert (report["compliant"], report["issues"][0]["code"]) == (False, "CREDENTIALS_UNAVAILABLE")
    assert tenant.seen == []  # no request at all
    assert VALUE not in str(report)


def test_a_secret_of_another_namespace_is_not_read(tenant):
    report = probe(tenant.port, Api({LABEL: "true"}), server(namespace="other"))
    assert report["issues"][0]["code"] == "CREDENTIALS_UNAVAILABLE"
    assert tenant.seen == []


@pytest.mark.parametrize("name", ["", "..", "../configmaps/x", "token?watch=true", "to\nken", "x" * 300])
@pytest.mark.parametrize("kind", ["bearerToken", "serviceAccountToken"])
def test_a_name_that_is_another_path_is_not_requested(tenant, name, kind):
    if kind == "bearerToken":
        manifest = server(name)
    else:
        auth = {"type": kind, kind: {"audience": "a", "serviceAccountName": name or "."}}
        manifest = {"metadata": {"name": "s", "namespace": "team"}, "spec": {"validation": {"auth": auth}}}
    report = probe(tenant.port, None, manifest)  # no API server is asked
    assert report["issues"][0]["code"] == "CREDENTIALS_UNAVAILABLE"
    assert tenant.seen == []


def test_a_labelled_secret_reaches_no_other_host_and_no_report(tenant, start):
    other = start()
    tenant.location = f"http://127.0.0.1:{other.port}/mcp"
    report = probe(tenant.port, Api({LABEL: "true"}), server())
    assert f"Bearer {VALUE}" in tenant.seen
    assert other.seen == []
    assert VALUE not in str(report)
