# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.expose``: what is admitted, the example included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "exposed.yaml"
PARENTS = [{"name": "shared", "namespace": "gateways", "sectionName": "https"}]


def test_the_example_is_admitted(admit: Admit) -> None:
    spec = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["spec"]
    assert admit(spec)["spec"]["expose"] == spec["expose"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"hostnames": ["*.example.com", "wiki.example.com"], "path": "/wiki"},
        {"sessionPersistence": "None", "integrations": ["kagent", "agentgateway"]},
    ],
)
def test_exposures(more: dict[str, Any], admit: Admit) -> None:
    expose = {"parentRefs": PARENTS, **more}
    assert admit({"image": "a/b", "expose": expose})["spec"]["expose"] == expose


@pytest.mark.parametrize(
    ("expose", "message"),
    [
        ({"hostnames": ["a.example.com"]}, "parentRefs: Required value"),
        ({"parentRefs": []}, "should have at least 1 items"),
        ({"parentRefs": PARENTS, "hostnames": ["192.0.2.1"]}, "must be a host name"),
        ({"parentRefs": PARENTS, "path": "/a/../b"}, "must not contain"),
        ({"parentRefs": PARENTS, "sessionPersistence": "Header"}, "Unsupported value"),
        ({"parentRefs": PARENTS, "integrations": ["other"]}, "Unsupported value"),
        ({"parentRefs": PARENTS, "integrations": ["kagent", "kagent"]}, "Duplicate value"),
    ],
)
def test_what_is_refused(expose: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit({"image": "a/b", "expose": expose})
    assert message in str(refused.value.body)
