# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The testbed: one real node, from nothing to Ready, and back to nothing."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, replace
from typing import Any

from . import addresses, kubeconfig, programs
from .api import Api, Manifest
from .certificates import Certificates, leaves
from .components import (
    cert_manager,
    contour,
    control_plane,
    dns,
    kwok,
    metrics_server,
    network_policies,
    node,
    rollouts,
)
from .components.base import Cluster, Component, Settings
from .components.door import choose_port, door, ports_of_others
from .errors import ClusterError
from .images.single import write_archive
from .images.store import ImageStore
from .locations import Locations
from .machine import go_build, kernel, mounts, packages, wheels
from .machine.cgroups import ControlGroup
from .machine.lock import exclusive
from .machine.netns import NetworkNamespace
from .machine.processes import Ledger, fingerprint
from .machine.shell import search_path
from .progress import say
from .readiness import wait_for_default_account, wait_for_node, wait_for_pods
from .supervisor import Supervisor

UP_TIMEOUT, PORT_TIMEOUT = 3600.0, 30.0

_USERS = (
    "kubelet-client",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "coredns",
    "kwok",
    metrics_server.USER,
    cert_manager.NAME,
)

_KUBELET_ACCESS: Manifest = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "kube-apiserver-kubelet-client"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:kubelet-api-admin"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "kube-apiserver-kubelet-client"}],
}


