# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The reply to one HTTP request, and how to find the JSON-RPC response in it."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._util import clean, excerpt
from ..errors import ProtocolError
from ..issues.issue_log import Note
from . import json_deviations, jsonrpc
from .deprecated_requests import notes_on_message
from .server_requests import request_in

if t.TYPE_CHECKING:
    from ..options import Options
    from ..transport.deadline import Deadline
    from ..transport.http1 import Headers
    from ..transport.sse import SseEvent
    from ..transport.urls import Endpoint
    from .server_requests import ServerRequest

    Respond = t.Callable[[ServerRequest], None]


Decode = t.Callable[[t.Union[bytes, bytearray]], t.Any]

JSON, SSE = "json", "sse"
MAX_EVENTS = 1000  # of one stream before the response
MAX_NOTES = 20  # of one reply
_AFTER_DEFECT: t.Final = 2.0  # seconds to wait for the response after an invalid message
_CONTINUE: t.Final = 100
_LIST_CHANGED: t.Final = frozenset(f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources"))
_INTEGER: t.Final = re.compile(r" *[0-9]{1,15} *")
# With spaces or tabs it is invalid, but a header like any other, and clients send it back. Other ids are not sent.
_SENDABLE: t.Final = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?")
_MESSAGE: t.Final = "message"  # the name of the events that carry JSON-RPC messages


@dataclasses.dataclass
class Reply:
    """The reply to one HTTP request. Its notes become issues only if the validation uses the reply."""

    status: int
    headers: Headers
    endpoint: Endpoint  # after redirects
    mode: str | None = None
    response: jsonrpc.Response | None = None
    problem: Note | None = None  # why there is no response
    body: bytes = b""  # its beginning; empty for a stream
    notes: list[Note] = dataclasses.field(default_factory=list)
    shared: bool = False  # status and headers are those of the event stream
    unfinished: bool = False  # the body did not end soon after it began
    list_changed: bool = False  # before the response, the server sent a notification that a list changed

    @property
    def result(self) -> jsonrpc.Json | None:
        """The result; None if there is none."""
        return self.response.result if self.response is not None and self.response.error is None else None

    @property
    def error(self) -> jsonrpc.RpcError | None:
        """The JSON-RPC error; None if there is none."""
        return self.response.error if self.response is not None else None

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def add_note(self, code: str, seen: str) -> None:
        """Add a note."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Note(code, seen))

    def add_note_once(self, code: str, seen: str) -> None:
        """Add a note unless there is one with the code."""
        if all(note.code != code for note in self.notes):
            self.add_note(code, seen)

    def note_interim(self, statuses: t.Collection[int]) -> None:
        """Add a note for the 1xx responses before the final one."""
        if _CONTINUE in statuses:
            self.add_note_once(
                "UNEXPECTED_CONTINUE", "The server sent the interim response 100 to a request without Expect."
            )

    def note_deviations(self, seen: t.Iterable[str]) -> None:
        """Add a note for each deviation from HTTP/1.1 that some clients reject."""
        for one in seen:
            self.add_note("INEXACT_HTTP", one)

    def report_list_change(self, options: Options) -> None:
        """Report it if the server sent a notification that a list changed."""
        if self.list_changed and options.on_list_changed is not None:
            options.on_list_changed()

    def forget_content(self) -> None:
        """Drop the response and the body, which may be large; status, headers and endpoint stay."""
        self.response, self.body = None, b""

    def describe(self) -> str:
        """Return the reply as a noun phrase for a message."""
        if self.error is not None:
            return f"HTTP {self.status} with the JSON-RPC error {self.error}"
        if self.problem is not None and self.shared:
            return f"an invalid response ({self.problem.seen.rstrip('.')})"
        if self.problem is not None and self.ok:
            return f"HTTP {self.status}: {self.problem.seen.rstrip('.')}"
        return f"HTTP {self.status} with {self.headers.media_type or 'no content type'} and {excerpt(self.body)}"


def session_header(reply: Reply) -> dict[str, str]:
    """Return the header with the session id of a response; none if it has none that can be sent back."""
    identity = next((value for value in reply.headers.all("mcp-session-id") if value), "")
    return {"Mcp-Session-Id": identity} if _SENDABLE.fullmatch(identity) else {}


class ResponseMatcher:
    """Finds the response to one request among the messages of a server; deviations become notes of the reply.

    :param shared: late responses to earlier requests may arrive on the same stream.
    :param respond: sends the response to a request of the server.
    """

    def __init__(
        self,
        request_id: int,
        reply: Reply,
        decode: Decode = jsonrpc.decode,
        *,
        shared: bool = False,
        respond: Respond | None = None,
    ) -> None:
        self._id = request_id
        self._shared = shared
        self._respond = respond
        self._asked: list[ServerRequest] = []  # without a response yet
        self._reply = reply
        self._add_note = reply.add_note
        self._add_note_once = reply.add_note_once
        self._decode = decode
        self._events = 0
        # The first message of a stream that is not valid, and the first error with another id: most clients skip them.
        self._defect: Note | None = None
        self._error: jsonrpc.Response | None = None
        self._soon: Deadline | None = None

    def match_event(self, event: SseEvent) -> jsonrpc.Response | None:
        """Return the response if the event has it; skip requests, notifications, other events and invalid messages.

        :raises ProtocolError: if there are too many messages.
        """
        if event.name != _MESSAGE:
            return None
        self._events += 1
        if self._events > MAX_EVENTS:
            raise ProtocolError(
                f"The stream has more than {MAX_EVENTS} messages before the response.", code="STREAM_LIMIT"
            )
        try:
            response = self._match_in_stream(event.raw)
        except ProtocolError as exc:
            self._defect = self._defect or Note(exc.code, exc.seen)
            return None
        if response is not None and self._defect is not None:
            self._add_note("STREAM_MESSAGE_INVALID", f"Before the response: {self._defect.seen}")
        return response

    def _match_in_stream(self, data: bytes | bytearray) -> jsonrpc.Response | None:
        value = self._decoded(data)
        if isinstance(value, list):
            raise ProtocolError(f"An event of the stream has a batch of {len(value)} messages, not a message.")
        response = self._match_message(value)
        if response is not None and response.id != self._id:  # an error
            self._error = self._error or response
            self._defect = self._defect or Note("ERROR_ID_NOT_ECHOED", "An error has another id than the request.")
            return None
        return response

    def deadline(self, limit: Deadline) -> Deadline:
        """Return the deadline for the response: soon, after an invalid message."""
        if self._defect is not None:
            self._soon = self._soon or limit.within(_AFTER_DEFECT)
        return self._soon or limit

    def conclude(self) -> jsonrpc.Response | None:
        """Return what stands for the response at the end of the stream: an error with another id.

        :raises ProtocolError: the stream had an invalid message.
        """
        if self._error is None and self._defect is not None:
            raise ProtocolError(self._defect.seen, code=self._defect.code)
        return self._checked(self._error)

    def respond(self) -> None:
        """Respond to what the server has asked before the response: some servers wait for that."""
        asked, self._asked = self._asked, []
        if self._respond is not None:
            for request in asked:
                self._respond(request)

    def match_body(self, body: bytes | bytearray) -> jsonrpc.Response | None:
        """Return the response if the JSON text has it."""
        return self.match_value(self._decoded(body))

    def _decoded(self, body: bytes | bytearray) -> t.Any:
        value = self._decode(body)
        for note in json_deviations.find(body):
            self._add_note_once(*note)
        return value

    def match_value(self, value: t.Any) -> jsonrpc.Response | None:
        """Return the response if the JSON value is the response, or a batch with it."""
        if isinstance(value, list) and value:
            self._add_note("UNEXPECTED_BATCH", f"The server sent a batch of {len(value)} messages.")
            found = [response for response in map(self._match_message, value) if response is not None]
            return self._checked(found[0]) if found else None
        return self._checked(self._match_message(value))

    def _checked(self, response: jsonrpc.Response | None) -> jsonrpc.Response | None:
        if response is not None and response.id != self._id:  # an error
            seen = f"An error has the id {_shown(response.id)}, not that of the request."
            self._add_note("ERROR_ID_NOT_ECHOED", seen)
        return response

    def _match_message(self, value: t.Any) -> jsonrpc.Response | None:
        message = jsonrpc.parse(value)
        if isinstance(message, jsonrpc.ServerMessage):
            for note in notes_on_message(message.method, value.get("params")):
                self._add_note_once(*note)
            self._reply.list_changed |= message.method in _LIST_CHANGED
            if message.is_request:
                self._add_note("SERVER_REQUEST", f"The server sent the request {clean(message.method)!r}.")
                request = request_in(value)
                self._asked += [request] if request is not None and len(self._asked) < MAX_NOTES else []
            return None
        extra = jsonrpc.extra_members(value)
        if extra:
            seen = f"A response has the member {clean(extra[0], 40)!r}, which JSON-RPC does not define."
            self._add_note_once("JSONRPC_EXTRA_MEMBER", seen)
        if isinstance(message.id, int) and not isinstance(message.id, bool) and message.id == self._id:
            return message
        if isinstance(message.id, str) and _INTEGER.fullmatch(message.id) and int(message.id) == self._id:
            self._add_note_once("ID_TYPE", "The response's id is a string.")
            return dataclasses.replace(message, id=self._id)
        if self._shared and isinstance(message.id, int) and 0 <= message.id < self._id:
            return None
        if message.error is not None:
            return message
        if isinstance(message.id, float) and message.id == self._id:
            self._add_note("ID_TYPE", "The response's id is an integer with a fraction of zero, such as 1.0.")
            return message
        raise ProtocolError(f"The response has the id {_shown(message.id)} instead of {self._id}.", code="ID_MISMATCH")


def _shown(value: t.Any) -> str:
    return "null" if value is None else clean(repr(value), 40)
