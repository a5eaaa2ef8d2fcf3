# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The state of a rollout over clusters, in a file: what was there before, and how far each cluster is.

It is data: manifests and messages, no credentials and no paths of a machine. So another machine with the same inventory
and manifests can continue.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t
from pathlib import Path

from ..module_utils._util import clean
from ._fleet_errors import RolloutStateError

VERSION = 1
# Phases of a rollout.
ROLLING_OUT, STOPPED, ROLLING_BACK, COMPLETED, ROLLED_BACK = (
    "RollingOut",
    "Stopped",
    "RollingBack",
    "Completed",
    "RolledBack",
)
# Phases of a cluster. From CHANGING on, it may differ from before.
PENDING, CHANGING, VALIDATED, FAILED, RESTORED, NOT_RESTORED = (
    "Pending",
    "Changing",
    "Validated",
    "Failed",
    "RolledBack",
    "RollbackFailed",
)
CHANGED = (CHANGING, VALIDATED, FAILED, NOT_RESTORED)
_MAX_BYTES = 64 * 1024 * 1024
_MAX_MESSAGE = 1000

State = dict[str, t.Any]


def new(plan: t.Mapping[str, t.Any], now: str) -> State:
    """Return the state before the first wave."""
    clusters = {
        cluster: {"wave": wave["name"], "phase": PENDING, "message": "", "before": {}, "servers": {}}
        for wave in plan["waves"]
        for cluster in wave["clusters"]
    }
    return {
        "version": VERSION,
        "change": plan["digest"],
        "phase": ROLLING_OUT,
        "started": now,
        "updated": now,
        "clusters": clusters,
    }


def begin(found: State | None, plan: t.Mapping[str, t.Any], now: str, *, roll_back: bool, discard: bool) -> State:
    """Return the state with which a run begins: a new one, or the one of an interrupted run.

    :param found: the state in the file.
    :param roll_back: roll back what the file's rollout has changed.
    :param discard: forget an unfinished rollout of another change.
    :raises RolloutStateError: the state is of another change, or there is nothing to roll back.
    """
    if roll_back:
        if found is None or not any(own["phase"] in CHANGED for own in found["clusters"].values()):
            raise RolloutStateError(
                "The state file has no cluster to roll back.", "Check mcp_state_file.", code="NOTHING_TO_ROLL_BACK"
            )
        return {**found, "phase": ROLLING_BACK, "updated": now}
    if found is None or discard or found["phase"] in (COMPLETED, ROLLED_BACK):
        return new(plan, now)
    if found["phase"] == ROLLING_BACK:
        return found
    if found["change"] != plan["digest"]:
        raise RolloutStateError(
            f"The state file has an unfinished rollout of another change, of {found['started']}.",
            "Finish it with its manifests, roll it back with -e mcp_roll_back=true, use another mcp_state_file, or "
            "forget it with -e mcp_discard_state=true.",
            code="OTHER_ROLLOUT",
        )
    found["phase"] = ROLLING_OUT
    # The waves may have been divided differently since.
    for cluster, fresh in new(plan, now)["clusters"].items():
        found["clusters"].setdefault(cluster, fresh)["wave"] = fresh["wave"]
    return found


def keep(own: State, found: t.Mapping[str, t.Any], keys: t.Iterable[str]) -> None:
    """Keep the manifests of a cluster before its first change. What an interrupted run kept is not replaced.

    :param own: the cluster's state.
    :param found: key -> manifest; MCPServers that do not exist are missing.
    :param keys: the MCPServers that are about to be changed.
    """
    for key in keys:
        own["before"].setdefault(key, found.get(key))
    own["phase"], own["message"] = CHANGING, ""


def fail(own: State, message: str) -> None:
    """Record why a cluster has failed. One that nothing was changed on stays pending."""
    own["message"] = clean(message, _MAX_MESSAGE)
    if own["phase"] != PENDING:
        own["phase"] = FAILED


def exceeds(failed: int, total: int, max_fail_percentage: float) -> bool:
    """Tell whether more clusters of a wave have failed than allowed, as Ansible's keyword max_fail_percentage does."""
    return failed * 100 > max_fail_percentage * total


def finish(state: State) -> None:
    """Set the phase of the rollout from those of its clusters."""
    phases = {own["phase"] for own in state["clusters"].values()}
    if state["phase"] == ROLLING_BACK:
        if not phases & set(CHANGED):
            state["phase"] = ROLLED_BACK
    elif state["phase"] == ROLLING_OUT and phases <= {VALIDATED, RESTORED}:
        state["phase"] = COMPLETED


def read(path: str) -> State | None:
    """Return the state in a file; None if there is no file.

    :raises RolloutStateError: the file cannot be read, or is no state of this version.
    """
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise _unusable(path, f"is larger than {_MAX_BYTES} bytes")
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise _unusable(path, f"cannot be read: {exc.strerror}") from None
    except (ValueError, RecursionError):
        raise _unusable(path, "is not JSON") from None
    if not isinstance(found, dict) or found.get("version") != VERSION or not _is_state(found):
        raise _unusable(path, f"is no state of a rollout in version {VERSION}")
    return found


def write(path: str, state: State, now: str) -> None:
    """Replace the file at once: a run that is killed leaves the old state or the new one. Only the owner may read it.

    :raises RolloutStateError: the file cannot be written.
    """
    # It may be a link to a folder that several machines have.
    file = Path(os.path.realpath(Path(path).expanduser()))
    state["updated"] = now
    try:
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(state, stream, indent=1, sort_keys=True)
                stream.write("\n")
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as exc:
        raise _unusable(path, f"cannot be written: {exc.strerror}") from None


def _unusable(path: str, why: str) -> RolloutStateError:
    return RolloutStateError(f"The state file {clean(path)} {why}.", "Check mcp_state_file.")


def _is_state(found: State) -> bool:
    clusters = found.get("clusters")
    if not isinstance(clusters, dict) or not all(isinstance(found.get(key), str) for key in ("change", "started")):
        return False
    if found.get("phase") not in (ROLLING_OUT, STOPPED, ROLLING_BACK, COMPLETED, ROLLED_BACK):
        return False
    return all(
        isinstance(own, dict)
        and own.get("phase") in (PENDING, RESTORED, *CHANGED)
        and _is_kept(own.get("before"), cluster)
        and _has_mappings(own.get("servers"))
        and all(isinstance(own.get(key), str) for key in ("wave", "message"))
        for cluster, own in clusters.items()
    )


def _is_kept(before: t.Any, cluster: str) -> bool:
    """Tell whether these are manifests of a cluster, by key. One that belongs to another cluster would be applied."""
    return isinstance(before, dict) and all(
        key.rpartition("/")[0].rpartition("/")[0] == cluster
        and (one is None or (isinstance(one, dict) and isinstance(one.get("spec"), dict)))
        for key, one in before.items()
    )


def _has_mappings(servers: t.Any) -> bool:
    return isinstance(servers, dict) and all(isinstance(one, dict) for one in servers.values())
