# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Parse JSON-RPC 2.0 strictly (pure). Invalid input raises nothing but the errors of :mod:`..errors`."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from ..._util import clean
from ..errors import LimitExceeded, ProtocolError

Json = t.Mapping[str, t.Any]
_TYPE_NAMES: t.Final = (
    (bool, "boolean"),
    (dict, "object"),
    (list, "array"),
    (str, "string"),
    (int, "number"),
    (float, "number"),
)

# Values in one document. Each takes up to 90 bytes of memory, so a limit on the length of the text is not enough.
MAX_VALUES = 250_000
# Levels of arrays and objects in one document. The JSON parser of Pydantic, and so the Python SDK, fails beyond that.
MAX_NESTING: t.Final = 200
_BOM = b"\xef\xbb\xbf"
_STRING = re.compile(rb'"[^"]*"')
_OTHER = bytes(set(range(256)) - set(b'"[]{}'))
_AS_OBJECTS = bytes.maketrans(b"[]", b"{}")


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
    """A request (with an id) or a notification (without one) from the server."""

    method: str
    is_request: bool


Message = t.Union[Response, ServerMessage]


def encode(value: Json) -> bytes:
    """Return the JSON text of a message, without spaces as clients write it: some servers search for a text."""
    return json.dumps(value, separators=(",", ":")).encode()


def has_bom(body: bytes | bytearray) -> bool:
    """Return whether the text begins with a byte order mark, which RFC 8259 section 8.1 forbids."""
    return body.startswith(_BOM)


def decode(body: bytes | bytearray) -> t.Any:
    """Parse JSON text. As many clients do, it accepts NaN and Infinity, and replaces invalid bytes.

    :raises ProtocolError: if it is not JSON in UTF-8.
    :raises LimitExceeded: if it is too large or too deeply nested.
    """
    body = body[len(_BOM) :] if has_bom(body) else body
    if len(body) > MAX_VALUES and sum(body.count(mark) for mark in (b",", b"[", b"{", b":")) > MAX_VALUES:
        raise LimitExceeded(f"The JSON text has more than {MAX_VALUES} values.", code="JSON_LIMIT")
    try:
        # json.loads(bytes) would also accept UTF-16 and UTF-32.
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as exc:
        return _decode_replaced(body, exc)
    except RecursionError:
        raise LimitExceeded("The JSON text is nested too deeply.", code="JSON_LIMIT") from None
    except json.JSONDecodeError as exc:
        raise ProtocolError(f"The text is not JSON: {exc.msg} at character {exc.pos}.", code="INVALID_JSON") from None
    except ValueError as exc:  # an integer with thousands of digits
        raise ProtocolError(f"The text is not JSON: {clean(exc)}.", code="INVALID_JSON") from None


def is_deep(body: bytes | bytearray) -> bool:
    """Tell whether a valid JSON text has more than :data:`MAX_NESTING` levels, without a loop over its values."""
    if len(body) <= 2 * MAX_NESTING or body.count(b"[") + body.count(b"{") <= MAX_NESTING:
        return False
    # Escapes go first, so that each quotation mark begins or ends a string; then the strings and the scalars.
    text = bytes(body).replace(rb"\\", b"").replace(rb"\"", b"").translate(_AS_OBJECTS, _OTHER)
    text = _STRING.sub(b"", text)
    for _level in range(MAX_NESTING):
        text = text.replace(b"{}", b"")  # the innermost level
        if not text:
            return False
    return True


def _decode_replaced(body: bytes | bytearray, error: UnicodeDecodeError) -> t.Any:
    """Parse JSON text that is not UTF-8 throughout: what is outside of strings must be."""
    try:
        return json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        seen = f"The text is not UTF-8: {error.reason} at byte {error.start}."
        raise ProtocolError(seen, code="INVALID_UTF8") from None


def _fail(seen: str) -> t.NoReturn:
    raise ProtocolError(seen, code="INVALID_JSONRPC")


def parse(value: t.Any) -> Message:
    """Return a JSON value as a JSON-RPC message.

    :raises ProtocolError: if it is not one.
    """
    if not isinstance(value, dict):
        _fail(f"The JSON-RPC message is {typed(value)}, not an object.")
    if value.get("jsonrpc") != "2.0":
        _fail('The message has no "jsonrpc": "2.0".')
    if value.get("method") is not None:
        return _parse_server_message(value)
    if "result" in value and "error" in value:
        if value["result"] is not None and _is_error(value["error"]):
            _fail("The message has both result and error.")
        # Some clients ignore the one that says nothing.
        value = {key: value[key] for key in value if key != ("error" if value["result"] is not None else "result")}
    if "result" not in value and "error" not in value:
        _fail("The message has no method, result or error.")
    if "error" in value:
        return Response(value.get("id"), error=_parse_error(value["error"]))
    if "id" not in value:
        _fail("The response has a result but no id.")
    if not isinstance(value["result"], dict):
        _fail(f"The response's result is {typed(value['result'])}; in MCP it is an object.")
    return Response(value["id"], result=value["result"])


def _parse_server_message(value: Json) -> ServerMessage:
    method = value["method"]
    if not isinstance(method, str) or "result" in value or "error" in value:
        _fail("The message has a method that is not a string, or a method together with a result or an error.")
    if not isinstance(value.get("params", {}), (dict, list, type(None))):
        _fail("The message's params are not an object.")
    return ServerMessage(method, "id" in value)


def extra_members(value: Json) -> list[str]:
    """Return the members of a response that responses do not have."""
    known = {"jsonrpc", "id", "error" if value.get("result") is None else "result"}
    return [name for name in value if name not in known]


def _is_error(value: t.Any) -> bool:
    return isinstance(value, dict) and _integer(value.get("code")) is not None and isinstance(value.get("message"), str)


def _integer(value: t.Any) -> int | None:
    """Return an integer, also if it is written with a fraction of zero; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parse_error(value: t.Any) -> RpcError:
    if not isinstance(value, dict):
        _fail(f"The response's error is {typed(value)}, not an object.")
    code, message = _integer(value.get("code")), value.get("message")
    if code is None:
        _fail("The error's code is not an integer.")
    if not isinstance(message, str):
        _fail("The error's message is not a string.")
    return RpcError(code, message, value.get("data"))


def type_name(value: t.Any) -> str:
    """Return the JSON type of a value."""
    for kind, name in _TYPE_NAMES:
        if isinstance(value, kind):
            return name
    return "null"


def typed(value: t.Any) -> str:
    """Return the JSON type of a value with its article."""
    return with_article(type_name(value))


def with_article(name: str) -> str:
    """Return the name of a JSON type with its article."""
    return name if name == "null" else f"an {name}" if name[0] in "aio" else f"a {name}"
