# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server lists a tool whose schema refers to another address: nothing is requested from there."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from zoo.fake_server import remarked
from zoo.run import HOST, Zoo
from zoo.servers import Streamable


def test_a_reference_to_another_address_is_reported_and_not_fetched(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as internal:
        internal.setblocking(False)
        address = f"http://{HOST}:{internal.getsockname()[1]}/schema.json"
        schema = {"type": "object", "$schema": address, "allOf": [{"$ref": address}, {"$dynamicRef": address}]}
        listed = {"tools": [{"name": "feed", "inputSchema": schema, "outputSchema": schema}]}
        server = remarked("refers", partial(Streamable, results={"tools/list": listed}), "EXTERNAL_SCHEMA_REF")
        with Zoo([server], tmp_path) as zoo:
            report = validate(Target(host=HOST, port=zoo.ports["refers"]), Options(timeout=5.0, deep=True))
        assert {issue.code for issue in report.issues} == {"EXTERNAL_SCHEMA_REF"}
        assert report.compliant is True
        try:
            connection, _peer = internal.accept()
        except BlockingIOError:
            return
        connection.close()
        raise AssertionError("the address in the schema was connected to")
