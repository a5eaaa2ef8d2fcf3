# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is fuzzed: each function takes any bytes, and raises when something else than one of our errors comes out."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pod_templates
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.auth.challenges import (
    parse_challenges,
    summarize_challenges,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks import input_schema, schema_evaluator
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget, McpError, ProtocolError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import ToolCall
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol import jsonrpc
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import urls
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.http1 import ResponseParser
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.sse import SseEvent, SseParser
from ansible_collections.mcp.kubernetes.plugins.module_utils._util import clean
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import report_encoding
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _manifest_files

Read = tuple[object, ...]


def sse(data: bytes) -> None:
    """Where a stream is cut makes no difference, but to what comes before an error."""

    def read(chunks: list[bytes]) -> tuple[list[SseEvent], str | None]:
        parser, events = SseParser(limit=1000), []
        try:
            for chunk in chunks:
                events += parser.feed(chunk)
            parser.end()
        except McpError as exc:
            return events, exc.code
        return events, None

    whole, one_by_one = read([data]), read([data[at : at + 1] for at in range(len(data))])
    assert whole[1] == one_by_one[1]
    assert whole[1] is not None or whole[0] == one_by_one[0]


def http(data: bytes) -> None:
    """The same of an HTTP response, and it ends with the connection."""

    def read(chunks: list[bytes]) -> Read:
        parser, body = ResponseParser("POST"), b""
        try:
            for chunk in chunks:
                parser.feed(chunk)
                body += parser.take_body()
            parser.eof()
            body += parser.take_body()
        except McpError as exc:
            return (exc.code,)
        assert parser.complete
        head = parser.head
        # A copy: Python 3.13.0 may clear the namespace of an object that is gone.
        return head and (head.status, dict(vars(head.headers)), head.keep_alive), body, parser.truncated

    chunks = [data[at : at + 1] for at in range(len(data))]
    whole, one_by_one = read([data]), read(chunks)
    assert len(whole) == len(one_by_one) == 1 or whole == one_by_one, (whole, one_by_one)


def json_rpc(data: bytes) -> None:
    """A body is one of our messages or one of our errors; any value may stand where a schema belongs."""
    try:
        value = jsonrpc.decode(data)
        defect = input_schema.schema_defect(value, "2025-11-25")
        assert defect is None or defect.seen.isprintable()
        jsonrpc.parse(value)
    except McpError as exc:
        assert str(exc).isprintable()


def challenges(data: bytes) -> None:
    """A WWW-Authenticate header is challenges or an error."""
    try:
        found = parse_challenges(data.decode("latin-1"))
    except ProtocolError as exc:
        assert exc.code == "WWW_AUTHENTICATE_INVALID"
        return
    assert found
    assert all(
        shown is None or shown.isprintable() for shown in vars(summarize_challenges(found)).values() if shown != ()
    )


def url(data: bytes) -> None:
    """What a server names never leaves the origin, and what a user gives is a URL or an error."""
    text = data.decode("utf-8", "surrogateescape")
    base, _has_path = urls.parse_target_url("https://host.example:8443/a/b?c")
    for host_header in (None, "other.example"):
        try:
            found = urls.resolve(base, text, "REDIRECT", host_header)
        except ProtocolError:
            continue
        assert found.origin == base.origin
        assert found.target.startswith("/")
        assert not set(found.target) & set("\r\n\t \0")
    try:
        urls.parse_target_url(text)
    except InvalidTarget:
        return
    assert clean(text)


def conversation(data: bytes) -> None:
    """Whatever a server answers, on each connection the next part: a report comes, and it can be shown."""
    parts = itertools.chain(data.split(b"\0\0"), itertools.repeat(b""))
    ends = []

    def dial(_host: str, _port: int, _seconds: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            theirs.send(next(parts))
        theirs.shutdown(socket.SHUT_WR)
        ends.append(theirs)
        return ours

    try:
        options = Options(timeout=0.2, deep=True, tool_call=ToolCall("feed"))
        report = validate(Target(url="http://host.example/mcp"), options, dial=dial)
    finally:
        for end in ends:
            end.close()
    assert all(issue.message.isprintable() for issue in report.issues)
    assert report.summary("it").isprintable()


def schemas(data: bytes) -> None:
    """A value conforms to a schema or not, with and without formats, or that is unknown, whatever both are."""
    with contextlib.suppress(McpError):
        value = jsonrpc.decode(data)
        pair = [*value, None, None] if isinstance(value, list) else [value, value]
        for formats in (False, True):
            found = schema_evaluator.violation(pair[0], pair[1], formats=formats)
            assert found.valid in (True, False, None)
            assert found.defect.isprintable()


def manifests(data: bytes) -> None:
    """A file is manifests, which JSON can represent, or an error of one line."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        Path(file.name).write_bytes(data)
        try:
            servers, others = _manifest_files.read([file.name], [], "ns")
        except ManifestError as exc:
            assert len(str(exc)) < 2000
            assert str(exc).isprintable()
            return
    assert all(text.isprintable() for text in others)
    for server in servers:
        assert json.loads(json.dumps(server, allow_nan=False)) == server
        assert set(server["metadata"]) >= {"name", "namespace"}


def compact_reports(data: bytes) -> None:
    """A termination message is reports of which every field has its type and its limit, or nothing."""
    reports = report_encoding.decode_reports(data.decode("utf-8", "replace"))
    if reports is None:
        return
    for report in reports:
        assert any(report["compliant"] is value for value in (True, False, None))
        assert report["transport"] in ("streamable-http", "sse", None)
        codes = [issue["code"] for issue in report["issues"]]
        assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", code) for code in codes), codes
        assert all(issue["message"].isprintable() for issue in report["issues"])
        encoded = report_encoding.encode_reports([report])
        assert len(encoded.encode()) <= report_encoding.MAX_BYTES
        assert report_encoding.decode_reports(encoded) is not None


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: "
_RESULT = (
    b'{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},'
    b'"serverInfo":{"name":"x","version":"1"}}}'
)
# What a server with one tool sends, on each connection the next part.
_TOOL = (
    b'{"name":"feed","inputSchema":{"type":"object"},"outputSchema":{"type":"object","properties":{"at":{"format":"uri"},'
    b'"on":{"format":"date-time"},"re":{"format":"regex"}}}}'
)
_RESULTS = [
    b'{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"x","version":"1"}}',
    b"{}",
    b'{"tools":[' + _TOOL + b"]}",
    b'{"content":[],"structuredContent":{"at":"http://[::1]/","on":"2026-11-29T02:00:00Z","re":"(a"}}',
]
_RESPONSES = [b'{"jsonrpc":"2.0","id":%d,"result":%s}' % (number, result) for number, result in enumerate(_RESULTS, 1)]
_EVENTS = b"text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def _streamable() -> list[bytes]:
    """Return a session of Streamable HTTP: the responses to each request, and to a notification and a GET."""
    head = _HEAD + b"application/json\r\nMcp-Session-Id: s\r\nContent-Length: %d\r\n\r\n%s"
    first, *others = [head % (len(response), response) for response in _RESPONSES]
    empty = b"Content-Length: 0\r\n\r\n"
    return [first, b"HTTP/1.1 202 Accepted\r\n" + empty, b"HTTP/1.1 405 No\r\n" + empty, *others]


def _legacy_sse() -> list[bytes]:
    """Return a session of HTTP+SSE whose messages are redirected."""
    lines = [
        b"event: endpoint\ndata: /m",
        *(b"data: " + response.replace(b'"id":1', b'"id":2') for response in _RESPONSES[:1]),
    ]
    stream = _HEAD + b"text/event-stream\r\n\r\n" + b"\n\n".join([*lines, b""])
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /m/\r\nContent-Length: 0\r\n\r\n"
    missing = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
    return [missing, stream, moved, b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"]


# Each target with what it begins from.
TARGETS: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
    "sse": (sse, [b"event: endpoint\r\ndata: /m\r\n\r\n", b"\xef\xbb\xbfid: 1\nretry: 5\rdata\n\n", b": x\n\n"]),
    "http": (
        http,
        [
            _HEAD + b"application/json\r\nContent-Length: 2\r\n\r\n{}",
            _HEAD + _EVENTS + b"3;x=y\r\nabc\r\n0\r\nTrailer: x\r\n\r\n",
            b"HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 204 No\r\nConnection: close\r\n\r\n",
        ],
    ),
    "json_rpc": (json_rpc, [_RESULT, b'[{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"x"}}]']),
    "challenges": (challenges, [b'Bearer realm="a\\"b", scope=x, Basic, Negotiate abc==', b"Digest a=b"]),
    "url": (url, [b"/messages?x=1", b"//evil.example/", b"https://host.example:8443/x", b"http:\\\\h", b"?a#b"]),
    "schemas": (
        schemas,
        [
            b'[{"$ref":"#/d","d":{"properties":{"a":{"format":"uri"}},"oneOf":[{"format":"date"}]}},{"a":"x:/[::1]"}]',
            b'[{"items":{"format":"regex"}},["(?=a)*","[z-a]","a{2,1}"]]',
            b'[{"not":{"format":"time"},"formatMinimum":1},"23:59:60-00:30"]',
            b'[{"anyOf":[{"format":"email"},{"format":"int32"}]},2147483648.0]',
        ],
    ),
    "manifests": (
        manifests,
        [
            b"apiVersion: mcp.mcp-operator.io/v1\nkind: MCPServer\nmetadata: {name: a}\nspec: {image: x}\n",
            b"a: &a [!!int 1, !!float .5, !!bool on, !!null ~, 0x1F, 1:30, 2026-01-01]\nb: {<<: *a, ? [x] : |\n y}\n",
            b"%YAML 1.1\n--- !!set {!!merge k: *a}\n...\n",
        ],
    ),
    "compact_reports": (
        compact_reports,
        [
            (
                b'{"servers":[0,0],"reports":[{"compliant":true,"requires_auth":false,"transport":"sse","session":false,'
                b'"path":"/sse","protocol_version":"2024-11-05","supported_versions":["2024-11-05"],"capabilities":["tools"],'
                b'"server_info":{"name":"x","version":"1"},"tools":1,"resources":null,"prompts":null,"issues":[{"level":'
                b'"error","code":"TIMEOUT","message":"m","action":"a"}]}]}'
            ),
        ],
    ),
    "conversation": (
        conversation,
        [
            _HEAD + b"application/json\r\nContent-Length: %d\r\n\r\n" % len(_RESULT) + _RESULT,
            _HEAD + b"text/event-stream\r\n\r\ndata: " + _RESULT + b"\n\n\0\0HTTP/1.1 202 Accepted\r\n\r\n",
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\n\r\n",
            b"\0\0".join(_streamable()),
            b"\0\0".join(_legacy_sse()),
        ],
    ),
    **pod_templates.TARGETS,
}
