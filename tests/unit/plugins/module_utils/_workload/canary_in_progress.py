# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An MCPServer whose runs and Pods do at once what they are to do."""

from __future__ import annotations

import datetime as dt

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary, canary_steps
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary_steps import Seen

OLD, NEW, OTHER = "old", "new", "other"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ANNOTATION = "mcp.mcp-operator.io/rollout"
STEPS = [{"weight": 10, "pause": "5m"}, {"weight": 50, "pause": "10m"}]
FAILED = {"active": True, "template": NEW, "to": OLD, "message": "It is no MCP server."}


class Rollout:
    """An MCPServer whose runs and Pods do at once what they are to do."""

    def __init__(self, steps=STEPS, replicas=10):
        rollout = {"strategy": "canary", "steps": steps}
        self.spec = {"rollout": rollout, "validation": {"strictMode": True}, "replicas": replicas}
        self.status = {}
        self.annotations = {}
        self.replicas, self.template, self.stable, self.passes = replicas, NEW, OLD, True
        self.failed = {}
        self.now = START

    @property
    def server(self):
        return {"metadata": {"annotations": self.annotations}, "spec": self.spec, "status": {"rollout": self.status}}

    def step(self, seconds=0, **seen):
        self.now += dt.timedelta(seconds=seconds)
        mine = self.status.get("canaryRevision") == self.template
        count = self.status.get("canaryReplicas", 0) if mine and self.status.get("phase") in canary.ONGOING else 0
        fields = {"canary": count, "passed": self.passes and count > 0, "failed": self.failed, **seen}
        found = canary_steps.decide(self.server, Seen(self.template, self.stable, self.replicas, **fields), self.now)
        self.status = found.rollout
        return found

    def until(self, phase, step=None):
        for _ in range(10):
            if self.status.get("phase") == phase and step in (None, self.status.get("step")):
                return self
            self.step()
        raise AssertionError(self.status)

    def command(self, value):
        self.annotations = {ANNOTATION: value}

    @property
    def state(self):
        return self.status.get("phase"), self.status.get("step"), self.status.get("canaryReplicas", 0)
