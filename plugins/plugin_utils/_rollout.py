# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The steps of a rollout over clusters, each of which reads the state file, decides, and writes it."""

from __future__ import annotations

import typing as t

from ..module_utils._util import as_mapping, clean
from . import _rollout_state as states
from ._fleet_errors import FleetError, RolloutStateError
from ._rollout_report import facts_after, record, rows, table

Result = dict[str, t.Any]


class Rollout:
    """A rollout, as the state file and the plan describe it.

    :param path: the state file.
    :param plan: ``Plan.to_dict()``.
    :param now: returns the time as Kubernetes writes it.
    :param dry_run: write nothing.
    """

    def __init__(self, path: str, plan: t.Mapping[str, t.Any], now: t.Callable[[], str], *, dry_run: bool) -> None:
        self._path = path
        self._plan = plan
        self._now = now
        self._dry_run = dry_run
        self._state: states.State | None = states.read(path)

    def begin(self, *, only_waves: t.Sequence[str], roll_back: bool, discard: bool) -> Result:
        """Begin or continue, and return which clusters are left.

        :param only_waves: change only the clusters of these waves; empty for all. A wave that is divided by its size
            can be named as a whole.
        :raises RolloutStateError: the state does not allow it.
        """
        waves = self._plan["waves"]
        names = {name for wave in waves for name in (wave["name"], wave["of"])}
        unknown = [name for name in only_waves if name not in names]
        if unknown:
            known = ", ".join(wave["name"] for wave in waves)
            raise FleetError(f"There is no wave {clean(', '.join(unknown))}.", f"The waves are {clean(known)}.")
        resumed = self._state is not None
        state = states.begin(self._state, self._plan, self._now(), roll_back=roll_back, discard=discard)
        resumed = resumed and state is self._state
        self._state = state
        self._write()
        clusters = state["clusters"]
        done = (states.VALIDATED, states.RESTORED)
        left = [
            [cluster for cluster in wave["clusters"] if clusters[cluster]["phase"] not in done]
            for wave in waves
            if not only_waves or wave["name"] in only_waves or wave["of"] in only_waves
        ]
        rolling_back = state["phase"] == states.ROLLING_BACK
        order = [] if rolling_back else [cluster for part in left for cluster in part]
        return {
            "rolling_back": rolling_back,
            "resumed": resumed,
            "clusters": order,
            "serial": [len(part) for part in left if part],
            "restore": self._restore(self._changed()) if rolling_back else _nothing(),
        }

    def select(self, clusters: t.Sequence[str]) -> Result:
        """Return the MCPServers of clusters, whatever their state."""
        return self._batch(clusters)

    def wave(self, clusters: t.Sequence[str]) -> Result:
        """Return what a wave changes: nothing, after an earlier wave has stopped the rollout."""
        state = self._loaded
        own = [name for name in clusters if name in state["clusters"]] if state["phase"] == states.ROLLING_OUT else []
        # A failure of an earlier run is tried again.
        for cluster in own:
            state["clusters"][cluster]["message"] = ""
        return self._batch(own)

    def keep(self, clusters: t.Sequence[str], found: t.Mapping[str, t.Any]) -> Result:
        """Keep the manifests of the clusters that could be read, and return what may be changed now.

        :param found: cluster -> ``servers`` and ``error`` of the module mcpserver_list.
        """
        readable = []
        for cluster in clusters:
            own = self._loaded["clusters"][cluster]
            listed = as_mapping(found.get(cluster))
            if listed.get("error") or "servers" not in listed:
                states.fail(own, listed.get("error") or "It was not read.")
                continue
            before = {f"{cluster}/{one['namespace']}/{one['name']}": one["manifest"] for one in listed["servers"]}
            states.keep(own, before, self._plan["servers"][cluster])
            readable.append(cluster)
        self._write()
        return self._batch(readable)

    def check(
        self,
        clusters: t.Sequence[str],
        found: t.Mapping[str, t.Any],
        results: t.Sequence[t.Mapping[str, Result]],
        max_fail_percentage: float,
    ) -> Result:
        """Return a result for each cluster of a dry run, and why no wave may begin; nothing is recorded.

        :param found: cluster -> ``servers`` and ``error`` of the module mcpserver_list.
        :param results: key -> result of the dry run.
        """
        hosts = {}
        for cluster in clusters:
            keys = self._plan["servers"][cluster]
            given = [step[key] for step in results for key in keys if key in step]
            error = as_mapping(found.get(cluster)).get("error")
            problems = [str(error)] if error else record({"servers": {}}, keys, results)
            hosts[cluster] = {
                "failed": bool(problems),
                "changed": any(one.get("changed") for one in given),
                "msg": " ".join(problems),
                "diff": [diff for one in given for diff in one.get("diff") or []],
            }
        return {"hosts": hosts, "stop": self._doomed(hosts, max_fail_percentage)}

    def judge(
        self,
        clusters: t.Sequence[str],
        results: t.Sequence[t.Mapping[str, Result]],
        max_fail_percentage: float,
        *,
        restore: bool,
    ) -> Result:
        """Decide about a wave by the results of its steps, and return what must be restored.

        :param results: key -> result with ``failed``, ``msg`` and ``server``, of each step.
        :param restore: restore clusters after a failure. Otherwise the rollout stops, and the next run continues.
        """
        state = self._loaded
        failed = {}
        for cluster in clusters:
            own = state["clusters"][cluster]
            problems = [own["message"]] if own["message"] else record(own, self._plan["servers"][cluster], results)
            if problems:
                states.fail(own, " ".join(problems))
                failed[cluster] = own["message"]
            else:
                own["phase"] = states.VALIDATED
        stop = states.exceeds(len(failed), len(clusters), max_fail_percentage)
        if stop:
            state["phase"] = states.ROLLING_BACK if restore else states.STOPPED
        self._write()
        chosen = self._changed() if stop else [name for name in self._changed() if name in failed]
        return {
            "failed_clusters": failed,
            "stop": stop,
            "restore": self._restore(chosen) if restore else _nothing(),
        }

    def restored(
        self,
        clusters: t.Sequence[str],
        results: t.Sequence[t.Mapping[str, Result]],
        observed: t.Mapping[str, Result],
    ) -> Result:
        """Record which clusters are as they were.

        :param clusters: the clusters that were to be restored.
        :param results: key -> result, of each step of the rollback.
        :param observed: key -> result of the validation after it. A server that fails it was restored all the same.
        """
        state = self._loaded
        for cluster in clusters:
            own = state["clusters"][cluster]
            problems = record(own, own["before"], results)
            own["phase"] = states.NOT_RESTORED if problems else states.RESTORED
            for key, manifest in own["before"].items():
                own["servers"][key].update(facts_after(manifest, observed.get(key)))
                if as_mapping(observed.get(key)).get("failed"):
                    problems.append(f"After the rollback: {observed[key].get('msg')}")
            own["message"] = clean(" ".join(filter(None, (own["message"], *problems))), 1000)
        states.finish(state)
        self._write()
        return {}

    def report(self, *, roll_back: bool) -> Result:
        """Return the rows of the report, and a result for each cluster; close the state if all is done.

        :param roll_back: the rollback was requested, so it is no failure.
        """
        state = self._loaded
        states.finish(state)
        self._write()
        found = [row for cluster, own in state["clusters"].items() for row in rows(cluster, own)]
        return {
            "phase": state["phase"],
            "rows": found,
            "table": table(found),
            "hosts": self._hosts(roll_back=roll_back),
        }

    def _hosts(self, *, roll_back: bool) -> dict[str, Result]:
        good = (states.VALIDATED, states.RESTORED) if roll_back else (states.VALIDATED,)
        found = {}
        for cluster, own in self._loaded["clusters"].items():
            # Its wave was not part of this run.
            waiting = own["phase"] == states.PENDING and not own["message"]
            found[cluster] = {
                "failed": own["phase"] not in good and not waiting,
                "changed": any(one.get("changed") for one in own["servers"].values()),
                "msg": " ".join(filter(None, (f"{own['phase']}.", own["message"]))),
            }
        return found

    def _doomed(self, hosts: t.Mapping[str, Result], max_fail_percentage: float) -> str:
        """Return which wave would fail, so that none may begin; empty if none would.

        Ansible counts the clusters of all waves, and goes on without those that failed: also without the canary. A
        wave that its size divides counts as a whole, with the clusters that are done or not part of this run.
        """
        waves: dict[str, list[str]] = {}
        for wave in self._plan["waves"]:
            waves.setdefault(wave["of"], []).extend(wave["clusters"])
        for name, clusters in waves.items():
            failed = sum(hosts[cluster]["failed"] for cluster in clusters if cluster in hosts)
            if states.exceeds(failed, len(clusters), max_fail_percentage):
                return f"The wave {name} would fail on {failed} of {len(clusters)} clusters, so no wave begins."
        return ""

    @property
    def _loaded(self) -> states.State:
        if self._state is None:
            raise RolloutStateError(
                f"The state file {clean(self._path)} is gone.", "Restore it, or begin again.", code="ROLLOUT_STATE_GONE"
            )
        return self._state

    def _write(self) -> None:
        if not self._dry_run:
            states.write(self._path, self._loaded, self._now())

    def _changed(self) -> list[str]:
        return [name for name, own in self._loaded["clusters"].items() if own["phase"] in states.CHANGED]

    def _batch(self, clusters: t.Sequence[str]) -> Result:
        servers = {key: one for cluster in clusters for key, one in self._plan["servers"][cluster].items()}
        return {
            "clusters": list(clusters),
            "servers": servers,
            "connections": {
                key: self._plan["connections"][cluster]
                for cluster in clusters
                for key in self._plan["servers"][cluster]
            },
            "cluster_connections": {cluster: self._listing(cluster) for cluster in clusters},
        }

    def _listing(self, cluster: str) -> Result:
        """Return the connection of a cluster with its namespaces. Those of other clusters need other rights."""
        namespaces = {one["metadata"]["namespace"] for one in self._plan["servers"][cluster].values()}
        return {**self._plan["connections"][cluster], "namespaces": sorted(namespaces)}

    def _restore(self, clusters: t.Sequence[str]) -> Result:
        """Return the manifests to apply again, and the MCPServers to delete since they did not exist.

        :raises FleetError: a cluster that was changed is not in the inventory.
        """
        missing = [name for name in clusters if name not in self._plan["connections"]]
        if missing:
            raise FleetError(
                f"The rollout has changed clusters that are not in the inventory: {', '.join(missing)}.",
                "Add them to the hosts of mcp_clusters, so that they can be rolled back.",
            )
        before = {name: self._loaded["clusters"][name]["before"] for name in clusters}
        return {
            "clusters": list(clusters),
            "servers": {key: one for own in before.values() for key, one in own.items() if one is not None},
            "absent": {
                key: dict(zip(("namespace", "name"), key.rsplit("/", 2)[1:]))
                for own in before.values()
                for key, one in own.items()
                if one is None
            },
            "connections": {key: self._plan["connections"][name] for name, own in before.items() for key in own},
        }


def _nothing() -> Result:
    return {"clusters": [], "servers": {}, "absent": {}, "connections": {}}
