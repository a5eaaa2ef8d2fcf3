# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant writes expectations and arguments that keep the validator busy, or fill its memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from mcp_operator._vendor._engine.pod_probe import probe_pod
from mcp_operator._vendor._workload.errors import ManifestError
from mcp_operator._vendor._workload.probe_spec import probe_spec
from mcp_operator._vendor._workload.server import template_context
from mcp_operator._vendor._workload.timeouts import Timeouts
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

CALL = {"name": "feed", "arguments": {"who": "lion"}}
TENS = "`[1,1,1,1,1,1,1,1,1,1]`"
DOUBLED = "|[@,@]" * 40


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    servers = [found for found in FAKE_SERVERS if found.name == "call-of-a-tool"]
    with Zoo(servers, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo.ports["call-of-a-tool"]


def server(port, **validation):
    return {
        "metadata": {"name": "a", "namespace": "n"},
        "spec": {"image": "i:1", "transport": {"config": {"http": {"port": port}}}, "validation": validation},
    }


def probe(port, **validation):
    return probe_pod(HOST, probe_spec(server(port, toolCall=CALL, **validation)), Timeouts())


def test_a_result_is_compared(port):
    wanted = ["tool_call.texts == ['lion']", "tool_call.is_error == `false`"]
    assert probe(port, expect=wanted)["compliant"] is True
    found = probe(port, expect=["tool_call.texts == ['tiger']"])
    assert found["compliant"] is False
    [issue] = [issue for issue in found["issues"] if issue["level"] == "error"]
    assert issue["code"] == "EXPECTATION_FAILED"
    assert "lion" in issue["message"]


@pytest.mark.parametrize(
    "expression",
    [
        f"tools{DOUBLED} == tools{DOUBLED}",
        f"to_string(@{DOUBLED})",
        "@" + "|[@,@][]" * 40,
        "map(&map(&map(&map(&map(&map(&map(&map(&@," + ",".join([f"{TENS})"] * 8),
        "[" * 200 + "@" + "]" * 200 + " == " + "@",
        "to_string(to_array(" * 23 + "@" + "))" * 23,
    ],
    ids=["comparison", "text", "flattened", "loops", "nested", "escapes"],
)
def test_sixteen_expressions_cost_less_than_seconds_and_megabytes(port, expression):
    assert len(expression) <= 500
    tracemalloc.start()
    began = time.process_time()
    try:
        found = probe(port, expect=[expression] * 16)
        used, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert used < 5, "most of it is the tracing"
    assert peak < 64 * 1024**2
    assert found["reached"] is True


def test_arguments_have_a_limit_that_the_schema_cannot_express(port):
    call = {"name": "feed", "arguments": {"who": [["x" * 100] * 100]}}
    with pytest.raises(ManifestError, match="Use at most 4096 bytes"):
        template_context(server(port, toolCall=call))
    with pytest.raises(ManifestError, match="Use at most 4096 bytes"):
        probe_spec(server(port, toolCall=call))
