# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A session that is kept open after its validation is checked again, and ends without a request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import (
    KeptSession,
    Options,
    Report,
    Target,
    validate_and_keep,
)
from zoo.fake_server import FakeServer
from zoo.http import Out, Request
from zoo.run import HOST, Zoo
from zoo.servers import LegacySse, Stateless, Streamable


class Observed:
    """A server that records what it gets, and does what the test says."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.methods: list[str] = []
        self.tokens: set[str] = set()
        self.streams = 0
        self.drop = False
        self.hang = False
        self.before = ""  # an event that the stream has before each response


SEEN: dict[str, Observed] = {}


class Sse(LegacySse):
    one_client = False

    async def open(self, out: Out) -> None:
        seen = SEEN["sse"]
        seen.streams += 1
        self.stream = out
        await out.open_stream()
        await self.name_endpoint(out)
        await out.closed_by_client()
        seen.streams -= 1
        out.hang_up()

    async def take(self, request: Request, message: Mapping[str, Any], out: Out, stream: Out) -> None:
        seen = SEEN["sse"]
        seen.methods.append(message["method"])
        seen.ids.append(message.get("id", 0))
        if seen.drop:
            await out.send(404, "no session", "text/plain")
        elif seen.hang:
            await out.send(202)
        else:
            if seen.before:
                await stream.chunk(seen.before)
            await super().take(request, message, out, stream)


class Http(Streamable):
    async def answer(self, request: Request, out: Out) -> None:
        seen = SEEN["http"]
        seen.methods.append(request.rpc_method or request.method)
        seen.tokens.add(request.headers.get("authorization", ""))
        if seen.drop:
            self.sessions.clear()
        await super().answer(request, out)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    folder: Path = tmp_path_factory.mktemp("zoo")
    servers = [FakeServer("sse", Sse), FakeServer("http", Http), FakeServer("stateless", Stateless)]
    with Zoo(servers, folder) as zoo:
        yield zoo


@pytest.fixture(autouse=True)
def seen() -> dict[str, Observed]:
    SEEN.update({"sse": Observed(), "http": Observed()})
    return SEEN


def keep(zoo: Zoo, name: str, **options: Any) -> tuple[Report, KeptSession | None]:
    target = Target(host=HOST, port=zoo.ports[name], path="/sse" if name == "sse" else "/mcp")
    return validate_and_keep(target, Options(timeout=5.0, request_timeout=2.0, **options))


def check(session: KeptSession | None, *, light: bool = True, seconds: float = 2.0) -> Report | None:
    assert session is not None
    return session.check(Options(timeout=seconds, request_timeout=seconds, light=light))


@pytest.mark.parametrize("name", ["sse", "http"])
def test_the_session_is_opened_once_and_answers_again(zoo: Zoo, name: str) -> None:
    report, session = keep(zoo, name)
    assert report.compliant is True
    assert report.tools is not None
    before = list(SEEN[name].methods)
    light = check(session)
    assert light is not None
    assert (light.compliant, light.tools, light.protocol_version) == (True, None, report.protocol_version)
    assert SEEN[name].methods[len(before) :] == ["ping"]
    whole = check(session, light=False)
    assert whole is not None
    assert (whole.tools, whole.offers, whole.issues) == (report.tools, report.offers, report.issues)
    assert report.offers is not None
    assert SEEN[name].methods.count("initialize") == 1
    assert session is not None
    session.close()
    assert "DELETE" not in SEEN[name].methods


def test_closing_ends_the_stream(zoo: Zoo) -> None:
    _report, session = keep(zoo, "sse", light=True)
    assert session is not None
    assert SEEN["sse"].streams == 1
    session.close()
    eof = asyncio.run_coroutine_threadsafe(_until(lambda: SEEN["sse"].streams == 0), zoo._loop)
    eof.result(timeout=5)
    assert check(session) is None


async def _until(condition: Any) -> None:
    while not condition():  # noqa: ASYNC110 - the condition is another task's
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", ["sse", "http"])
def test_a_session_that_the_server_dropped_has_no_report(zoo: Zoo, name: str) -> None:
    _report, session = keep(zoo, name)
    SEEN[name].drop = True
    assert check(session) is None
    assert session is not None
    session.close()


def test_a_server_that_does_not_answer_in_time_keeps_its_session(zoo: Zoo) -> None:
    _report, session = keep(zoo, "sse")
    SEEN["sse"].hang = True
    report = check(session, seconds=0.3)
    assert report is not None
    assert (report.compliant, [issue.code for issue in report.issues]) == (False, ["TIMEOUT"])
    SEEN["sse"].hang = False
    later = check(session)
    assert later is not None
    assert later.compliant is True
    assert session is not None
    session.close()


def test_no_other_client_uses_the_ids(zoo: Zoo) -> None:
    _report, session = keep(zoo, "sse")
    check(session)
    ids = [number for number in SEEN["sse"].ids if number]
    assert min(ids) > 10**9
    assert max(ids) < 2**31
    assert session is not None
    session.close()


@pytest.mark.parametrize("kind", ["tools", "prompts", "resources"])
def test_a_change_of_a_list_is_reported_once_for_each_response(zoo: Zoo, kind: str) -> None:
    """The notification was sent before the check; the open stream has it."""
    _report, session = keep(zoo, "sse")
    assert session is not None
    changes: list[str] = []
    options = Options(light=True, on_list_changed=lambda: changes.append("changed"))
    session.check(options)
    assert changes == []
    SEEN["sse"].before = f'data: {{"jsonrpc": "2.0", "method": "notifications/{kind}/list_changed"}}\n\n' * 3
    session.check(options)
    assert changes == ["changed"]
    SEEN["sse"].before = 'data: {"jsonrpc": "2.0", "method": "notifications/progress"}\n\n'
    session.check(options)
    assert changes == ["changed"]
    session.close()


@pytest.mark.parametrize("identity", ["3", '"a"'])
def test_responses_to_other_clients_are_no_evidence(zoo: Zoo, identity: str) -> None:
    """A server of a single session sends them on the stream that was opened last."""
    _report, session = keep(zoo, "sse")
    SEEN["sse"].before = f'data: {{"jsonrpc": "2.0", "id": {identity}, "result": {{}}}}\n\n'
    for _number in range(3):
        report = check(session)
        assert report is not None
        assert report.compliant is True
    assert session is not None
    session.close()


def test_required_capabilities_are_required_again(zoo: Zoo) -> None:
    _report, session = keep(zoo, "http")
    assert session is not None
    report = session.check(Options(required_capabilities=("sampling",)))
    assert report is not None
    assert [issue.code for issue in report.issues] == ["MISSING_CAPABILITY"]


def test_a_server_that_fails_is_validated_again_in_its_session(zoo: Zoo) -> None:
    report, session = keep(zoo, "sse", required_capabilities=("sampling",))
    assert report.compliant is False
    later = check(session, light=False)
    assert later is not None
    assert later.compliant is True
    assert session is not None
    session.close()


def test_what_the_handshake_found_is_reported_again(zoo: Zoo) -> None:
    target = Target(host=HOST, port=zoo.ports["sse"], path="/sse", transport="streamable-http")
    report, session = validate_and_keep(target, Options(timeout=5.0, request_timeout=2.0))
    later = check(session)
    assert later is not None
    codes = ["PROTOCOL_MISMATCH", "DEPRECATED_HTTP_SSE"]
    assert [issue.code for issue in later.issues] == [issue.code for issue in report.issues] == codes
    assert session is not None
    session.close()


def test_another_token_replaces_the_first_one(zoo: Zoo) -> None:
    _report, session = keep(zoo, "http", bearer_token="first")
    assert SEEN["http"].tokens == {"Bearer first"}
    assert session is not None
    assert session.check(Options(bearer_token="second", light=True)) is not None
    assert SEEN["http"].tokens == {"Bearer first", "Bearer second"}


def test_a_server_without_sessions_has_none_to_keep(zoo: Zoo) -> None:
    report, session = keep(zoo, "stateless")
    assert (report.compliant, session) == (True, None)
