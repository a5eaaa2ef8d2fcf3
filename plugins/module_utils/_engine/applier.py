# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Apply the workload of one MCPServer: render its objects, write those that differ, delete those no longer wanted.

The rules are the same wherever they run. What is known of the cluster before a write is a :class:`.WorkloadState`:
:class:`.LiveState` reads each object first, :class:`.RememberedState` trusts what an informer and the last run know.
"""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiForbidden, ApiInvalid, ApiNotFound, KubeError
from .._workload import canary, canary_traffic, exposure, gate, names, network, route_sessions, scaling
from .._workload.objects import (
    AUTOSCALER,
    BACKEND_TLS_POLICY,
    CERTIFICATE,
    DOMAIN_POLICY,
    HTTP_ROUTE,
    MCP_ROUTE,
    NETWORK_POLICY,
    OBJECTS,
    OPTIONAL,
    REGISTRATION,
    fingerprint,
)
from . import flagger_names
from .config_hash import config_hash
from .replicas import adopt
from .revision_history import RevisionHistory
from .running_images import with_running_images
from .served_kinds import ServedKinds

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .network_default import NetworkDefault
    from .workload_state import Item, WorkloadState


# Short: the result of a run has little room for warnings.
# The kinds that are applied if the cluster has them, with what is said if it has not, and without the permission.
_IF_SERVED = {
    DOMAIN_POLICY: (
        "spec.network.egress.domains allows nothing: the cluster has no CiliumNetworkPolicies. Use cidrs.",
        "spec.network.egress.domains allows nothing: set the chart's value cilium.enable to true.",
    ),
    REGISTRATION: (
        "spec.expose.kuadrant has no effect: the cluster has no MCPServerRegistrations (mcp.kuadrant.io/v1).",
        "spec.expose.kuadrant has no effect: set the chart's value kuadrant.enable to true.",
    ),
    MCP_ROUTE: (
        "spec.expose.envoyAIGateway has no effect: no MCPRoutes (aigateway.envoyproxy.io/v1beta1).",
        "spec.expose.envoyAIGateway has no effect: set the chart's value envoyAIGateway.enable to true.",
    ),
}


class _Needs(t.NamedTuple):
    """What a field needs whose kind a cluster need not have, and what to do without it."""

    field: str
    product: str
    install: str
    permit: str


_GATEWAY = _Needs(
    "spec.expose",
    "the Gateway API",
    "Install the Gateway API and a controller for it, or remove spec.expose.",
    "Set the chart's value gatewayAPI.enable to true, or remove spec.expose.",
)
_NEEDS = {
    CERTIFICATE: _Needs(
        "spec.tls.issuerRef",
        "cert-manager",
        "Install cert-manager, or set spec.tls.secretName to a Secret with a certificate.",
        "Set the chart's value certManager.enable to true, or spec.tls.secretName to a Secret with a certificate.",
    ),
    HTTP_ROUTE: _GATEWAY,
    BACKEND_TLS_POLICY: _GATEWAY,
}
_ROUTES = (HTTP_ROUTE, BACKEND_TLS_POLICY, REGISTRATION, MCP_ROUTE)


class Renderer(t.Protocol):
    """Renders the objects of an MCPServer, in the order in which they are to be applied."""

    default_images: t.Sequence[str]  # of the sidecar, in this version

    def render(
        self,
        server: t.Mapping[str, t.Any],
        default_resources: t.Optional[t.Mapping[str, t.Any]] = None,
        *,
        gated: bool = False,
        config_hash: t.Optional[t.Callable[[t.Mapping[str, t.Any]], str]] = None,
        network_default: t.Optional[str] = None,
    ) -> list[dict[str, t.Any]]:
        """Return the manifests."""


class Applier:
    """Applies workloads. Thread-safe.

    :param default_resources: requests and limits for MCPServers that set none.
    :param gated: an operator sets the readiness gates of strict mode, so Pod templates get them.
    :param network_default: whether MCPServers that do not say get a NetworkPolicy; None for the renderer's settings.
    """

    def __init__(
        self,
        client: Client,
        renderer: Renderer,
        default_resources: t.Optional[t.Mapping[str, t.Any]] = None,
        *,
        gated: bool = False,
        network_default: t.Optional[NetworkDefault] = None,
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._resources = default_resources
        self._gated = gated
        self._network_default = network_default
        self._history = RevisionHistory(client)
        self._kinds = ServedKinds(client)

    def present(self, server: Item, state: WorkloadState) -> str:
        """Apply the objects of an MCPServer.

        :param server: with the ``status`` that rendering may use; empty where none is to be used.
        :return: the fingerprint of the Pod template that was applied.
        :raises McpKubernetesError: an object could not be applied; those before it are.
        """
        flagger_names.check(self._client, server)
        obsolete: dict[str, t.Optional[Item]] = {}
        if scaling.hpa(server["spec"]) is None:
            # Before the autoscaler goes, its number of replicas becomes the MCPServer's.
            obsolete[AUTOSCALER] = state.find_owned(_optional(server)[AUTOSCALER], server)
            if obsolete[AUTOSCALER] and not state.dry_run:
                server = {**adopt(self._client, server), "status": server["status"]}
        children = with_running_images(self._client, self._renderer.default_images, self._render(server), server, state)
        if self._gated and gate.wanted(server):
            children = self._settle(children, server, state)
        wanted = {child["kind"] for child in children}
        state.warnings += network.warnings(server["spec"], is_isolated=NETWORK_POLICY in wanted)
        for kind, item in _optional(server).items():
            if kind not in wanted and not _is_kept(kind, server):
                found = obsolete[kind] if kind in obsolete else self._find_owned(item, server, state)
                if found is not None:
                    state.delete(found)
        for child in children:
            self._apply(child, server, state)
        if not any(child["metadata"]["name"] == names.canary(server["metadata"]["name"]) for child in children):
            # Last, so that its Pods serve until others do.
            self._delete_canary(server, state)
        return next(fingerprint(child["spec"]["template"]) for child in children if child["kind"] == "Deployment")

    def expose(self, server: Item, state: WorkloadState) -> None:
        """Apply the route of an MCPServer whose other objects are applied, and the Service by which gateways find it.

        Without an object of the MCPServer, the Service stays as it is: nothing would record the transport for the next
        run.

        :param server: with what validation has recorded in the status.
        :raises McpKubernetesError: the route could not be applied.
        """
        kinds = [*_ROUTES, *(["Service"] if server["metadata"].get("uid") else [])]
        for child in self._render(server):
            if child["kind"] in kinds:
                self._apply(child, server, state)

    def absent(self, server: Item, state: WorkloadState) -> None:
        """Delete the objects of an MCPServer; those of other owners stay.

        Nothing is rendered: an MCPServer whose manifest is invalid can be deleted, too.
        """
        for item in _identities(server, OBJECTS).values():
            found = self._find_owned(item, server, state)
            if found is not None:
                state.delete(found)
        self._delete_canary(server, state)

    def _delete_canary(self, server: Item, state: WorkloadState) -> None:
        """Delete the objects of a canary. Without spec.rollout, no request is made to find them."""
        if not state.reads or canary.FIELD in server["spec"]:
            for item in canary.identities(server):
                found = state.find_owned(item, server)
                if found is not None:
                    state.delete(found)

    def _apply(self, child: Item, server: Item, state: WorkloadState) -> None:
        if child["kind"] in _IF_SERVED:
            self._apply_if_served(child, server, state)
        else:
            _apply(self._in_served_version(child), server, state)

    def _apply_if_served(self, child: Item, server: Item, state: WorkloadState) -> None:
        """Apply an object of a kind that the cluster need not have, or warn: the other objects work without it."""
        missing, forbidden = _IF_SERVED[child["kind"]]
        if not self._kinds.has(child["apiVersion"], child["kind"]):
            state.warnings.append(missing)
            return
        try:
            state.apply(child, server)
        except ApiForbidden:
            state.warnings.append(forbidden)

    def _find_owned(self, item: Item, server: Item, state: WorkloadState) -> t.Optional[Item]:
        """Return an object that is to be deleted, if it exists.

        Rights to objects of some kinds are needed by MCPServers that have one: a client without them has not created
        one.
        """
        kind = item["kind"]
        if (kind in _IF_SERVED or kind in _NEEDS) and state.reads:
            item = self._in_served_version(item)
            if not self._kinds.has(item["apiVersion"], kind):
                return None
        versions = [item["apiVersion"]]
        if kind == BACKEND_TLS_POLICY and not state.reads:
            versions = list(exposure.BACKEND_TLS_VERSIONS)
        try:
            found = (state.find_owned({**item, "apiVersion": version}, server) for version in versions)
            return next((one for one in found if one is not None), None)
        except ApiForbidden:
            if kind == NETWORK_POLICY or kind in _IF_SERVED or kind in _NEEDS:
                return None
            raise

    def _in_served_version(self, item: Item) -> Item:
        """Return an object with the API version that the cluster serves, which is unknown for BackendTLSPolicies."""
        if item["kind"] != BACKEND_TLS_POLICY:
            return item
        newest, oldest = exposure.BACKEND_TLS_VERSIONS
        return {**item, "apiVersion": newest if self._kinds.has(newest, BACKEND_TLS_POLICY) else oldest}

    def _render(self, server: Item) -> list[Item]:
        return self._renderer.render(
            server,
            self._resources,
            gated=self._gated,
            config_hash=lambda pod: config_hash(self._client, server, pod),
            network_default=self._network_default.of(server) if self._network_default else None,
        )

    def _settle(self, children: list[Item], server: Item, state: WorkloadState) -> list[Item]:
        """Return the objects with the templates to apply, which are recorded in the history, and those of a canary."""
        wanted = next(child for child in children if child["kind"] == "Deployment")
        plan = canary.plan(server, gate.mark_of(wanted["spec"]["template"]))
        settled = self._history.settle(wanted, server, plan.stable)
        if not state.is_unchanged(settled):
            self._history.record_candidate(settled, server)
        return canary_traffic.objects(children, settled, plan)


def _apply(child: Item, server: Item, state: WorkloadState) -> None:
    """Apply an object; errors about one that a cluster need not have say what it needs."""
    kind = child["kind"]
    needs = _NEEDS.get(kind)
    try:
        state.apply(child, server)
    except ApiNotFound as exc:
        if needs is None or state.dry_run:
            raise
        text = f"{needs.field} needs {needs.product}, whose kind {kind} this cluster does not have."
        raise ApiNotFound(text, needs.install) from exc
    except ApiForbidden as exc:
        if needs is None:
            raise
        raise ApiForbidden(f"{needs.field} needs a {kind}, which may not be written: {exc.seen}", needs.permit) from exc
    except KubeError as exc:
        if kind != HTTP_ROUTE or route_sessions.FIELD not in exc.seen:
            raise
        text = "spec.expose.sessionPersistence needs the experimental channel of the Gateway API."
        raise ApiInvalid(text, 'Install it, or set spec.expose.sessionPersistence to "None".') from exc


def _is_kept(kind: str, server: Item) -> bool:
    """Tell whether an object stays although it is not rendered: a route, while the manifest wants one.

    Without an operator, the objects are applied before the server is validated again, and clients may use the route.
    """
    return kind in _ROUTES and exposure.wanted(server) and not exposure.routed(server)


def _optional(server: Item) -> dict[str, Item]:
    """Return the kinds of which an MCPServer has one or none, each with what identifies its object."""
    return _identities(server, OPTIONAL)


def _identities(server: Item, kinds: t.Iterable[tuple[str, str]]) -> dict[str, Item]:
    meta = server["metadata"]
    named = {"name": meta["name"], "namespace": meta["namespace"]}
    return {kind: {"apiVersion": api_version, "kind": kind, "metadata": named} for api_version, kind in kinds}
