# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A FastAPI application behind fastapi-mcp: fastapi_server.py mount|mount_http|mount_sse."""

from __future__ import annotations

import os
import sys

import uvicorn
from fastapi import FastAPI
from fastapi_mcp import FastApiMCP

application = FastAPI(title="judged")


@application.get("/add", operation_id="add")
async def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


getattr(FastApiMCP(application), sys.argv[1])()
uvicorn.run(application, host="127.0.0.1", port=int(os.environ["PORT"]))
