# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import http.server
import json
import socket
import threading

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import client as module
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch, JsonPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import (
    ApiConflict,
    ApiForbidden,
    ApiInvalid,
    ApiNotFound,
    ApiUnauthorized,
    ApiUnreachable,
    KindNotReady,
    KubeError,
    from_status,
)

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "n"}}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.seen.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        status, body = self.server.answers.pop(0) if self.server.answers else (200, {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the standard library's names

    def log_message(self, *_words):
        pass


@pytest.fixture
def api(monkeypatch):
    """Return an API server that responds with ``api.answers`` in turn."""
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.seen = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(api):
    found = Client({"host": f"http://127.0.0.1:{api.server_address[1]}", "api_key": "s3cret"}, timeout=2.0)
    yield found
    found._pool.clear()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ApiInvalid),
        (401, ApiUnauthorized),
        (403, ApiForbidden),
        (404, ApiNotFound),
        (409, ApiConflict),
        (422, ApiInvalid),
    ],
)
def test_each_status_has_its_error_and_its_message(api, client, status, error):
    api.answers = [(status, {"kind": "Status", "message": "because of this"})]
    with pytest.raises(error, match="because of this") as caught:
        client.get("v1", "Pod", "n", "p")
    assert caught.value.status == status
    assert "Pod n/p" in caught.value.seen
    assert len(api.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_request_to_an_overloaded_server_is_repeated(api, client, status):
    api.answers = [(status, {}), (status, b"<html>"), (200, POD)]
    assert client.get("v1", "Pod", "n", "p") == POD
    assert len(api.seen) == 3


def test_the_number_of_attempts_is_limited(api, client):
    api.answers = [(503, {"message": "down"})] * 10
    with pytest.raises(KubeError, match="down"):
        client.get("v1", "Pod", "n", "p")
    assert len(api.seen) == 4


def test_a_closed_port_is_unreachable():
    gone = Client({"host": "http://127.0.0.1:1", "api_key": "s3cret"}, timeout=1.0)
    with pytest.raises(ApiUnreachable, match=r"127\.0\.0\.1:1 does not answer") as caught:
        gone.request("GET", "/version", what="x")
    assert "s3cret" not in str(caught.value)


def test_an_api_server_that_accepts_and_never_answers_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = Client({"host": f"http://127.0.0.1:{server.getsockname()[1]}", "api_key": "s3cret"}, timeout=0.05)
        with pytest.raises(ApiUnreachable, match="does not answer: Read timed out"):
            silent.request("GET", "/version", what="x", retry=False)


def test_the_token_goes_into_the_header_and_nowhere_else(api, client):
    client.request("GET", "/version", what="x")
    _method, path, headers, _body = api.seen[0]
    assert headers["authorization"] == "Bearer s3cret"
    assert "s3cret" not in path


def test_an_apply_is_yaml_that_keeps_every_character(api, client):
    client.apply({**POD, "data": "🙂\u2028\x7f\n"}, field_manager="me", dry_run=True)
    method, path, headers, body = api.seen[0]
    assert method == "PATCH"
    assert path == "/api/v1/namespaces/n/pods/p?fieldManager=me&force=true&fieldValidation=Strict&dryRun=All"
    assert headers["Content-Type"] == "application/apply-patch+yaml"
    assert json.loads(body)["data"] == "🙂\u2028\x7f\n"
    assert b"\\ud83d" not in body


def test_a_list_is_read_page_by_page(api, client):
    api.answers = [(200, {"items": [{"a": 1}], "metadata": {"continue": "next"}}), (200, {"items": [{"a": 2}]})]
    assert list(client.list("v1", "Pod", "n", labelSelector="a=b")) == [{"a": 1}, {"a": 2}]
    assert "labelSelector=a%3Db" in api.seen[0][1]
    assert "continue=next" in api.seen[1][1]


def cached(token, *names):
    """Return a page as ansible-operator's proxy serves it from its cache, which knows no continue parameter."""
    return 200, {"items": [{"name": name} for name in names], "metadata": {"continue": token}}


def test_a_list_ends_where_the_server_repeats_its_continue_token(api, client):
    api.answers = [cached("continue-not-supported", "a", "b")] * 5
    assert list(client.list("v1", "Pod", "n")) == [{"name": "a"}, {"name": "b"}]
    assert len(api.seen) == 2


def test_an_empty_list_ends_where_the_server_repeats_its_continue_token(api, client):
    api.answers = [cached("continue-not-supported")] * 5
    assert list(client.list("v1", "Pod", "n")) == []
    assert len(api.seen) == 2


def test_a_list_ends_where_a_page_repeats_under_another_token(api, client):
    api.answers = [cached(str(number), "a") for number in range(5)]
    assert list(client.list("v1", "Pod", "n")) == [{"name": "a"}]
    assert len(api.seen) == 2


def test_empty_pages_do_not_end_a_list_and_their_number_is_limited(api, client, monkeypatch):
    api.answers = [cached("1", "a"), cached("2"), cached("3"), (200, {"items": [{"name": "b"}]})]
    assert list(client.list("v1", "Pod", "n")) == [{"name": "a"}, {"name": "b"}]
    monkeypatch.setattr(module, "MAX_PAGES", 3)
    api.answers = [cached(str(number)) for number in range(5)]
    with pytest.raises(KubeError, match="more than 3 pages"):
        list(client.list("v1", "Pod", "n"))


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ({"a": 1}, "application/json"),
        (MergePatch(a=1), "application/merge-patch+json"),
        (JsonPatch([{"op": "remove", "path": "/a"}]), "application/json-patch+json"),
        (ApplyPatch(a=1), "application/apply-patch+yaml"),
    ],
)
def test_a_body_has_the_media_type_of_its_class(api, client, body, media_type):
    client.request("PATCH", "/x", what="x", body=body)
    _method, _path, headers, sent = api.seen[0]
    assert headers["Content-Type"] == media_type
    assert json.loads(sent) == body


