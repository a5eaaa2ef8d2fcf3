# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Controllers that replace the Pods of Deployments: Argo Rollouts and Flagger, as processes on the node."""

from __future__ import annotations

from pathlib import Path

from ..machine import go_build
from . import kinds
from .base import Cluster, Component

ARGO, FLAGGER = "argo-rollouts", "flagger"
_ARGO_HEALTH, _ARGO_METRICS, _FLAGGER_PORT = 8092, 8091, 8093


def prepare(cluster: Cluster) -> None:
    """Build what the cluster was asked for, and install its kinds."""
    if cluster.settings.argo_rollouts:
        go_build.ensure(go_build.ARGO_ROLLOUTS)
        _install_argo_kinds(cluster)
    if cluster.settings.flagger:
        go_build.ensure(go_build.FLAGGER)
        _install_flagger_kinds(cluster)


def components(cluster: Cluster) -> list[Component]:
    """Return those that the cluster was asked for."""
    found = []
    if cluster.settings.argo_rollouts:
        found.append(_argo_rollouts(cluster))
    if cluster.settings.flagger:
        found.append(_flagger(cluster))
    return found


def unwanted(cluster: Cluster) -> set[str]:
    """Return the names of those that the cluster was not asked for."""
    return {ARGO, FLAGGER} - {component.name for component in components(cluster)}


def _argo_rollouts(cluster: Cluster) -> Component:
    """Return Argo Rollouts."""
    return Component(
        ARGO,
        (
            str(go_build.ARGO_ROLLOUTS.output / "rollouts-controller"),
            f"--kubeconfig={cluster.locations.inner_kubeconfig}",
            "--leader-elect=false",
            f"--healthzPort={_ARGO_HEALTH}",
            f"--metricsPort={_ARGO_METRICS}",
        ),
        cluster.healthy(f"http://127.0.0.1:{_ARGO_HEALTH}/healthz"),
        seconds=5,
    )


def _flagger(cluster: Cluster) -> Component:
    """Return Flagger, which observes no metrics: the tests have webhooks."""
    return Component(
        FLAGGER,
        (
            str(go_build.FLAGGER.output / FLAGGER),
            f"-kubeconfig={cluster.locations.inner_kubeconfig}",
            "-mesh-provider=kubernetes",
            "-control-loop-interval=5s",
            "-metrics-server=http://127.0.0.1:9",
            f"-port={_FLAGGER_PORT}",
        ),
        cluster.healthy(f"http://127.0.0.1:{_FLAGGER_PORT}/healthz"),
        seconds=5,
    )


def _install_argo_kinds(cluster: Cluster) -> None:
    """Install the CustomResourceDefinitions of Argo Rollouts."""
    found = kinds.folder(go_build.ARGO_ROLLOUTS, go_build.ARGO_ROLLOUTS.requires) / "manifests" / "crds"
    names = ("rollouts", "analysistemplates", "analysisruns", "clusteranalysistemplates", "experiments")
    kinds.install(cluster, sorted(found.glob("*-crd.yaml")), [f"{name}.argoproj.io" for name in names])


def _install_flagger_kinds(cluster: Cluster) -> None:
    """Install the CustomResourceDefinitions of Flagger."""
    files: list[Path] = [
        kinds.folder(go_build.FLAGGER, go_build.FLAGGER.requires) / "artifacts" / "flagger" / "crd.yaml"
    ]
    kinds.install(cluster, files, [f"{name}.flagger.app" for name in ("canaries", "metrictemplates", "alertproviders")])
