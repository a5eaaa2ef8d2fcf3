# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The task: what its arguments ask for is done, and what it returns is made. The same for module and action plugin."""

from __future__ import annotations

import typing as t

from .._util import clean
from .api import validate, validate_all
from .argument_spec import merge_target, options_from, target_from
from .errors import InvalidTarget, MissingLibrary
from .report.report import ERROR, Report

if t.TYPE_CHECKING:
    from .api import TargetOptions

Params = t.Mapping[str, t.Any]
_NAMED = 5  # servers that the message names


def run(params: Params, *, check_mode: bool = False) -> dict[str, t.Any]:
    """Return the task's result; ``failed`` is always in it.

    :raises MissingLibrary: when the arguments ask for what a library does that is not installed.
    """
    if check_mode:  # a tool may change something
        params = {**params, "tool_call": None, "targets": _without_calls(params["targets"])}
    return _one(params) if params["targets"] is None else _many(params)


def _without_calls(targets: list[dict[str, t.Any]] | None) -> list[dict[str, t.Any]] | None:
    return None if targets is None else [{**target, "tool_call": None} for target in targets]


def _one(params: Params) -> dict[str, t.Any]:
    try:
        report = validate(target_from(params), options_from(params))
    except MissingLibrary:
        raise
    except InvalidTarget as exc:
        return {"failed": True, "changed": False, "msg": str(exc), **Report().to_dict()}
    failed = report.compliant is False and params["fail_on_noncompliance"]
    return {"failed": failed, "changed": False, **_shown(report, params)}


def _many(params: Params) -> dict[str, t.Any]:
    targets = [merge_target(params, target) for target in params["targets"]]
    try:
        jobs: list[TargetOptions] = [(target_from(target), options_from(target)) for target in targets]
        reports = validate_all(jobs, params["concurrency"])
    except MissingLibrary:
        raise
    except InvalidTarget as exc:
        return {"failed": True, "changed": False, "msg": str(exc), "compliant": None, "reports": []}
    shown = [
        {"name": target.get("name") or _where(target), **_shown(report, target)}
        for target, report in zip(targets, reports)
    ]
    bad = [(item["name"], report) for item, report in zip(shown, reports) if report.compliant is False]
    unknown = sum(report.compliant is None for report in reports)
    return {
        "failed": bool(bad) and params["fail_on_noncompliance"],
        "changed": False,
        "msg": _summary(len(reports), bad, unknown),
        "compliant": False if bad else None if unknown else True,
        "reports": shown,
    }


def _shown(report: Report, params: Params) -> dict[str, t.Any]:
    return {"msg": report.summary(report.endpoint or _where(params)), **report.to_dict()}


def _where(params: Params) -> str:
    if params["url"] is not None:
        return clean(params["url"])
    port = "" if params["port"] is None else f":{params['port']}"
    return clean(f"{params['host']}{port}{params['path'] or ''}")


def _summary(total: int, bad: t.Sequence[tuple[str, Report]], unknown: int) -> str:
    parts = [f"{total - len(bad) - unknown} of {total} servers comply with MCP."]
    if unknown:
        parts.append(f"{unknown} of them want credentials.")
    if bad:
        named = [f"{name} [{_first_error(report)}]" for name, report in bad[:_NAMED]]
        more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
        parts.append(f"These do not: {', '.join(named)}{more}.")
    return " ".join(parts)


def _first_error(report: Report) -> str:
    return next((issue.code for issue in report.issues if issue.level == ERROR), "")