def test_a_name_cannot_lead_elsewhere(api, client):
    client.find("v1", "Pod", "n/../../x", "p?watch=true")
    assert api.seen[0][1] == "/api/v1/namespaces/n%2F..%2F..%2Fx/pods/p%3Fwatch%3Dtrue"


def test_a_response_that_is_too_large_is_refused(api, client, monkeypatch):
    monkeypatch.setattr(module, "MAX_BODY_BYTES", 100)
    api.answers = [(200, b"x" * 200)]
    with pytest.raises(KubeError, match="larger"):
        client.request("GET", "/version", what="x")


def test_a_missing_object_is_none_and_can_be_deleted(api, client):
    api.answers = [(404, {}), (404, {})]
    assert client.find("v1", "Pod", "n", "p") is None
    client.delete("v1", "Pod", "n", "p")


def test_an_open_response_is_streamed_by_the_caller(api, client):
    api.answers = [(200, b"one\ntwo\n")]
    response = client.open("/api/v1/pods", what="list", query={"limit": "1"}, accept="application/x", timeout=1.0)
    assert b"".join(response.stream(3)) == b"one\ntwo\n"
    response.close()
    method, path, headers, _body = api.seen[0]
    assert (method, path) == ("GET", "/api/v1/pods?limit=1")
    assert headers["Accept"] == "application/x"
    assert headers["authorization"] == "Bearer s3cret"


def test_a_failed_open_is_not_repeated(api, client):
    api.answers = [(429, {"message": "too many requests"})]
    with pytest.raises(KubeError, match="too many requests") as caught:
        client.open("/api/v1/pods", what="list Pods", timeout=1.0)
    assert caught.value.status == 429
    assert len(api.seen) == 1


def test_a_closed_port_cannot_be_opened():
    gone = Client({"host": "http://127.0.0.1:1", "api_key": "s3cret"}, timeout=1.0)
    with pytest.raises(ApiUnreachable):
        gone.open("/api/v1/pods", what="list Pods", timeout=1.0)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), (None, 0.0), ("soon", 0.0), ("9" * 30, 0.0)])
def test_retry_after_is_kept(header, seconds):
    assert from_status(429, None, "list Pods", header).retry_after == seconds


def test_every_answer_is_observed(api):
    observed = []
    options = {"host": f"http://127.0.0.1:{api.server_address[1]}", "api_key": "s3cret"}
    client = Client(options, observe=lambda method, status: observed.append((method, status)))
    api.answers = [(503, {}), (200, {})]
    client.request("GET", "/version", what="x")
    client._pool.clear()
    assert observed == [("GET", 503), ("GET", 200)]


def test_a_field_that_the_api_server_does_not_have_is_not_sent_again(api, client):
    """The message is that of Kubernetes 1.31, which responds with 500."""
    text = "failed to create typed patch object (n/p; apps/v1, Kind=Deployment): .spec.x: field not declared in schema"
    api.answers = [(500, {"kind": "Status", "message": text})] * 2
    with pytest.raises(ApiInvalid, match="field not declared in schema") as caught:
        client.get("v1", "Pod", "n", "p")
    assert "upgrade the cluster" in caught.value.action
    assert len(api.seen) == 1


def test_a_kind_that_is_new_to_the_api_server_is_no_lack_of_rights():
    text = 'cannot set blockOwnerDeletion: no matches for kind "MCPServer" in version "mcp.mcp-operator.io/v1"'
    error = from_status(403, {"message": text}, "apply Service a/b")
    assert (error.code, error.status) == ("KIND_NOT_READY", 403)
    assert from_status(403, {"message": "no rights"}, "apply Service a/b").code == "API_FORBIDDEN"


@pytest.mark.parametrize(
    "text",
    [
        "failed to configure policy: failed to find resource referenced by paramKind: 'mcp.mcp-operator.io/v1'",
        "failed to configure binding: paramKind kind `MCPServer` not yet synced to use for admission",
        "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
    ],
)
def test_a_policy_that_has_not_seen_a_new_mcpserver_is_asked_again(api, client, text):
    denied = (422, {"message": f"ValidatingAdmissionPolicy 'mcp-operator-fence-owner' denied request: {text}"})
    api.answers = [denied, denied, (200, {})]
    assert client.request("GET", "/version", what="x") == {}
    api.answers = [denied] * 4
    with pytest.raises(KindNotReady):
        client.request("GET", "/version", what="x")
