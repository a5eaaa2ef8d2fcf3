# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Logging to standard error, one line for each record, as JSON or as text.

Values that callers pass as ``extra=`` become separate fields, so that logs can be searched by object.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import logging
import sys
import typing as t

# Further attributes of a record were passed as `extra=`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LogFormat(enum.StrEnum):
    """The format of log lines."""

    JSON = "json"
    CONSOLE = "console"


class JsonFormatter(logging.Formatter):
    """One JSON object per line: ``ts``, ``level``, ``logger``, ``msg``, fields, and ``error`` with a traceback."""

    @t.override
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "ts": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
            **fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class ConsoleFormatter(logging.Formatter):
    """Time, level, message and fields; a traceback follows in indented lines.

    Control characters are escaped, so that input can neither forge lines nor drive a terminal.
    """

    @t.override
    def format(self, record: logging.LogRecord) -> str:
        parts = [f"{_moment(record):%H:%M:%S}", f"{record.levelname:<7}", record.getMessage()]
        parts += [f"{name}={value}" for name, value in fields(record).items()]
        lines = [" ".join(parts)]
        if record.exc_info:
            lines += [f"  {line}" for line in self.formatException(record.exc_info).split("\n")]
        return "\n".join("".join(char if char.isprintable() else ascii(char)[1:-1] for char in line) for line in lines)


def fields(record: logging.LogRecord) -> dict[str, t.Any]:
    """Return the values that a caller passed as ``extra=``."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def configure(log_format: LogFormat, level: str) -> None:
    """Send all logs of the process to standard error, in one format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format is LogFormat.JSON else ConsoleFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The operator logs its retries itself, and the debug level of urllib3 logs a line for each call.
    logging.getLogger("urllib3").setLevel(logging.ERROR)


def _moment(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC)
