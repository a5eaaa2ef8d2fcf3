# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Run the task ``mcp_validate``: from arguments to the result. Module and action plugin share it."""

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
_MAX_NAMES = 5  # servers in the message


def run(params: Params, *, check_mode: bool = False) -> dict[str, t.Any]:
    """Validate and return the result of the task, which always has ``failed``.

    :raises MissingLibrary: if an argument requires a library that is not installed.
    """
    if check_mode:  # a tool may change something
        params = {**params, "tool_call": None, "targets": _without_calls(params["targets"])}
    return _validate_one(params) if params["targets"] is None else _validate_many(params)


def _without_calls(targets: list[dict[str, t.Any]] | None) -> list[dict[str, t.Any]] | None:
    return None if targets is None else [{**target, "tool_call": None} for target in targets]


def _validate_one(params: Params) -> dict[str, t.Any]:
    try:
        report = validate(target_from(params), options_from(params))
    except MissingLibrary:
        raise
    except InvalidTarget as exc:
        return {"failed": True, "changed": False, "msg": str(exc), **Report().to_dict()}
    failed = report.compliant is False and params["fail_on_noncompliance"]
    return {"failed": failed, "changed": False, **_result_of(report, params)}


def _validate_many(params: Params) -> dict[str, t.Any]:
    targets = [merge_target(params, target) for target in params["targets"]]
    try:
        jobs: list[TargetOptions] = [(target_from(target), options_from(target)) for target in targets]
        reports = validate_all(jobs, params["concurrency"])
    except MissingLibrary:
        raise
    except InvalidTarget as exc:
        return {"failed": True, "changed": False, "msg": str(exc), "compliant": None, "reports": []}
    shown = [
        {"name": target.get("name") or _address(target), **_result_of(report, target)}
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


def _result_of(report: Report, params: Params) -> dict[str, t.Any]:
    return {"msg": report.summary(report.endpoint or _address(params)), **report.to_dict()}


def _address(params: Params) -> str:
    if params["url"] is not None:
        return clean(params["url"])
    port = "" if params["port"] is None else f":{params['port']}"
    return clean(f"{params['host']}{port}{params['path'] or ''}")


def _summary(total: int, bad: t.Sequence[tuple[str, Report]], unknown: int) -> str:
    parts = [f"{total - len(bad) - unknown} of {total} servers comply with MCP."]
    if unknown:
        parts.append(f"{unknown} of them require credentials.")
    if bad:
        named = [f"{name} [{_first_error(report)}]" for name, report in bad[:_MAX_NAMES]]
        more = f" and {len(bad) - _MAX_NAMES} more" if len(bad) > _MAX_NAMES else ""
        parts.append(f"These do not: {', '.join(named)}{more}.")
    return " ".join(parts)


def _first_error(report: Report) -> str:
    return next((issue.code for issue in report.issues if issue.level == ERROR), "")
