# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Load the settings. Flags take precedence over environment variables, and those over defaults."""

from __future__ import annotations

import argparse
import typing as t

from ..errors import SettingsInvalid
from .operator_settings import OperatorSettings
from .options import OPTIONS, Option, boolean

_EPILOG: t.Final = """\
examples:
  mcp-operator run --watch-namespace team-a,team-b --leader-elect=false --log-format console

exit codes:
  0  it was ended by a signal, after running runs had ended
  1  another process has acquired the Lease
  2  the settings, watches.yaml or the kubeconfig are invalid"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    group = parser.add_argument_group(
        "settings", "Each can also be set by the environment variable in parentheses. Flags take precedence."
    )
    for option in OPTIONS:
        description = f"{option.help}; one of {', '.join(option.choices)}" if option.choices else option.help
        default = f"default {option.default}, " if option.default else ""
        text = f"{description} ({default}{option.environment})"
        if option.parse is boolean:  # as in Go, the value of a boolean is optional
            group.add_argument(f"--{option.flag}", metavar=option.metavar, nargs="?", const="true", help=text)
        else:
            group.add_argument(f"--{option.flag}", metavar=option.metavar, help=text)


def settings_of(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> OperatorSettings:
    """Return the settings.

    :raises SettingsInvalid: a value is invalid; the error names the flag or the environment variable.
    """
    settings = OperatorSettings(
        **{option.name: _value(option, getattr(flags, option.name), environment) for option in OPTIONS}
    )
    address = settings.metrics_bind_address
    if settings.metrics_secure and address is not None and address == settings.health_probe_bind_address:
        raise SettingsInvalid(
            "--metrics-bind-address and --health-probe-bind-address must differ, because only metrics use TLS. "
            "Change one of them."
        )
    return settings


def _value(option: Option, flag: str | None, environment: t.Mapping[str, str]) -> t.Any:
    text, where = flag, f"--{option.flag}"
    if text is None:
        text, where = environment.get(option.environment), option.environment
    if text is None:
        text = option.default
    if not text and not option.default:
        return option.nothing
    if option.choices and text not in option.choices:
        raise SettingsInvalid(f"{where} must be one of {', '.join(option.choices)}, not {text!r:.80}.")
    try:
        return option.parse(text)
    except ValueError as exc:
        raise SettingsInvalid(f"{where}: {exc}.") from None
