# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Rollouts over clusters that are lost, refuse the change, or no longer accept the credentials. There are no Pods."""

from __future__ import annotations

import copy
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from support import policies
from support.relay import Relay
from support.rollouts import HOSTS, Rollout, Stand, changing

pytestmark = pytest.mark.test_all

BEFORE = {name: {"image": "registry.example.com/none:1"} for name in HOSTS}
LARGER = {name: {**spec, "replicas": 2} for name, spec in BEFORE.items()}
RBAC = "rbac.authorization.k8s.io"


@pytest.fixture
def stand(client, crd, namespace):
    with Stand.running(client, namespace) as found:
        yield found


@pytest.fixture
def rollout(playbooks, client, kubeconfig, namespace, stand, tmp_path):
    options = {"mcp_apply": "object", "mcp_wait_timeout": 20}
    return Rollout.on(playbooks, client, namespace, tmp_path / "machine", kubeconfig, **options)


@pytest.fixture
def begun(rollout, client, namespace):
    """The rollout of MCPServers that exist."""
    for name, spec in BEFORE.items():
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer"}
        meta = {"name": name, "namespace": namespace}
        client.apply({**head, "metadata": meta, "spec": spec}, field_manager="tests")
    return rollout


@pytest.fixture
def config(kubeconfig):
    return yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))


@pytest.fixture
def account(client, namespace):
    """Create the ServiceAccount ``rollout`` with some rights in the cluster, and return its path."""
    name = f"rollout-{uuid.uuid4().hex[:8]}"
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    meta = {"name": "rollout", "namespace": namespace}
    binding = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "ServiceAccount", **meta}],
    }

    def create(*verbs):
        body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}
        client.request("POST", path, what="create a ServiceAccount", body=body)
        role = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": name}}
        rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": list(verbs)}]
        policies.apply(client, {**role, "rules": rules})
        policies.apply(client, binding)
        return f"{path}/rollout"

    yield create
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        policies.delete(client, {"kind": kind, "metadata": {"name": name}})


def give(rollout, name, config, *, port=0, token=""):
    """Give a host another kubeconfig."""
    config = copy.deepcopy(config)
    if port:
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    if token:
        config["users"][0]["user"] = {"token": token}
    (rollout.folder / name).write_text(yaml.safe_dump(config), encoding="utf-8")


def relay_to(config):
    place = urlsplit(config["clusters"][0]["cluster"]["server"])
    return Relay(place.hostname, place.port)


def with_trouble(begun, stand, relay, cause):
    """Run the rollout, which fails, and cause trouble while the second wave waits for its server."""
    stand.held = {"second"}
    process = begun.start(**LARGER)
    try:
        changing(begun, "second")
        cause()
        output, _none = process.communicate(timeout=180)
    finally:
        process.kill()
        relay.cut()
    print(output)
    assert process.returncode == 2


def test_a_cluster_that_is_lost_before_its_wave_holds_up_all(begun, config):
    give(begun, "second", config, port=9)
    done = begun.run(**LARGER)
    assert (done.code, done.failed("second")) == (2, True)
    assert begun.specs("replicas") == {"first": 1, "second": 1}
    assert begun.phases() == {"first": "Pending", "second": "Pending"}
    give(begun, "second", config)
    assert begun.run(**LARGER).code == 0
    assert begun.specs("replicas") == {"first": 2, "second": 2}


def test_no_wave_begins_if_the_canary_refuses_the_change(begun, client, config, account):
    give(begun, "first", config, token=policies.token(client, account("get", "list", "watch")))
    begun.variables["mcp_max_fail_percentage"] = 50
    done = begun.run(**LARGER)
    assert (done.code, done.failed("first")) == (2, True)
    assert "The wave canary would fail on 1 of 1 clusters" in done.output
    assert begun.specs("replicas") == {"first": 1, "second": 1}


def test_half_of_the_clusters_of_a_wave_may_refuse(begun, client, config, account):
    give(begun, "second", config, token=policies.token(client, account("get", "list", "watch")))
    begun.variables.update(mcp_max_fail_percentage=50, mcp_waves=["clusters"])
    done = begun.run(**LARGER)
    assert (done.code, done.failed("first"), done.failed("second")) == (2, False, True)
    assert begun.specs("replicas") == {"first": 2, "second": 1}
    assert begun.phases() == {"first": "Validated", "second": "Pending"}
    give(begun, "second", config)
    assert begun.run(**LARGER).code == 0
    assert begun.specs("replicas") == {"first": 2, "second": 2}


@pytest.mark.parametrize("what", ["credentials", "connection"])
def test_what_ends_in_a_wave_is_rolled_back_by_the_next_run(begun, stand, client, config, account, tmp_path, what):
    relay = relay_to(config)
    path = account("*")
    give(begun, "second", config, port=relay.port, token=policies.token(client, path))
    causes = {
        "credentials": lambda: client.request("DELETE", path, what="delete a ServiceAccount"),
        "connection": relay.cut,
    }
    with_trouble(begun, stand, relay, causes[what])
    assert begun.phases() == {"first": "RolledBack", "second": "RollbackFailed"}
    assert begun.specs("replicas") == {"first": 1, "second": 2}
    # Another machine has other credentials.
    (tmp_path / "config").write_text(yaml.safe_dump(config), encoding="utf-8")
    other = begun.moved(tmp_path / "other", str(tmp_path / "config"))
    stand.held = set()
    assert other.run(**LARGER).code == 2, "a rollout that is rolled back has failed"
    assert other.phases() == {"first": "RolledBack", "second": "RolledBack"}
    assert other.specs("replicas") == {"first": 1, "second": 1}


def test_a_cluster_that_is_lost_after_its_wave_is_rolled_back_once_it_answers(begun, stand, config):
    relay = relay_to(config)
    give(begun, "first", config, port=relay.port)

    def lose():
        relay.cut()
        stand.bad, stand.held = {"second"}, set()

    with_trouble(begun, stand, relay, lose)
    assert begun.report()["second"]["message"].count("NOT_MCP")
    assert begun.phases() == {"first": "RollbackFailed", "second": "RolledBack"}
    assert begun.specs("replicas") == {"first": 2, "second": 1}
    give(begun, "first", config)
    stand.bad = set()
    begun.run(**LARGER)
    assert begun.phases() == {"first": "RolledBack", "second": "RolledBack"}
    assert begun.specs("replicas") == {"first": 1, "second": 1}


def test_a_second_run_is_refused_until_the_first_one_is_killed(begun, stand):
    stand.held = {"second"}
    process = begun.start(**LARGER)
    try:
        changing(begun, "second")
        done = begun.run(**LARGER)
        assert done.code == 2
        assert f"Another run uses the state file {begun.folder / 'state.json'}: process {process.pid} of" in done.output
        assert begun.phases() == {"first": "Validated", "second": "Changing"}
        assert begun.run("--check", **LARGER).code == 0
    finally:
        process.kill()
        process.communicate()
    stand.held = set()
    assert begun.run(**LARGER).code == 0
    assert begun.phases() == {"first": "Validated", "second": "Validated"}