class SingleNode:
    def __init__(self, name: str) -> None:
        self.locations = Locations.of(name)
        self.namespace = NetworkNamespace(name)
        self.ledger = Ledger(self.locations.processes)

    @property
    def group(self) -> ControlGroup:
        return ControlGroup(self.locations.name)

    # --- up

    def up(self, **asked: bool | str | None) -> None:
        """Bring the cluster up.

        :param asked: fields of `Settings`; None leaves one as an earlier `up` chose it.
        """
        if reason := packages.unsupported():
            raise ClusterError(f"The testbed cannot run here: {reason}.", advice=ALTERNATIVES)
        packages.ensure_tools()
        programs.ensure(str(asked.get("kubernetes") or self.settings().kubernetes))
        with exclusive(self.locations.lock, f"the cluster {self.locations.name}", UP_TIMEOUT):
            began = time.monotonic()
            holder = self._ground()
            cluster = self.cluster(self._choose(**asked))
            programs.ensure(cluster.settings.kubernetes)  # another one, if what an earlier `up` chose was cleared away
            started = self._start(cluster, holder)
        if started:
            say(f"{cluster.name} is up after {time.monotonic() - began:.0f} s: started {', '.join(started)}")
        else:
            say(f"{cluster.name} is up already")

    def _ground(self) -> int:
        """The namespaces and the control group under everything; whatever stands without them is cleared away first."""
        holder = self.ledger.running(mounts.HOLDER)
        if holder is not None and mounts.ready(holder.pid) and self.namespace.complete():
            return holder.pid
        if self.locations.root.exists() or self.namespace.path.exists() or self.group.members():
            say("Clearing away what an earlier run has left")
            self._clear()
        self.locations.root.mkdir(parents=True, mode=0o700)
        kernel.raise_limits()
        self.group.create()
        self.namespace.create(addresses.NODE)
        resolver = self.locations.config / "resolv.conf"
        kubeconfig.write(resolver, f"nameserver {addresses.NODE}\n")
        command = mounts.holder_command(node.binds(self.cluster(Settings())), resolver)
        process = self.ledger.start(
            mounts.HOLDER,
            command,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
            log=self.locations.logs / f"{mounts.HOLDER}.log",
            fingerprint=fingerprint(*command),
            group=self.group.daemons,
        )
        deadline = time.monotonic() + 20
        while not mounts.ready(process.pid):
            if self.ledger.running(mounts.HOLDER) is None or time.monotonic() > deadline:
                log = self.locations.logs / f"{mounts.HOLDER}.log"
                raise ClusterError(
                    "The mount namespace cannot be made.",
                    details=log.read_text(encoding="utf-8", errors="replace")[-1000:],
                    advice="In a container this needs --privileged. " + ALTERNATIVES,
                )
            time.sleep(0.05)
        return process.pid

    def settings(self) -> Settings:
        try:
            return Settings(**json.loads(self.locations.settings.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Settings()

    def save(self, settings: Settings) -> None:
        kubeconfig.write(self.locations.settings, json.dumps(asdict(settings), indent=2) + "\n")

    def _choose(self, **asked: Any) -> Settings:
        kept = self.settings()
        chosen = replace(kept, **{name: value for name, value in asked.items() if value is not None})
        chosen = replace(chosen, etcd=programs.etcd_version())
        if self.locations.etcd.exists():
            programs.require_same(self.locations.name, kept, chosen)
        with exclusive(self.locations.root.with_name(".ports.lock"), "another testbed", PORT_TIMEOUT):
            if self.ledger.running("door") is None:
                preferred = chosen.door_port or addresses.DOOR_PORT
                chosen = replace(chosen, door_port=choose_port(preferred, ports_of_others(self.locations)))
            self.save(chosen)
        return chosen

    def cluster(self, settings: Settings | None = None) -> Cluster:
        chosen = settings or self.settings()
        found, certificates = programs.of(chosen.kubernetes), Certificates(self.locations.pki)
        return Cluster(self.locations, self.namespace, self.group, certificates, found, chosen)

    def _start(self, cluster: Cluster, holder: int) -> list[str]:
        cluster.certificates.ensure(leaves(cluster.name, addresses.NODE, addresses.KUBERNETES_SERVICE))
        self._write_kubeconfigs(cluster)
        supervisor = Supervisor(cluster, holder)
        supervisor.ensure(control_plane.etcd(cluster), node.containerd(cluster, holder))
        supervisor.ensure(control_plane.apiserver(cluster), door(cluster))
        api = Api(self.namespace, cluster.certificates)
        for manifest in (_KUBELET_ACCESS, *dns.manifests()):
            api.apply(manifest)
        self._load_pause(cluster, holder)
        supervisor.ensure(
            control_plane.controller_manager(cluster),
            control_plane.scheduler(cluster),
            node.kubelet(cluster),
            dns.coredns(cluster),
        )
        wait_for_node(api, cluster.name, self.locations.logs / "kubelet.log")
        if "kubelet" in supervisor.started:
            wait_for_pods(api, cluster.name)
        supervisor.ensure(node.kube_proxy(cluster))
        wait_for_default_account(api)
        if cluster.settings.kwok:
            supervisor.ensure(kwok.kwok(cluster))
        if cluster.settings.metrics:
            go_build.ensure(go_build.METRICS_SERVER)
            for manifest in metrics_server.manifests():
                api.apply(manifest)
            supervisor.ensure(metrics_server.metrics_server(cluster))
        if cluster.settings.network_policies:
            go_build.ensure(go_build.NETWORK_POLICIES)
            for manifest in network_policies.manifests():
                api.apply(manifest)
            network_policies.write_token(cluster, api)
            supervisor.ensure(network_policies.network_policies(cluster))
        if cluster.settings.cert_manager:
            go_build.ensure(go_build.CERT_MANAGER)
            cert_manager.install_kinds(api)
            supervisor.ensure(cert_manager.cert_manager(cluster))
        self._start_contour(cluster, supervisor)
        rollouts.prepare(cluster)
        supervisor.ensure(*rollouts.components(cluster))
        self.ledger.stop([name for name in rollouts.unwanted(cluster) if self.ledger.running(name)], grace=5)
        return supervisor.started

    def _start_contour(self, cluster: Cluster, supervisor: Supervisor) -> None:
        """Serve the Gateway, or stop to: other tests have kinds of their own in place of those of the Gateway API."""
        if cluster.settings.contour:
            go_build.ensure(go_build.CONTOUR)
            wheels.ensure_envoy()
            contour.apply_objects(cluster)
            supervisor.ensure(contour.contour(cluster), contour.envoy(cluster))
        elif self.ledger.running("contour"):
            self.ledger.stop(["envoy", "contour"], grace=5)
            contour.delete_kinds(cluster)

    def _write_kubeconfigs(self, cluster: Cluster) -> None:
        inner = f"https://{addresses.NODE}:{addresses.API_PORT}"
        outer = f"https://127.0.0.1:{cluster.settings.door_port}"
        for user in _USERS:
            kubeconfig.write(
                cluster.kubeconfig_of(user), kubeconfig.render(cluster.name, inner, user, cluster.certificates)
            )
        for path, server in ((self.locations.kubeconfig, outer), (self.locations.inner_kubeconfig, inner)):
            kubeconfig.write(path, kubeconfig.render(cluster.name, server, "admin", cluster.certificates))

    def _load_pause(self, cluster: Cluster, holder: int) -> None:
        archive = self.locations.config / "pause.tar"
        write_archive(go_build.PAUSE.output / "pause", archive)
        self.images(cluster, holder).load(archive, quiet=True)

    # --- while it is up

    def holder(self) -> int:
        process = self.ledger.running(mounts.HOLDER)
        if process is None:
            raise ClusterError(f"{self.locations.name} is not up.", advice="Bring it up with: python3 tests/cluster up")
        return process.pid

    def images(self, cluster: Cluster, holder: int) -> ImageStore:
        return ImageStore(node.ctr_command(cluster, holder))

    def components(self, cluster: Cluster, holder: int) -> list[Component]:
        listed = [
            control_plane.etcd(cluster),
            control_plane.apiserver(cluster),
            control_plane.controller_manager(cluster),
            control_plane.scheduler(cluster),
            node.containerd(cluster, holder),
            node.kubelet(cluster),
            node.kube_proxy(cluster),
            dns.coredns(cluster),
            door(cluster),
        ]
        if cluster.settings.kwok:
            listed.append(kwok.kwok(cluster))
        if cluster.settings.metrics:
            listed.append(metrics_server.metrics_server(cluster))
        if cluster.settings.network_policies:
            listed.append(network_policies.network_policies(cluster))
        if cluster.settings.cert_manager:
            listed.append(cert_manager.cert_manager(cluster))
        if cluster.settings.contour:
            listed += [contour.contour(cluster), contour.envoy(cluster)]
        return listed + rollouts.components(cluster)

    def enter(self, command: list[str]) -> None:
        """Become a command inside the network namespace."""
        self.holder()
        environment = {**os.environ, "KUBECONFIG": str(self.locations.inner_kubeconfig)}
        environment["PATH"] = f"{search_path()}:{go_build.KUBERNETES.output}"
        # Not `ip netns exec`: that mounts a new /sys, in which there are no control groups.
        os.execvpe("nsenter", ["nsenter", f"--net={self.namespace.path}", "--", *command], environment)

    # --- down

    def down(self) -> bool:
        """Whether there was anything to take down."""
        with exclusive(self.locations.lock, f"the cluster {self.locations.name}", UP_TIMEOUT):
            if not (self.locations.root.exists() or self.namespace.path.exists() or self.group.members()):
                return False
            self._clear()
        return True

    def _clear(self) -> None:
        # At once and without asking: nothing of it is to be kept. First whom we recorded, then whoever they have left
        # behind.
        self.ledger.stop(self.ledger.names(), grace=0)
        group = self.group
        group.kill()
        group.remove()
        if self.locations.root.exists():
            # Safe: the mounts below it went away with the mount namespace.
            shutil.rmtree(self.locations.root)
        self.namespace.delete()


ALTERNATIVES = (
    "Instead, set MCP_TEST_KUBECONFIG to the kubeconfig of a cluster that may be used for tests, "
    "or install Docker and kind (https://kind.sigs.k8s.io)."
)
