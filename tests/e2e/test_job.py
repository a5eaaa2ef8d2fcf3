# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""As a job of Ansible Automation Platform or AWX: what these give to ansible-runner, and what they read of it."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import ansible_runner
import pytest
import yaml

GO = {"image": "localhost/mcp-servers/go-sdk:1.8.0"}
NO_MCP = {"image": "localhost/mcp-servers/broken:1", "args": ["html"], "validation": {"strictMode": True}}
# More than this of one event's result is thrown away on the way to the platform.
EVENT_LIMIT = 700_000


@pytest.fixture
def credential(client, namespace, kubeconfig, tmp_path):
    """What a credential of the type "OpenShift or Kubernetes API Bearer Token" puts into a job's environment.

    Its account may do everything in the namespace and nothing elsewhere.
    """
    account = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    rule = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "all"}
    for path, body in (
        (f"{rbac}/roles", {"metadata": {"name": "all"}, "rules": [rule]}),
        (f"{rbac}/rolebindings", {"metadata": {"name": "all"}, "roleRef": reference, "subjects": [account]}),
        (f"/api/v1/namespaces/{namespace}/serviceaccounts/default/token", {"spec": {}}),
    ):
        answer = client.request("POST", path, what="give rights", body=body)
    (cluster,) = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))["clusters"]
    authority = tmp_path / "ca.crt"
    authority.write_bytes(base64.b64decode(cluster["cluster"]["certificate-authority-data"]))
    return {
        "K8S_AUTH_HOST": cluster["cluster"]["server"],
        "K8S_AUTH_API_KEY": answer["status"]["token"],
        "K8S_AUTH_VERIFY_SSL": "True",
        "K8S_AUTH_SSL_CA_CERT": str(authority),
    }


@pytest.fixture
def job(credential, namespace, tmp_path, monkeypatch):
    """Run a job template: a project with a playbook and manifests, an inventory of localhost alone, no terminal."""
    for name in ("KUBECONFIG", "K8S_AUTH_KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    private = tmp_path / "runner"

    def run(*, ident="1", **servers):
        surroundings = {
            **credential,
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": os.environ["ANSIBLE_HOME"],
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
        }
        variables = {"mcp_manifests": "servers", "mcp_namespace": namespace, "awx_job_id": 7}
        files = {
            "project/deploy.yml": [{"import_playbook": "mcp.kubernetes.deploy"}],
            "inventory/hosts.json": {"all": {"hosts": {"localhost": {}}}},
            "env/envvars": surroundings,
            "env/extravars": variables,
            "env/settings": {"runner_mode": "subprocess", "suppress_ansible_output": True},
            **{f"project/servers/{name}.yaml": manifest(name, spec) for name, spec in servers.items()},
        }
        for name, content in files.items():
            path = private / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
        return ansible_runner.run(private_data_dir=str(private), playbook="deploy.yml", ident=ident, quiet=True)

    return run


def manifest(name, spec):
    metadata = {"name": name.replace("_", "-")}
    return {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": metadata, "spec": spec}


def test_each_mcpserver_has_its_own_row_in_the_result(job, images, namespace):
    good, refused = f"{namespace}/good", f"{namespace}/refused"

    first = job(good=GO, refused=NO_MCP)
    assert first.status == "failed"
    assert set(first.stats["processed"]) == {"localhost", good, refused}
    assert first.stats["changed"] == {good: 1, refused: 1}
    assert first.stats["failures"] == {refused: 1}

    events = list(first.events)
    failures = [event["event_data"] for event in events if event["event"] == "runner_on_failed"]
    # The second one ends the host after its changes are counted; platforms show the last one.
    assert [failure["host"] for failure in failures] == [refused] * 2
    assert all("NOT_MCP" in failure["res"]["msg"] for failure in failures)
    assert max(len(json.dumps(event)) for event in events) < EVENT_LIMIT

    again = job(ident="2", good=GO, refused=NO_MCP)
    assert good not in again.stats["changed"]
    assert again.stats["failures"] == {refused: 1}


def test_no_event_tells_the_credential(job, images, credential):
    done = job(good=GO)
    assert done.status == "successful"
    told = "".join(json.dumps(event) for event in done.events)
    assert credential["K8S_AUTH_API_KEY"] not in told
