# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``helm test`` of a release in a cluster, and other releases beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support import cluster, installed
from support.helm import CHART, NAMESPACE, RELEASE, WITH_IMAGE, Helm
from support.operator import IMAGE, alone, image

OTHER = "mcp-operator-other"
HERE, THERE = ("--namespace", NAMESPACE), ("--namespace", OTHER, "--create-namespace")
NAMED = (*WITH_IMAGE, "--set", "fullnameOverride=other", "--set", "crd.enable=false", "--set", "replicas=0")


@pytest.fixture
def helm(tmp_path, kubeconfig, client, crd) -> Iterator[Helm]:
    """Have the cluster's one place for an operator, and leave it empty."""
    with alone():
        installed.remove(client)
        helm = Helm(tmp_path, kubeconfig)
        yield helm
        helm.run("uninstall", "other", "--namespace", OTHER, "--wait")
        helm.run("uninstall", RELEASE, *HERE, "--wait")
        installed.remove(client)


# It starts an operator; the rendered objects are tested without a cluster.
@pytest.mark.test_all
def test_a_release_is_tested_and_others_do_not_collide_with_it(helm, namespace) -> None:
    cluster.load_images(IMAGE)
    repository, _, tag = image().rpartition(":")
    values = [f"image.repository={repository}", f"image.tag={tag}", f"watchNamespaces={{{namespace}}}"]
    options = [word for value in [*values, "image.pullPolicy=Never"] for word in ("--set", value)]
    helm("install", RELEASE, str(CHART), *HERE, "--create-namespace", "--take-ownership", "--wait", *options)
    assert "Phase:          Succeeded" in helm("test", RELEASE, *HERE, "--timeout", "120s")

    def refused(*more: str) -> str:
        done = helm.run("install", "other", str(CHART), *more)
        assert done.returncode != 0, "the chart accepts it"
        return done.stderr

    mine = f'The release "{RELEASE}" in the namespace "{NAMESPACE}"'
    same_name = refused(*THERE, *WITH_IMAGE, "--set", "crd.enable=false")
    assert mine in same_name
    assert "fullnameOverride" in same_name
    assert "same Lease" in refused(*HERE, *NAMED)
    assert "all namespaces" in refused(*THERE, *NAMED)
    assert f'watches the namespace "{namespace}"' in refused(
        *THERE, *NAMED, "--set", f"watchNamespaces={{{namespace}}}"
    )
    helm("install", "other", str(CHART), *THERE, *NAMED, "--set", "watchNamespaces={default}")
    helm("upgrade", RELEASE, str(CHART), *HERE, "--wait", "--reset-then-reuse-values")
    assert (
        "--reset-then-reuse-values"
        in helm.run("upgrade", RELEASE, str(CHART), *HERE, "--reuse-values", "--set", "extraObjects=null").stderr
    )
