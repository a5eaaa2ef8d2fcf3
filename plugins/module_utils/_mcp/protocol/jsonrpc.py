# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""JSON-RPC 2.0: strict reading of what a server sent. Pure; whatever comes in, only ``errors`` come out."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ..._util import clean
from ..errors import LimitExceeded, ProtocolError

Json = t.Mapping[str, t.Any]

# Values of one document. Each costs up to 90 bytes of memory however short its text is, so bytes alone are no bound.
VALUES = 250_000
_BOM = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class RpcError:
    """The error of a response."""

    code: int
    message: str
    data: t.Any = None

    def __str__(self) -> str:
        return f'{self.code} "{clean(self.message)}"'


@dataclasses.dataclass(frozen=True)
class Response:
    """A response: a result or an error."""

    id: t.Any
    result: t.Any = None
    error: RpcError | None = None


@dataclasses.dataclass(frozen=True)
class ServerMessage:
    """A request (with an id) or a notification (without one) of the server's."""

    method: str
    is_request: bool


Message = t.Union[Response, ServerMessage]


def has_bom(body: bytes) -> bool:
    """Tell whether the text begins with a byte order mark, which JSON text must not (RFC 8259 section 8.1)."""
    return body.startswith(_BOM)


def decode(body: bytes) -> t.Any:
    """Parse JSON text.

    :raises ProtocolError, LimitExceeded: when it is not JSON in UTF-8, or too much of it.
    """
    body = body[len(_BOM) :] if has_bom(body) else body
    if sum(body.count(mark) for mark in (b",", b"[", b"{", b":")) > VALUES:
        raise LimitExceeded(f"The JSON text holds more than {VALUES} values.", code="JSON_LIMIT")
    try:
        # Not json.loads(bytes), which would guess UTF-16 and UTF-32.
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as exc:
        raise ProtocolError(f"The text is not UTF-8: {exc.reason} at byte {exc.start}.", code="INVALID_UTF8") from None
    except RecursionError:
        raise LimitExceeded("The JSON text is nested too deeply.", code="JSON_LIMIT") from None
    except json.JSONDecodeError as exc:
        raise ProtocolError(f"The text is not JSON: {exc.msg} at character {exc.pos}.", code="INVALID_JSON") from None
    except ValueError as exc:  # a constant that JSON does not have, or an integer of thousands of digits
        raise ProtocolError(f"The text is not JSON: {clean(exc)}.", code="INVALID_JSON") from None


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _fail(seen: str) -> t.NoReturn:
    raise ProtocolError(seen, code="INVALID_JSONRPC")


def parse(value: t.Any) -> Message:
    """Check that a value is one JSON-RPC message and return it typed."""
    if not isinstance(value, dict):
        _fail(f"A {type_name(value)} came where a JSON-RPC message, an object, was expected.")
    if value.get("jsonrpc") != "2.0":
        _fail('The message has no "jsonrpc": "2.0".')
    if "method" in value:
        return _parse_server_message(value)
    if ("result" in value) == ("error" in value):
        _fail(
            "The message holds both result and error."
            if "result" in value
            else "The message holds no method, result or error."
        )
    if "error" in value:
        return Response(value.get("id"), error=_parse_error(value["error"]))
    if "id" not in value:
        _fail("The response has a result but no id.")
    if not isinstance(value["result"], dict):
        _fail(f"The response's result is a {type_name(value['result'])}; in MCP it is an object.")
    return Response(value["id"], result=value["result"])


def _parse_server_message(value: Json) -> ServerMessage:
    method = value["method"]
    if not isinstance(method, str) or "result" in value or "error" in value:
        _fail("The message holds a method that is no string, or a method together with a result or an error.")
    if not isinstance(value.get("params", {}), (dict, list)):
        _fail("The message's params are no object.")
    return ServerMessage(method, "id" in value)


def _parse_error(value: t.Any) -> RpcError:
    if not isinstance(value, dict):
        _fail(f"The response's error is a {type_name(value)}, not an object.")
    code, message = value.get("code"), value.get("message")
    if isinstance(code, bool) or not isinstance(code, int):
        _fail("The error's code is no integer.")
    if not isinstance(message, str):
        _fail("The error's message is no string.")
    return RpcError(code, message, value.get("data"))


def type_name(value: t.Any) -> str:
    """Return what JSON calls the type of a value."""
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        (dict, "object"),
        (list, "array"),
        (str, "string"),
        ((int, float), "number"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "null")
