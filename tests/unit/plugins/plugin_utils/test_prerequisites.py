# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Installing the CustomResourceDefinition and creating namespaces."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiConflict, ApiNotFound, KubeError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._prerequisites import create_namespace, install_crd


class Clock:
    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Api:
    """One object, and whether MCPServers are served after some reads."""

    def __init__(self, found=None, *, served_after=0, conflict=False):
        self.found, self.served_after, self.conflict = found, served_after, conflict
        self.writes = []

    def request(self, method, path, *, what, query=None, body=None):
        assert what
        if path == "/apis/mcp.mcp-operator.io/v1":
            self.served_after -= 1
            return {"resources": [{"name": "mcpservers"}] if self.served_after < 0 else []}
        if method == "GET":
            if self.found is None:
                raise ApiNotFound("no")
            return self.found
        self.writes.append((method, path, query))
        if self.conflict:
            raise ApiConflict("exists")
        given = getattr(body, "value", body)
        version = "1" if self.found == "same" else "2"
        return {**given, "metadata": {**given["metadata"], "resourceVersion": version}}


def run(work, *words, **keywords):
    result = {"changed": False, "objects": []}
    work(*words, result, **keywords)
    return result


def crd(api, **keywords):
    return run(install_crd, api, **{"dry_run": False, "clock": Clock(), **keywords})


def test_a_new_definition_is_a_change_and_is_awaited():
    api = Api(served_after=2)
    result = crd(api)
    assert result["changed"]
    assert result["objects"][0]["action"] == "created"
    assert api.writes[0][2] == {"fieldManager": "mcp-kubernetes-deploy", "force": "true"}
    assert api.served_after < 0


def test_one_that_is_never_served_is_an_error():
    with pytest.raises(KubeError, match="is not served after 30 s"):
        crd(Api(served_after=1000))


def test_check_mode_is_a_dry_run_and_does_not_wait():
    api = Api(served_after=1000)
    assert crd(api, dry_run=True)["changed"]
    assert api.writes[0][2]["dryRun"] == "All"


def test_a_missing_namespace_is_created():
    api = Api()
    result = run(create_namespace, api, "team", dry_run=False)
    assert result == {"changed": True, "objects": [{"kind": "Namespace", "name": "team", "action": "created"}]}
    assert api.writes[0][:2] == ("POST", "/api/v1/namespaces")


@pytest.mark.parametrize("api", [Api(found={"metadata": {"name": "team"}}), Api(conflict=True)])
def test_one_that_exists_or_that_another_client_creates_is_no_change(api):
    result = run(create_namespace, api, "team", dry_run=False)
    assert result == {"changed": False, "objects": [{"kind": "Namespace", "name": "team", "action": "unchanged"}]}
