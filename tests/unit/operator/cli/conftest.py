# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.cli import local_forward

from .echoing_pod import EchoingPod


@pytest.fixture
def pods(monkeypatch):
    monkeypatch.setattr(EchoingPod, "pods", {"a": True})
    monkeypatch.setattr(EchoingPod, "dialed", [])
    monkeypatch.setattr(local_forward, "PodDialer", EchoingPod)
    serving = lambda _client, _server: next(({"metadata": {"name": pod}} for pod in EchoingPod.pods), None)  # noqa: E731
    monkeypatch.setattr(local_forward, "serving_pod", serving)
    return EchoingPod.pods
