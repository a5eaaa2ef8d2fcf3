# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command ``mcp-operator status``."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import yaml
from mcp_operator._vendor._kube.errors import ApiForbidden, ApiNotFound, ApiUnreachable
from mcp_operator.cli import status as module
from mcp_operator.cli.main import main

READY = {"type": "Ready", "status": "True"}
GOOD = {
    "phase": "Running",
    "message": "MCPServer is running.",
    "replicas": 2,
    "readyReplicas": 2,
    "conditions": [READY],
    "validation": {
        "state": "Validated",
        "protocol": "sse",
        "protocolVersion": "2024-11-05",
        "capabilities": ["tools", "prompts"],
    },
}
BAD = {
    "phase": "Running",
    "message": "Validation failed: HTML came back.",
    "conditions": [READY],
    "validation": {
        "state": "Failed",
        "issues": [{"level": "error", "code": "NOT_MCP", "message": "\x1b[2J<html>[bold]"}],
    },
}


def server(name, status, namespace="team"):
    meta = {"name": name, "namespace": namespace, "creationTimestamp": "2020-01-01T00:00:00Z", "generation": 1}
    return {"metadata": meta, "spec": {"image": "i"}, "status": {"observedGeneration": 1, **(status or {})}}


@pytest.fixture
def show(monkeypatch, capsys):
    """Run the command; each context has MCPServers or raises an error."""

    def run(clusters, *arguments, leases={}, namespace=None):  # noqa: B006 - it is only read
        asked = []

        class Client:
            def __init__(self, options, *, timeout):
                assert timeout <= 20
                self.context = options["context"]

            def list(self, _version, kind, namespace):
                asked.append((self.context, kind, namespace))
                found = clusters[self.context]
                if isinstance(found, Exception):
                    raise found
                yield from found

            def request(self, _method, path, *, what):
                assert (path, what) == ("/api/v1/namespaces/team", "read namespace team")
                if isinstance(namespace, Exception):
                    raise namespace
                return {"metadata": {"name": "team"}}

            def find(self, _version, kind, _namespace, _name):
                assert kind == "Lease"
                return leases.get(self.context)

        monkeypatch.setattr(module, "Client", Client)
        code = main(["status", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err, asked

    return run


@pytest.mark.parametrize("watched", [None, "", "other,team", "other"])
def test_an_mcpserver_that_no_operator_manages_is_named(show, watched):
    renewed = dt.datetime.now(dt.UTC).isoformat()
    spec = {"holderIdentity": "one", "renewTime": renewed, "leaseDurationSeconds": 15}
    annotations = {"mcp.mcp-operator.io/watched-namespaces": watched}
    lease = {"metadata": {"annotations": annotations}, "spec": spec} if watched is not None else None
    code, out, *_rest = show({None: [server("wiki", {"observedGeneration": -1})]}, leases={None: lease})
    named = "No operator in the namespace mcp-operator-system manages the namespace team." in out
    assert (code, named) == (1, watched in (None, "other"))


def test_a_healthy_fleet(show):
    code, out, err, asked = show({None: [server("wiki", GOOD)]})
    assert (code, err, asked) == (0, "", [(None, "MCPServer", None)])
    header, row = out.splitlines()[:2]
    assert header.split() == ["NAME", "PHASE", "READY", "PROTOCOL", "VERSION", "VALIDATION", "CAPABILITIES", "AGE"]
    assert row.split()[:7] == ["wiki", "Running", "2/2", "sse", "2024-11-05", "Validated", "tools"]
    assert "1 of 1 MCPServers are healthy." in out


def test_an_unhealthy_server_has_its_message_and_the_next_steps(show):
    code, out, _err, _asked = show({None: [server("wiki", GOOD), server("web", BAD, "other")]}, "--namespace", "x")
    assert code == 1
    assert "NAMESPACE" in out
    assert "other/web: Validation failed: HTML came back." in out
    assert "-> NOT_MCP: Check host, port and path" in out
    assert "kubectl -n other describe mcpserver web" in out
    assert "1 of 2 MCPServers are healthy." in out


def test_the_certificate_of_the_server_is_to_be_corrected_and_not_the_options_of_the_validator(show):
    issue = {"level": "error", "code": "TLS_VERIFY_FAILED", "message": "certificate has expired"}
    condition = {"type": "CertificateReady", "status": "False", "reason": "VerificationFailed", "message": "Renew it."}
    status = {**BAD, "validation": {**BAD["validation"], "issues": [issue]}, "conditions": [condition]}
    out = show({None: [server("web", status)]})[1]
    assert "error TLS_VERIFY_FAILED: certificate has expired" in out
    assert "-> CertificateReady: Renew it." in out
    assert "ca_cert" not in out
    assert "ca_cert" in show({None: [server("web", {**status, "conditions": []})]})[1]


def test_a_server_s_text_neither_controls_the_terminal_nor_is_markup(show):
    out = show({None: [server("web", BAD)]})[1]
    assert "\x1b" not in out
    assert "[bold]" in out


@pytest.mark.parametrize("status", [None, {}, {"phase": "Creating"}, {"conditions": None, "validation": None}])
def test_a_server_without_a_complete_status_is_unhealthy(show, status):
    code, out, _err, _asked = show({None: [server("new", status)]})
    assert code == 1
    assert "Pending" in out


@pytest.mark.parametrize("contexts", [["--context", "a", "--context", "b", "--context", "c"], ["--contexts", "a, b,c"]])
def test_one_of_several_clusters_does_not_answer(show, contexts):
    clusters = {"a": [server("wiki", GOOD)], "b": ApiUnreachable("No route.", "Mend it."), "c": [server("wiki", GOOD)]}
    code, out, err, _asked = show(clusters, *contexts)
    assert code == 2
    rows = [line.split() for line in out.splitlines()]
    assert rows[0][:3] == ["CLUSTER", "NAME", "PHASE"]
    assert [row[:3] for row in rows[1:4]] == [
        ["a", "wiki", "Running"],
        ["c", "wiki", "Running"],
        ["b", "-", "Unreachable"],
    ]
    assert "2 of 2 MCPServers are healthy. 2 of 3 clusters were read." in out
    assert "cluster b: No route." in err


def test_json_for_programs(show):
    code, out, _err, _asked = show({None: [server("web", BAD)]}, "--output", "json")
    found = json.loads(out)
    assert code == 1
    [entry] = found["servers"]
    assert (entry["name"], entry["healthy"], entry["validation"]) == ("web", False, "Failed")
    assert entry["issues"][0]["action"]
    assert found["unreachable"] == {}


def test_yaml_for_programs(show):
    code, out, _err, _asked = show(
        {"a": [server("web", BAD)], "b": ApiUnreachable("No.")}, "--contexts=a,b", "-o", "yaml"
    )
    found = yaml.safe_load(out)
    assert code == 2
    assert [(one["cluster"], one["name"]) for one in found["servers"]] == [("a", "web")]
    assert found["unreachable"] == {"b": "No. [API_UNREACHABLE]"}


def test_of_one_cluster_that_has_no_mcpservers_the_column_is_shown(show):
    code, out, _err, _asked = show({"a": [server("web", BAD)], "b": []}, "--contexts=a,b")
    assert code == 1
    assert out.splitlines()[0].startswith("CLUSTER")
    assert "\na team/web: Validation failed: HTML came back." in out


def test_all_contexts_of_the_kubeconfigs(show, tmp_path):
    contexts = [{"name": name, "context": {"cluster": name, "user": "admin"}} for name in ("a", "b")]
    (tmp_path / "config").write_text(yaml.safe_dump({"contexts": contexts}))
    clusters = {"a": [server("wiki", GOOD)], "b": [server("wiki", GOOD)]}
    code, out, _err, asked = show(clusters, "--all-contexts", "--kubeconfig", str(tmp_path / "config"))
    assert (code, sorted(context for context, _kind, _namespace in asked)) == (0, ["a", "b"])
    assert "2 of 2 clusters were read." in out


@pytest.mark.parametrize(
    "arguments", [["--all-contexts", "--context=a"], ["--contexts=,"], ["--all-contexts", "--contexts=a"]]
)
def test_options_that_contradict_each_other(show, arguments):
    assert show({"a": []}, *arguments)[0] == 2


def test_an_empty_fleet(show):
    assert show({None: []})[:2] == (0, "There are no MCPServers.\n")


@pytest.mark.parametrize("arguments", [[], ["--output", "json"], ["--migration"]])
def test_a_namespace_that_does_not_exist_is_not_an_empty_one(show, arguments):
    missing = ApiNotFound('namespaces "team" not found')
    code, out, err, _asked = show({None: []}, "--namespace", "team", *arguments, namespace=missing)
    assert code == 2
    assert "There are no MCPServers" not in out
    assert "There is no namespace team. Check the namespace and the context." in (err or out)


@pytest.mark.parametrize("namespace", [None, ApiForbidden("namespaces is forbidden")])
def test_a_namespace_without_mcpservers_may_be_unreadable(show, namespace):
    for arguments in ([], ["--migration"]):
        shown = show({None: []}, "--namespace", "team", *arguments, namespace=namespace)
        assert shown[:2] == (0, "There are no MCPServers in the namespace team.\n")


@pytest.mark.parametrize(
    ("reason", "strict", "said"),
    [
        ("ReadyUnvalidated", None, "Clients still reach it: spec.validation.strictMode is not true."),
        ("ReadyUnvalidated", True, "Clients still reach it.\n"),
        ("DeploymentReady", None, ""),
    ],
)
def test_a_server_that_failed_and_still_serves_is_said_to(show, reason, strict, said):
    found = server("web", {**BAD, "conditions": [{**READY, "reason": reason}]})
    found["spec"]["validation"] = {"strictMode": strict}
    out = show({None: [found]})[1]
    assert said in out
    assert ("Clients still reach it" in out) is bool(said)


@pytest.mark.parametrize("arguments", [[], ["--output", "json"]])
def test_a_cluster_that_does_not_answer_is_not_an_empty_fleet(show, arguments):
    code, out, err, _asked = show({None: ApiUnreachable("No route.", "Mend it.")}, *arguments)
    assert code == 2
    assert "There are no MCPServers" not in out
    assert ("No route. Mend it." in err) or json.loads(out)["unreachable"] == {
        "current": "No route. Mend it. [API_UNREACHABLE]"
    }


def test_a_cluster_without_the_crd_is_not_an_empty_fleet(show):
    code, out, err, _asked = show({None: ApiNotFound("404 page not found")})
    assert (code, out) == (2, "")
    assert "The CustomResourceDefinition of MCPServers is not installed." in err


def test_a_cluster_given_twice(show):
    code, _out, err, _asked = show({"a": []}, "--context", "a", "--context", "a")
    assert code == 2
    assert "twice" in err
