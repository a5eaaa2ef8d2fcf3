# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reads the tool calls that the sidecar of a Pod has measured, from its metrics.

A Pod may send anything in place of metrics, so the time and the number of bytes are bounded.
"""

from __future__ import annotations

import collections
import contextlib
import http.client
import math
import re
import socket
import threading
import time
import typing as t

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from .._vendor._util import clean
from .._vendor._workload.canary_analysis import ALL, Calls
from ..errors import MetricsUnreadable

# Seconds and bytes of one answer; a sidecar with 500 tools sends less than a tenth of it.
_TIMEOUT = 3.0
_MOST_BYTES = 4 << 20
# Characters; the time to parse a line grows with the square of its length.
_LONGEST_LINE = 8 << 10
_BLOCK = 1 << 16
_MOST_TOOLS = 500
_CALL = "tools/call"
# Requests that the sidecar refuses: clients without access must not be able to fail a canary.
_REFUSED = frozenset({"401", "403", "429"})
_CANCELED = "canceled"
_SUCCESS = "2"
_LIMITED, _LIMITED_CODE = "429", "-32000"
_OTEL = "mcp_server_operation_duration_seconds"
_REQUESTS, _ERRORS, _DURATION = "mcp_requests_total", "mcp_request_errors_total", "mcp_request_duration_seconds"
_USED = (f"{_OTEL}_count", f"{_OTEL}_sum", _REQUESTS, _ERRORS, f"{_DURATION}_count", f"{_DURATION}_sum")
# How a sample, a comment or an empty line starts.
_LINE = re.compile(r"[A-Za-z_:#]|$")


def read(address: str, port: int) -> dict[str, Calls]:
    """Return the calls of each tool since the sidecar of a Pod started, and of all tools.

    :raises MetricsUnreadable: the Pod does not send metrics.
    """
    try:
        text = _fetch(address, port)
        return parse(text)
    except (OSError, http.client.HTTPException, ValueError) as exc:
        seen = f"The metrics of the Pod at {address}:{port} cannot be read: {clean(exc, 200)}."
        raise MetricsUnreadable(seen, "Let the operator connect to the port named metrics.") from exc


def parse(text: str) -> dict[str, Calls]:
    """Return the calls in metrics with either value of ``spec.metrics.names``.

    :raises ValueError: the text does not have the format of Prometheus.
    """
    used = "".join(f"{line}\n" for line in _lines(text) if line.startswith(_USED))
    samples = [sample for family in text_string_to_metric_families(used) for sample in family.samples]
    if any(sample.name.startswith(_OTEL) for sample in samples):
        return _otel(samples)
    return _compatible(samples)


def _lines(text: str) -> t.Iterator[str]:
    for line in text.split("\n"):
        if len(line) > _LONGEST_LINE or not _LINE.match(line):
            raise ValueError(f"this is no metric: {line[:80]}")
        yield line


def _fetch(address: str, port: int) -> str:
    until = time.monotonic() + _TIMEOUT
    connection = http.client.HTTPConnection(address, port, timeout=_TIMEOUT)
    connection.connect()
    # The timeout of the connection is that of each read, and headers may have any number of them.
    timer = threading.Timer(max(0.0, until - time.monotonic()), _shut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        connection.request("GET", "/metrics", headers={"Accept": "text/plain"})
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise ValueError(f"status {response.status}")
        body = bytearray()
        while block := response.read1(_BLOCK):
            body += block
            if len(body) > _MOST_BYTES:
                raise ValueError("the answer is too long")
        if time.monotonic() >= until:
            raise ValueError(f"the answer is not complete after {_TIMEOUT:.0f} seconds")
        return body.decode()
    finally:
        timer.cancel()
        connection.close()


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be closed already
        sock.shutdown(socket.SHUT_RDWR)


def _otel(samples: t.Iterable[Sample]) -> dict[str, Calls]:
    found: dict[str, Calls] = collections.defaultdict(Calls)
    for sample in samples:
        labels, kind = sample.labels, sample.labels.get("error_type", "")
        if labels.get("mcp_method_name") != _CALL or kind in _REFUSED or not _is_number(sample.value):
            continue
        tool = clean(labels.get("gen_ai_tool_name", ""), 128)
        for name in {ALL, tool if tool in found or len(found) < _MOST_TOOLS else ALL}:
            calls = found[name]
            if sample.name == f"{_OTEL}_count":
                failed = sample.value if kind not in ("", _CANCELED) else 0.0
                count, timed = calls.number + sample.value, calls.timed + sample.value
                found[name] = calls._replace(number=count, errors=calls.errors + failed, timed=timed)
            elif sample.name == f"{_OTEL}_sum":
                found[name] = calls._replace(seconds=calls.seconds + sample.value)
    return dict(found)


def _compatible(samples: t.Iterable[Sample]) -> dict[str, Calls]:
    """Return the calls of all tools together; durations are those of all requests."""
    calls, answered, failed = Calls(), 0.0, 0.0
    refused, refused_errors = 0.0, 0.0
    for sample in samples:
        if not _is_number(sample.value):
            continue
        of_tools = sample.labels.get("method") == _CALL
        status = sample.labels.get("status", "")
        if sample.name == _REQUESTS and of_tools and status not in _REFUSED:
            calls = calls._replace(number=calls.number + sample.value)
            answered += sample.value if status.startswith(_SUCCESS) else 0.0
        elif sample.name == _REQUESTS and of_tools and status == _LIMITED:
            refused += sample.value
        elif sample.name == _ERRORS and of_tools:
            failed += sample.value
            refused_errors += sample.value if sample.labels.get("error_code") == _LIMITED_CODE else 0.0
        elif sample.name == f"{_DURATION}_count":
            calls = calls._replace(timed=sample.value)
        elif sample.name == f"{_DURATION}_sum":
            calls = calls._replace(seconds=sample.value)
    # Requests over a limit are answered with an error of JSON-RPC, too.
    failed -= min(refused_errors, refused)
    # An error of JSON-RPC may have an HTTP status of success, or not.
    return {ALL: calls._replace(errors=min(calls.number, max(calls.number - answered, failed)))}


def _is_number(value: float) -> bool:
    return math.isfinite(value) and value >= 0
