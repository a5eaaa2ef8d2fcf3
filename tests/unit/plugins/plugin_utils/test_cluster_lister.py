# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
import socket
import time

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ConfigError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _cluster_lister
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import list_clusters
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import connections

from support.apiserver import api_server, mcpserver


@pytest.fixture
def api():
    with api_server() as server:
        server.servers = [mcpserver("wikipedia")]
        yield server


@pytest.fixture
def other():
    with api_server() as server:
        server.servers = [mcpserver("wikipedia", "team-b")]
        yield server


@pytest.fixture
def nobody():
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def to(api, **more):
    return {"host": getattr(api, "url", api), "api_key": f"for {getattr(api, 'url', api)}", **more}


def listed(*given, timeout=10.0):
    return list_clusters(connections(list(given)), timeout)


def test_an_mcpserver_is_kept_as_a_person_would_write_it(api):
    annotations = {"note": "{{ 7 * 7 }}", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    api.servers = [
        mcpserver("plain"),
        mcpserver(
            "rich",
            labels={"team": "a"},
            annotations=annotations,
            status={"phase": "Running"},
        ),
        mcpserver("going", deletionTimestamp="2026-11-22T10:00:00Z"),
    ]
    (cluster,) = listed(to(api))
    plain, rich, going = cluster.servers
    assert plain == {
        "manifest": {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": "plain", "namespace": "team-a"},
            "spec": {"image": "registry.example.com/server:1"},
        },
        "status": {},
        "generation": 1,
        "terminating": False,
        "created": "2026-11-22T10:00:00Z",
    }
    assert rich["manifest"]["metadata"]["labels"] == {"team": "a"}
    assert rich["manifest"]["metadata"]["annotations"] == {"note": "{{ 7 * 7 }}"}
    assert rich["status"] == {"phase": "Running"}
    assert going["terminating"] is True


def test_all_pages_are_read(api):
    api.page_size = 3
    api.servers = [mcpserver(f"server-{number}") for number in range(10)]
    (cluster,) = listed(to(api))
    assert [server["manifest"]["metadata"]["name"] for server in cluster.servers] == [f"server-{n}" for n in range(10)]
    assert len(api.asked) == 4


def test_only_what_was_asked_for_is_read(api):
    listed(to(api, namespaces=["a", "b"], label_selectors=["x=y", "z"]))
    assert [path for path, _query in api.asked] == ["/namespaces/a/mcpservers", "/namespaces/b/mcpservers"]
    assert {query["labelSelector"] for _path, query in api.asked} == {"x=y,z"}


def test_each_cluster_gets_its_own_credentials(api, other):
    listed(to(api), to(other))
    assert api.tokens == [f"Bearer for {api.url}"]
    assert other.tokens == [f"Bearer for {other.url}"]


def test_one_cluster_that_is_down_leaves_the_others_whole(api, nobody):
    down, up = listed(to(nobody, name="down"), to(api, name="up"))
    assert (down.name, down.error.code, down.servers) == ("down", "API_UNREACHABLE", [])
    assert (up.name, up.error, len(up.servers)) == ("up", None, 1)


def test_part_of_a_cluster_is_nothing_of_it(api, monkeypatch):
    seen = []

    def list_but_one(client, namespace, selector):
        seen.append(namespace)
        if len(seen) > 1:
            api.refusal = (403, "no")
        yield from real(client, namespace, selector)

    real = _cluster_lister._list
    monkeypatch.setattr(_cluster_lister, "_list", list_but_one)
    (cluster,) = listed(to(api, namespaces=["a", "b"]))
    assert cluster.error.code == "API_FORBIDDEN"
    assert cluster.servers == []


def test_a_cluster_that_drips_is_given_up_and_delays_no_other(api, other):
    api.hesitation = 0.2
    started = time.monotonic()
    slow, quick = listed(to(api, name="slow"), to(other, name="quick"), timeout=1.0)
    assert time.monotonic() - started < 3
    assert slow.error.code == "API_UNREACHABLE"
    assert "timeout" in slow.error.action
    assert quick.servers


def test_a_cluster_without_the_crd_says_so(api):
    api.refusal = (404, "404 page not found")
    (cluster,) = listed(to(api))
    assert cluster.error.code == "CRD_MISSING"


@pytest.mark.parametrize(
    ("given", "where"), [({}, "in all namespaces, or list the namespaces"), ({"namespaces": ["a"]}, "the namespace a.")]
)
def test_without_the_right_to_list_the_error_names_it(api, given, where):
    api.refusal = (403, "mcpservers is forbidden")
    (cluster,) = listed(to(api, **given))
    assert cluster.error.code == "API_FORBIDDEN"
    assert "list mcpservers (mcp.mcp-operator.io)" in cluster.error.action
    assert where in cluster.error.action


@pytest.mark.parametrize("name", ["a/b", "a b", "A", "", None, 5, "a\n", "{{ x }}", "a" * 300, "a,b", "a:b", "all[0]"])
def test_a_name_that_no_object_can_have_is_refused(api, name):
    api.servers = [mcpserver(name)]
    (cluster,) = listed(to(api))
    assert cluster.error is not None
    assert cluster.servers == []


def test_objects_of_another_shape_do_no_harm(api):
    broken = {**mcpserver("broken"), "spec": ["no", "mapping"], "status": "neither"}
    broken["metadata"].update(labels=None, annotations="text")
    api.servers = [broken]
    (cluster,) = listed(to(api))
    assert cluster.error is None
    assert cluster.servers[0]["manifest"]["spec"] == {}
    assert cluster.servers[0]["status"] == {}
    api.servers = [{"metadata": "none at all"}]
    assert listed(to(api))[0].error is not None


def test_an_error_of_ours_is_not_swallowed(api, monkeypatch):
    monkeypatch.setattr(_cluster_lister, "_kept", lambda _item: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        listed(to(api))


def kubeconfig(tmp_path, name, context, url):
    path = tmp_path / name
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {"token": "token-of-the-kubeconfig"}}],
        "contexts": [{"name": context, "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(config))
    return str(path)


def test_a_cluster_goes_by_its_context_unless_it_has_a_name(api, tmp_path):
    path = kubeconfig(tmp_path, "one", "arn:aws:eks:eu-1:1:cluster/prod", api.url)
    by_context, by_name = listed({"kubeconfig": path}, {"kubeconfig": path, "name": "eu"})
    assert by_context.name == "arn-aws-eks-eu-1-1-cluster-prod"
    assert by_context.context == "arn:aws:eks:eu-1:1:cluster/prod"
    assert (by_name.name, by_name.kubeconfig) == ("eu", path)
    assert (by_name.api_server, by_name.error) == (api.url, None)


def test_of_several_kubeconfigs_hosts_get_that_of_their_context(api, other, tmp_path):
    """Both have a user of the same name, and modules of kubernetes.core would use that of the first file."""
    first, second = (kubeconfig(tmp_path, name, name, each.url) for name, each in (("one", api), ("two", other)))
    joined = os.pathsep.join([first, second])
    found = listed({"kubeconfig": joined, "context": "one"}, {"kubeconfig": joined, "context": "two"})
    assert [(one.kubeconfig, one.context) for one in found] == [(first, "one"), (second, "two")]


def test_a_cluster_without_context_goes_by_its_address(api):
    (cluster,) = listed(to(api))
    assert cluster.name == api.url.removeprefix("http://").replace(":", "-")
    assert (cluster.kubeconfig, cluster.context) == ("", "")


def test_credentials_in_the_address_are_not_told(api):
    (cluster,) = listed(to(api.url.replace("//", "//user:s3cret@")))
    assert cluster.api_server == api.url
    assert "s3cret" not in repr(cluster)


def test_two_clusters_of_one_name_are_refused(api, other, tmp_path):
    first, second = (kubeconfig(tmp_path, str(n), "default", each.url) for n, each in enumerate((api, other)))
    with pytest.raises(ConfigError, match="Two clusters are named default") as caught:
        listed({"kubeconfig": first}, {"kubeconfig": second})
    assert caught.value.code == "CONNECTIONS_INVALID"
    assert [cluster.name for cluster in listed({"kubeconfig": first}, {"kubeconfig": second, "name": "b"})] == [
        "default",
        "b",
    ]


def test_two_connections_to_one_cluster_may_share_its_name(api):
    both = listed(to(api, name="eu", namespaces=["a"]), to(api, name="eu", namespaces=["b"]))
    assert [cluster.name for cluster in both] == ["eu", "eu"]


def test_a_kubeconfig_that_cannot_be_read_goes_by_what_is_known(api):
    missing, named, good = listed({"kubeconfig": "/nonexistent"}, {"kubeconfig": "/nonexistent", "name": "eu"}, to(api))
    assert (missing.name, missing.error.code) == ("connection 1", "KUBECONFIG_INVALID")
    assert (named.name, named.error.code) == ("eu", "KUBECONFIG_INVALID")
    assert good.error is None
