# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What of the cluster of these tests is about the gates of Pods, and about validation Jobs."""

from __future__ import annotations

import datetime as dt

from mcp_operator._vendor._kube.errors import ApiUnreachable
from mcp_operator.cluster.store import Key

LABELS = {"app": "wiki", "app.kubernetes.io/managed-by": "mcp-operator"}
GATE = "mcp.mcp-operator.io/validated"


class GatesAndJobs:
    """A part of the cluster."""

    def now(self):
        return dt.datetime.fromtimestamp(self.clock.epoch(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def set_gate(self, manifest):
        if self.down:
            raise ApiUnreachable("The API server is down.")
        (condition,) = manifest["status"]["conditions"]
        self.gates.append(condition)
        key = Key(self.pods, "team", manifest["metadata"]["name"])
        pod = self.store.get(key)
        conditions = [entry for entry in pod["status"]["conditions"] if entry["type"] != condition["type"]]
        status = {**pod["status"], "conditions": [*conditions, condition], "gateIsOurs": True}
        return self.put(key, {**pod, "status": status})

    def gate_of(self, name="a"):
        """Return whether a Pod's gate is open; None where nobody has said anything."""
        pod = self.store.get(Key(self.pods, "team", f"wiki-{name}"))
        found = [entry["status"] == "True" for entry in pod["status"]["conditions"] if entry["type"] == GATE]
        return found[0] if found else None

    def job(self, manifest, *, message=None, state=None, **status):
        """Let a validation Job's Pod be as far as it is."""
        meta = self.put_job(manifest, status)
        self.reported.add(meta["name"])
        owner = {"controller": True, "uid": meta["uid"], "kind": "Job", "name": meta["name"]}
        pod = {"uid": f"uid-pod-{meta['name']}", "labels": meta["labels"], "ownerReferences": [owner]}
        if message is not None:
            state = {"terminated": {"exitCode": 0, "message": message, "finishedAt": self.now()}}
        seen = {
            "phase": "Running",
            "containerStatuses": [{"name": "mcp-validation", "state": state or {"running": {}}}],
        }
        self.put(Key(self.pods, "team", f"{meta['name']}-x"), {"metadata": pod, "spec": {}, "status": seen})

    def put_job(self, manifest, status):
        key = Key(self.jobs, "team", manifest["metadata"]["name"])
        found = self.store.get(key)
        created = found["metadata"]["creationTimestamp"] if found else self.now()
        meta = {"uid": f"uid-{key.name}", "creationTimestamp": created, **manifest["metadata"]}
        self.put(key, {"metadata": meta, "spec": manifest["spec"], "status": status})
        return meta
