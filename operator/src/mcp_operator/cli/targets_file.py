# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The file of ``validate --targets``: servers with what differs from the command line. It has no secrets."""

from __future__ import annotations

import dataclasses
import os
import typing as t
from pathlib import Path

from .._vendor._mcp.formats.formats import Location
from .._vendor._mcp.options import ClientCredentials, Options, Target, ToolCall
from ..errors import ArgumentsInvalid
from .environment import secret
from .requirements import require

if t.TYPE_CHECKING:
    from .yaml_fields import Fields

MAX_BYTES: t.Final = 1024 * 1024
MAX_TARGETS: t.Final = 1000
# The fields that replace an option, by how they are read.
_NUMBERS: t.Final = {"timeout": "timeout", "requestTimeout": "request_timeout", "startTimeout": "start_timeout"}
_FLAGS: t.Final = {"strict": "strict", "deep": "deep", "validateCerts": "validate_certs"}
_TEXTS: t.Final = {"caCert": "ca_cert", "clientCert": "client_cert", "clientKey": "client_key"}
_LISTS: t.Final = {"requiredCapabilities": "required_capabilities", "expect": "expect"}


class ListedTarget(t.NamedTuple):
    """A server to validate.

    :param label: its name; empty if it has none.
    :param location: None for a server from the command line.
    """

    url: str
    target: Target
    options: Options
    label: str = ""
    location: Location | None = None

    @property
    def position(self) -> str:
        """Where it is listed, for messages; empty for the command line."""
        return "" if self.location is None else f"{self.location.file}, line {self.location.line}"


def read_targets(path: Path, defaults: tuple[Target, Options], environment: t.Mapping[str, str]) -> list[ListedTarget]:
    """Return the servers of a file.

    :param defaults: what the command line says for all servers.
    :raises ArgumentsInvalid: the file cannot be read, or is invalid, or a variable that it names is not set.
    :raises ExtraMissing: PyYAML is not installed.
    """
    require("targets", "yaml")
    from .yaml_fields import read_fields  # noqa: PLC0415  # the command must work without PyYAML

    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as exc:
        raise ArgumentsInvalid(f"{path} cannot be read: {exc.strerror}.") from None
    except UnicodeDecodeError:
        raise ArgumentsInvalid(f"{path} is not UTF-8.") from None
    if len(content) > MAX_BYTES:
        raise ArgumentsInvalid(f"{path} has more than {MAX_BYTES} bytes.")
    document = read_fields(str(path), text)
    items = document.items("targets")
    document.end()
    if not 0 < len(items) <= MAX_TARGETS:
        raise ArgumentsInvalid(f"{path} has {len(items)} targets.", f"List 1 to {MAX_TARGETS}.")
    shown = _shown(path)
    return [_listed(item, defaults, environment, shown) for item in items]


def _shown(path: Path) -> str:
    """Return the path in reports: relative where the file is in the working directory, as in a checkout."""
    relative = os.path.relpath(path)
    return path.resolve().as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _listed(
    item: Fields, defaults: tuple[Target, Options], environment: t.Mapping[str, str], file: str
) -> ListedTarget:
    url = item.text("url")
    if not url:
        raise item.error("there is no url")
    target, options = defaults
    target = dataclasses.replace(
        target,
        url=url,
        transport=item.text("transport") or target.transport,
        host_header=item.text("hostHeader") or target.host_header,
    )
    given: dict[str, t.Any] = {
        **{option: item.number(name) for name, option in _NUMBERS.items()},
        **{option: item.flag(name) for name, option in _FLAGS.items()},
        **{option: item.text(name) for name, option in _TEXTS.items()},
        **{option: item.texts(name) for name, option in _LISTS.items()},
        "tool_call": _tool_call(item.fields("toolCall")),
    }
    options = dataclasses.replace(options, **{name: value for name, value in given.items() if value is not None})
    listed = ListedTarget(
        url, target, _with_credentials(item, options, environment), item.text("name") or "", Location(file, item.line)
    )
    item.end()
    return listed


def _tool_call(fields: Fields | None) -> ToolCall | None:
    if fields is None:
        return None
    name = fields.text("name")
    if not name:
        raise fields.error("toolCall has no name")
    arguments = fields.take("arguments", dict, "a mapping") or {}
    fields.end()
    return ToolCall(name, arguments)


def _with_credentials(item: Fields, options: Options, environment: t.Mapping[str, str]) -> Options:
    """Return the options with the credentials of one server, which replace those of the command line."""
    variable, client = item.text("bearerTokenEnv"), item.fields("clientCredentials")
    headers = {
        name: secret(f"{item.where}: headersEnv", value, environment)
        for name, value in item.text_map("headersEnv").items()
    }
    if headers:
        options = dataclasses.replace(options, headers={**options.headers, **headers})
    if variable is None and client is None:
        return options
    token = None if variable is None else secret(f"{item.where}: bearerTokenEnv", variable, environment)
    return dataclasses.replace(
        options,
        bearer_token=token,
        client_credentials=None if client is None else _client_credentials(client, environment),
    )


def _client_credentials(fields: Fields, environment: t.Mapping[str, str]) -> ClientCredentials:
    identity, variable = fields.text("clientId"), fields.text("clientSecretEnv")
    if not identity or not variable:
        raise fields.error("clientCredentials has no clientId or no clientSecretEnv")
    found = ClientCredentials(
        client_id=identity,
        client_secret=secret(f"{fields.where}: clientSecretEnv", variable, environment),
        token_url=fields.text("tokenUrl"),
        issuer=fields.text("issuer"),
        scopes=fields.texts("scopes") or (),
        resource=fields.text("resource"),
        authentication=fields.text("authentication") or ClientCredentials.authentication,
    )
    fields.end()
    return found
