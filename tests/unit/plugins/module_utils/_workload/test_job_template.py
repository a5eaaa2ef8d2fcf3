# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job, job_template
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec

SERVER = {
    "metadata": {"name": "wiki", "namespace": "a", "uid": "u"},
    "spec": {"image": "w", "podTemplate": {"tolerations": [{"operator": "Exists"}]}},
}
SPEC = probe_spec(SERVER)
JOB = job.job(SERVER, SPEC, [(("pod", "c1"), "10.0.0.1"), (("gone", "c"), "10.0.0.2")], image="o:1", attempt=7)
ADDRESSES = {("pod", "c1"): "10.0.0.1"}
WANTED = JOB["spec"]["template"]


@pytest.fixture
def found():
    """A template as an API server returns it."""
    made = copy.deepcopy(WANTED)
    made["metadata"]["creationTimestamp"] = None
    for label in ("job-name", "controller-uid", "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid"):
        made["metadata"]["labels"][label] = "x"
    made["spec"] |= {
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30,
        "serviceAccount": "wiki-validate",
    }
    made["spec"]["containers"][0] |= {"imagePullPolicy": "IfNotPresent", "terminationMessagePolicy": "File"}
    return made


def container(found):
    return found["spec"]["containers"][0]


def test_defaults_make_no_difference(found):
    assert job_template.matches(found, WANTED)
    assert job_template.matches(WANTED, WANTED)


CHANGES = {
    "another image": lambda found: container(found).update(image="o:2"),
    "a command": lambda found: container(found).update(command=["sh"]),
    "another argument": lambda found: container(found)["args"].__setitem__(2, "yaml"),
    "one more argument": lambda found: container(found)["args"].append("http://10.0.0.3"),
    "an environment": lambda found: container(found).update(env=[{"name": "PYTHONPATH", "value": "/x"}]),
    "a mount": lambda found: container(found).update(volumeMounts=[{"name": "a", "mountPath": "/a"}]),
    "a volume": lambda found: found["spec"].update(volumes=[{"name": "a", "emptyDir": {}}]),
    "one more container": lambda found: found["spec"]["containers"].append({"name": "b", "image": "b"}),
    "an init container": lambda found: found["spec"].update(initContainers=[{"name": "b", "image": "b"}]),
    "host aliases": lambda found: found["spec"].update(hostAliases=[{"ip": "10.0.0.9", "hostnames": ["a"]}]),
    "the network of the node": lambda found: found["spec"].update(hostNetwork=True),
    "another DNS policy": lambda found: found["spec"].update(dnsPolicy="None"),
    "a DNS configuration": lambda found: found["spec"].update(dnsConfig={"nameservers": ["10.0.0.9"]}),
    "another message": lambda found: container(found).update(terminationMessagePolicy="FallbackToLogsOnError"),
    "another account": lambda found: found["spec"].update(serviceAccountName="b", serviceAccount="b"),
    "a token": lambda found: found["spec"].update(automountServiceAccountToken=True),
    "a number for a boolean": lambda found: found["spec"].update(automountServiceAccountToken=0),
    "no security context": lambda found: container(found).pop("securityContext"),
    "another label": lambda found: found["metadata"]["labels"].update(app="wiki"),
    "another annotation": lambda found: found["metadata"]["annotations"].update(a="b"),
    "no containers": lambda found: found["spec"].update(containers=None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_everything_else_does(found, name):
    CHANGES[name](found)
    assert not job_template.matches(found, WANTED)


def is_ours(found, addresses=None, **spec):
    whole = {"metadata": {}, "spec": {"template": found, **spec}}
    return job.is_ours(whole, SERVER, SPEC, addresses or ADDRESSES, "o:1")


def test_a_job_is_recognized_without_anything_that_was_remembered(found):
    assert is_ours(found)
    assert is_ours(WANTED)


def test_a_job_that_takes_over_the_pods_of_a_selector_is_not_ours(found):
    assert not is_ours(found, manualSelector=True)


def test_the_containers_and_the_addresses_belong_together(found):
    assert not is_ours(found, {("pod", "c1"): "10.0.0.3"})
    container(found)["args"][-2:] = reversed(container(found)["args"][-2:])
    assert not is_ours(found)


@pytest.mark.parametrize(
    "template",
    [None, {}, {"spec": {"containers": [{"args": 1}]}}, {"spec": {"containers": []}}, {"spec": {"containers": [{}]}}],
)
def test_what_is_no_template_is_not_ours(template):
    assert not is_ours(template)
