# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Text that a server sends reaches terminals, logs, statuses, Events and metrics only as harmless data."""

from __future__ import annotations

import json
import logging
import unicodedata
import xml.etree.ElementTree as ET
from functools import partial

import pytest
from mcp_operator._vendor._engine.pod_probe import probe_pod
from mcp_operator._vendor._mcp.formats.formats import FORMATS, ServerReport
from mcp_operator.process.logs import ConsoleFormatter, JsonFormatter
from mcp_operator.status.fleet_metrics import FleetMetrics
from mcp_operator.validation.metrics import ValidationMetrics
from prometheus_client import CollectorRegistry
from zoo.fake_server import FakeServer
from zoo.fake_servers.answers import Altered, always
from zoo.fake_servers.auth import Guarded
from zoo.run import HOST, Zoo
from zoo.servers import Fault, LegacySse, Streamable

from support.hostile_server import HOSTILE_TEXT, texts
from unit.operator.fake_workload import WATCH, Cluster

INFO = {"name": HOSTILE_TEXT, "version": HOSTILE_TEXT, "title": HOSTILE_TEXT}
ITEM = {"name": HOSTILE_TEXT, "title": HOSTILE_TEXT, "description": HOSTILE_TEXT}
NAMES = {
    "initialize_result": {
        "serverInfo": INFO,
        "instructions": HOSTILE_TEXT,
        "capabilities": {"tools": {}, "resources": {}, "prompts": {}, HOSTILE_TEXT: {}},
    },
    "results": {
        "tools/list": {"tools": [{**ITEM, "inputSchema": {"type": "object", "required": [HOSTILE_TEXT]}}]},
        "resources/list": {"resources": [{**ITEM, "uri": HOSTILE_TEXT, "mimeType": HOSTILE_TEXT}]},
        "resources/templates/list": {"resourceTemplates": [{**ITEM, "uriTemplate": HOSTILE_TEXT}]},
        "prompts/list": {"prompts": [{**ITEM, "arguments": [ITEM]}]},
        "ping": Fault(200, -32603, HOSTILE_TEXT, HOSTILE_TEXT),
    },
}
# In a header field, a line cannot end.
IN_HEADER = HOSTILE_TEXT.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "").replace("\0", "")
SERVERS = {
    "names": partial(Streamable, **NAMES),
    "capability-types": partial(Streamable, initialize_result={"capabilities": {"tools": HOSTILE_TEXT}}),
    "version": partial(Streamable, initialize_result={"protocolVersion": HOSTILE_TEXT}),
    "error": partial(Streamable, results={"initialize": Fault(400, -32600, HOSTILE_TEXT, HOSTILE_TEXT)}),
    "body": always(200, HOSTILE_TEXT, "text/plain"),
    "server-error": always(500, HOSTILE_TEXT, "text/html"),
    "media-type": partial(Altered, media_type=f"application/{IN_HEADER}"),
    "session-id": partial(Altered, extra={"Mcp-Session-Id": IN_HEADER}),
    "location": always(302, Location=IN_HEADER),
    "endpoint": partial(LegacySse, endpoint=HOSTILE_TEXT.replace("\r\n", " ")),
    "challenge": partial(Guarded, challenge=f'Bearer realm="{IN_HEADER}", scope="{IN_HEADER}"'),
    "metadata": partial(
        Guarded,
        metadata={
            "resource": HOSTILE_TEXT,
            "authorization_servers": [HOSTILE_TEXT],
            "scopes_supported": [HOSTILE_TEXT],
        },
    ),
}
# Categories of control, format and surrogate characters.
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def assert_safe(found, allowed=""):
    for text in found:
        assert not [char for char in text if unicodedata.category(char) in UNSAFE and char not in allowed], ascii(text)


@pytest.fixture(params=SERVERS, ids=str)
def server(request):
    return SERVERS[request.param]


def test_a_report_has_only_printable_text_in_each_format(visit, server):
    target = {"transport": "sse", "path": "/sse"} if server is SERVERS["endpoint"] else {}
    found = visit(server, target=target)
    assert_safe(texts(found.report.to_dict()))
    shown = [ServerReport(f"http://{HOST}:{found.port}", found.report)]
    assert_safe([FORMATS["text"](shown)], "\n")
    json.loads(FORMATS["json"](shown))
    assert_safe([FORMATS["json"](shown)], "\n")
    (case,) = ET.fromstring(FORMATS["junit"](shown)).iter("testcase")
    assert_safe(case.itertext(), "\n")


def test_statuses_events_and_metrics_of_the_operator_are_safe(tmp_path, server):
    registry = CollectorRegistry()
    metrics = ValidationMetrics(registry)
    cluster = Cluster()
    FleetMetrics(cluster.store, WATCH.id, lambda: True, registry)
    with Zoo([FakeServer("hostile", server)], tmp_path) as zoo:

        def probe(request):
            spec = request.spec._replace(port=zoo.ports["hostile"])
            answer = probe_pod(HOST, spec, request.timeouts, light=request.light)
            metrics.record(answer, 1.0)
            return answer

        cluster.answer = probe
        cluster.start()
        try:
            cluster.create()
            cluster.deploy(ready=1)
            cluster.pod()
            cluster.until(lambda: (cluster.status().get("validation") or {}).get("attempts"))
            cluster.rests()
        finally:
            cluster.controller.stop()
    assert cluster.events
    assert_safe(texts(cluster.writes))
    assert_safe(texts(cluster.events))
    assert len(json.dumps(cluster.status())) < 32 * 1024
    labels = [label for family in registry.collect() for sample in family.samples for label in sample.labels.values()]
    assert labels
    assert all(label.isascii() and not set(label) & set('{}<>%"\\ \n') for label in labels), labels


@pytest.mark.parametrize("formatter", [JsonFormatter(), ConsoleFormatter()], ids=["json", "console"])
@pytest.mark.parametrize("raised", [False, True], ids=["message", "traceback"])
def test_a_log_record_cannot_forge_another_one(formatter, raised):
    error = (ValueError, ValueError(HOSTILE_TEXT), None) if raised else None
    record = logging.LogRecord("mcp_operator", logging.WARNING, __file__, 1, "%s", (HOSTILE_TEXT,), error)
    record.server = HOSTILE_TEXT
    first, *traceback = formatter.format(record).split("\n")
    assert_safe([first, *traceback])
    assert all(line.startswith("  ") for line in traceback)
