# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job, pod_security
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.names import GATE
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec

from support.yaml_files import load_yaml

VECTORS = load_yaml(Path(__file__).parent / "pod_security_baseline.yaml")
# Since 1.35 the profile allows procMount: Unmasked with hostUsers: false, which clusters before 1.33 ignore.
STRICTER = {"v1.35/pass/procmount1.yaml"}


def template(metadata=None, **spec):
    return {"metadata": metadata or {}, "spec": {"automountServiceAccountToken": False, **spec}}


def paths(found):
    return [violation.path for violation in pod_security.violations(found)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["from"])
def test_kubernetes_fixtures_get_the_same_result(vector):
    allowed = "/pass/" in vector["from"] and vector["from"] not in STRICTER
    found = paths(template(vector.get("metadata"), **vector["spec"]))
    assert (found == []) is allowed, found


def test_no_fixture_is_missing():
    assert len(VECTORS) == 53
    assert {vector["from"] for vector in VECTORS} > STRICTER


def container(**fields):
    return template(containers=[{"name": "c", **fields}])


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (template(volumes=[{"name": "v", "hostPath": {}}]), "spec.volumes[v].hostPath"),
        (template(volumes=[{"name": "v", "gitRepo": {"repository": "x"}}]), "spec.volumes[v].gitRepo"),
        (template(volumes=[{"name": "v", "newKind": {}}]), "spec.volumes[v].newKind"),
        (template(nodeName="n"), "spec.nodeName"),
        (template(ephemeralContainers=[]), "spec.ephemeralContainers"),
        (template(newField=1), "spec.newField"),
        (template(HostNetwork=True), "spec.HostNetwork"),
        (template(hostNetwork="false"), "spec.hostNetwork"),
        (template(automountServiceAccountToken=True), "spec.automountServiceAccountToken"),
        (template(automountServiceAccountToken=None), "spec.automountServiceAccountToken"),
        (template(readinessGates=[{"conditionType": "theirs"}]), "spec.readinessGates[0].conditionType"),
        (template(securityContext=[]), "spec.securityContext"),
        (template(containers={"c": {}}), "spec.containers"),
        (template(containers=["text"]), "spec.containers[0]"),
        (container(securityContext={"privileged": 1}), "spec.containers[c].securityContext.privileged"),
        (
            container(securityContext={"seccompProfile": {}}),
            "spec.containers[c].securityContext.seccompProfile.type",
        ),
        (container(newField=True), "spec.containers[c].newField"),
        (container(ports=[{"name": "p", "hostPort": True}]), "spec.containers[c].ports[p].hostPort"),
        (
            container(lifecycle={"preStop": {"httpGet": {"host": "169.254.169.254"}}}),
            "spec.containers[c].lifecycle.preStop.httpGet.host",
        ),
        (
            template({"annotations": {"container.apparmor.security.beta.kubernetes.io/c": "unconfined"}}),
            "metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]",
        ),
        (template({"annotations": "text"}), "metadata.annotations"),
        (template({"finalizers": ["x"]}), "metadata.finalizers"),
    ],
)
def test_what_the_profile_and_the_allow_list_refuse(bad, path):
    assert paths(bad) == [path]
    with pytest.raises(ManifestError, match="is not allowed"):
        pod_security.check_template(bad)


def test_a_null_is_a_field_that_is_not_set():
    assert paths(template(volumes=[{"name": "v", "hostPath": None}], hostNetwork=None, securityContext=None)) == []


def test_the_message_names_the_first_part_and_counts_the_others():
    bad = template(hostPID=True, hostIPC=True, nodeName="n")
    with pytest.raises(ManifestError) as error:
        pod_security.check_template(bad)
    assert error.value.seen == (
        "spec.hostPID in the Pod template is not allowed: "
        'Pod Security "baseline" does not allow true (allowed: false). '
        "2 more fields are not allowed either."
    )


def test_one_other_part_is_not_counted_as_several():
    with pytest.raises(ManifestError) as error:
        pod_security.check_template(template(hostPID=True, hostIPC=True))
    assert error.value.seen.endswith(" One more field is not allowed either.")


def test_names_from_a_manifest_are_shortened_and_printable_in_the_message():
    bad = template(**{"\x1b[31m" + "x" * 500: 1})
    with pytest.raises(ManifestError) as error:
        pod_security.check_template(bad)
    assert error.value.seen.isprintable()
    assert len(error.value.seen) < 200


def test_the_gate_of_strict_mode_and_common_fields_are_allowed():
    allowed = template(
        {"labels": {"a": "b"}, "annotations": {"a": "b"}},
        readinessGates=[{"conditionType": GATE}],
        hostNetwork=False,
        runtimeClassName="gvisor",
        priorityClassName="high",
        shareProcessNamespace=True,
        securityContext={"runAsUser": 0, "supplementalGroups": [1], "seccompProfile": {"type": "Localhost"}},
        volumes=[{"name": "p", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}],
    )
    assert paths(allowed) == []


def test_the_pods_of_validation_jobs_are_allowed():
    server = {
        "metadata": {"name": "wiki", "namespace": "a", "uid": "u"},
        "spec": {"image": "w", "podTemplate": {"nodeSelector": {"a": "b"}, "tolerations": [{"operator": "Exists"}]}},
    }
    made = job.job(server, probe_spec(server), [(("uid", "c"), "10.0.0.1")], image="mcp-operator:1", attempt=1)
    assert paths(made["spec"]["template"]) == []
