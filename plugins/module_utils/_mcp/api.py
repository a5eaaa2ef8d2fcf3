# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The public functions of the validator: everything else in this package is private to it.

Validate a Pod at its address, with the Host header that its clients send::

    target = Target(host="10.1.2.3", port=8080, path="/mcp", host_header="weather.mcp.svc:8080")
    report = validate(target, Options(timeout=10.0, required_capabilities=("tools",)))
    if not report.compliant:  # None: the server requires credentials
        print(report.summary("weather"), [issue.code for issue in report.issues])

- ``Options.timeout`` bounds the whole validation, whatever the server does, so there is no way to cancel one.
- Validations are thread-safe: they share nothing but TLS contexts. :func:`validate_all` runs many at once.
- A ``Dialer`` replaces TCP, for example to connect through a port-forward. One validation may keep several connections
  open.
- ``Target``, ``Options`` and ``Report`` only ever gain fields; issue codes do not change.
"""

from __future__ import annotations

import concurrent.futures
import typing as t

from . import option_checks
from .errors import InvalidTarget
from .kept_session import KeptSession
from .options import Dialer, Options, Target
from .report.report import Report
from .transport import tls
from .validation import Validation

if t.TYPE_CHECKING:
    from .transport.urls import Endpoint

    TargetOptions = tuple[Target, Options]

__all__ = [
    "MAX_CONCURRENCY",
    "Dialer",
    "KeptSession",
    "Options",
    "Report",
    "Target",
    "check_target",
    "check_targets",
    "validate",
    "validate_all",
    "validate_and_keep",
]

MAX_CONCURRENCY: t.Final = 256
_DEFAULTS: t.Final = Options()


def validate(target: Target, options: Options = _DEFAULTS, *, dial: t.Optional[Dialer] = None) -> Report:
    """Validate a server and return the report. Whatever the server does ends up in the report, not in an exception.

    :param dial: opens connections in place of TCP.
    :raises InvalidTarget: if the target or the options are invalid; nothing was sent.
    """
    base, path = check_target(target, options)
    return Validation(target, options, base, path, dial).run()


def validate_and_keep(
    target: Target, options: Options = _DEFAULTS, *, dial: t.Optional[Dialer] = None
) -> tuple[Report, t.Optional[KeptSession]]:
    """Validate a server as :func:`validate` does, and keep the session open if the server has one.

    The caller closes the session.

    :raises InvalidTarget: if the target or the options are invalid; nothing was sent.
    """
    base, path = check_target(target, options)
    return Validation(target, options, base, path, dial).run_and_keep()


def check_target(target: Target, options: Options = _DEFAULTS) -> tuple[Endpoint, str | None]:
    """Check target and options without sending anything.

    :returns: the endpoint, and its path; None as the path if the usual paths are to be tried.
    :raises InvalidTarget: if the target or the options are invalid.
    """
    base, path = option_checks.check_arguments(target, options)
    if base.origin.scheme == "https":
        tls.context_for(options)
    return base, path


def validate_all(
    targets: t.Sequence[TargetOptions], concurrency: int, on_done: t.Callable[[], None] | None = None
) -> list[Report]:
    """Validate servers in threads and return their reports in the same order.

    :param concurrency: how many to validate at the same time, 1 to 256.
    :param on_done: called after each validation, in the thread that ran it.
    :raises InvalidTarget: if one of the targets is invalid; nothing was sent to any of them.
    """

    def validate_one(target: TargetOptions) -> Report:
        report = validate(*target)
        if on_done is not None:
            on_done()
        return report

    check_targets(targets, concurrency)
    if not targets:
        return []
    workers = min(concurrency, len(targets))
    with concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="mcp-validate") as pool:
        return list(pool.map(validate_one, targets))


def check_targets(targets: t.Sequence[TargetOptions], concurrency: int) -> None:
    """Check what :func:`validate_all` is to validate, without sending anything.

    :raises InvalidTarget: if one of the targets, or the concurrency, is invalid.
    """
    if not 0 < concurrency <= MAX_CONCURRENCY:
        raise InvalidTarget(f"concurrency is {concurrency}.", f"Give a number from 1 to {MAX_CONCURRENCY}.")
    for number, target in enumerate(targets):
        _check_numbered(number, target)


def _check_numbered(number: int, target: TargetOptions) -> None:
    try:
        check_target(*target)
    except InvalidTarget as exc:
        exc.add_position(f"targets[{number}]")
        raise
