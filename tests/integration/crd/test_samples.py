# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every manifest that the reference operator shows to its users gets the same answer from this API."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import ApiException

SAMPLES = [
    sample
    for file in sorted((Path(__file__).parent / "samples").glob("*.yaml"))
    for sample in yaml.safe_load(file.read_text(encoding="utf-8"))
]
STEP = re.compile(r"\[(\d+)\]|[^.\[\]]+")


def nested(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a spec from its fields' paths, such as ``environment[0].name``."""
    spec: dict[str, Any] = {}
    for path, value in fields.items():
        steps = [int(step[1]) if step[1] else step[0] for step in STEP.finditer(path)]
        place: Any = spec
        for step, following in itertools.pairwise(steps):
            empty: Any = [] if isinstance(following, int) else {}
            if isinstance(place, dict):
                place = place.setdefault(step, empty)
            else:
                place += [empty] if step == len(place) else []
                place = place[step]
        if isinstance(place, list):
            place.append(value)
        else:
            place[steps[-1]] = value
    return spec


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["from"][0])
def test_a_sample_gets_the_same_answer(sample: dict[str, Any], admit: Callable[..., dict[str, Any]]) -> None:
    spec = nested(sample["spec"])
    version = sample.get("apiVersion", "/v1").partition("/")[2]
    if "rejected" in sample:
        with pytest.raises(ApiException) as refusal:
            admit(spec, version=version)
        assert sample["rejected"] in f"{refusal.value.status} {refusal.value.body}".replace('\\"', '"')
    else:
        # None of it is lost: what comes back is what was sent, and defaults beside it.
        assert_contains(admit(spec, version=version)["spec"], spec)


def assert_contains(stored: Any, sent: Any) -> None:
    if isinstance(sent, dict):
        for key, value in sent.items():
            # Kubernetes drops what is null.
            assert key in stored or value is None
            if value is not None:
                assert_contains(stored[key], value)
    elif isinstance(sent, list):
        assert len(stored) == len(sent)
        for mine, theirs in zip(stored, sent, strict=True):
            assert_contains(mine, theirs)
    else:
        assert stored == sent


def test_no_sample_was_lost() -> None:
    """The reference operator shows 116 manifests; two that are the same are one sample here."""
    assert sum(len(sample["from"]) for sample in SAMPLES) == 116
    assert sum(len(sample["from"]) for sample in SAMPLES if "rejected" in sample) == 8
