# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A Gradio application that is an MCP server."""

from __future__ import annotations

import os

import gradio


def greet(name: str) -> str:
    """Greet a person.

    Args:
        name: of the person
    """
    return f"Hello, {name}!"


gradio.Interface(fn=greet, inputs="text", outputs="text").launch(
    mcp_server=True, server_name="127.0.0.1", server_port=int(os.environ["PORT"])
)
