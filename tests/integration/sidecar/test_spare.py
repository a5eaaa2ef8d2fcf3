# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One process that is started before a client needs it: never more than one, and never a dead one."""

from __future__ import annotations

import contextlib
import json
import os
import signal

import pytest

from support.bridging.client import RefusedError, Streamable
from support.cluster import until


@pytest.fixture
def spare(bridge):
    """Run the probe with a spare; the process that the bridge itself has spoken with is gone."""

    @contextlib.contextmanager
    def started(*words, **options):
        with bridge(*words, spare="true", idle="1s", **options) as running:
            until("the spare alone", lambda: len(running.children()) == 1)
            yield running

    return started


def has_spare(running):
    return json.loads(running.state())["spare"]


def listening(running):
    """A client that is not idle."""
    client = Streamable(running.url)
    client.open()
    client.listen()
    return client


def test_a_client_gets_the_process_that_waits_and_another_one_waits_then(spare):
    with spare() as running:
        (waiting,) = running.children()
        client = listening(running)
        assert client.tool("pid") == str(waiting)
        until("another spare", lambda: has_spare(running))
        (other,) = set(running.children()) - {waiting}
        assert listening(running).tool("pid") == str(other)
        assert client.tool("echo", {"text": "x"}) == "x"


def test_there_is_never_more_than_one_and_none_where_no_client_would_be_let_in(spare):
    with spare(max_sessions=2) as running:
        first = listening(running)
        until("another spare", lambda: has_spare(running))
        assert len(running.children()) == 2
        listening(running)
        assert (has_spare(running), len(running.children())) == (False, 2)
        first.close()
        until("a spare again", lambda: has_spare(running))
        until("the end of the first process", lambda: len(running.children()) == 2)


def test_one_that_has_died_is_not_given_to_anybody(spare):
    with spare() as running:
        (waiting,) = running.children()
        os.kill(waiting, signal.SIGKILL)
        until("its end", lambda: not running.children())
        client = listening(running)
        assert client.tool("pid") != str(waiting)
        until("another spare", lambda: has_spare(running))
        assert "the spare process: The server was ended by signal 9" in running.log()
        assert running.health() == "200"


def test_a_server_that_waits_for_nobody_is_not_started_without_end(bridge, root):
    probe = root / "tests" / "servers" / "images" / "stdio" / "probe.py"
    # It leaves when nobody has said anything for half a second.
    script = "import os, select, sys\nselect.select([0], [], [], 0.5)[0] or os._exit(7)\n"
    script += "os.execv(sys.executable, [sys.executable, sys.argv[1]])"
    with bridge(command=["python3", "-c", script, str(probe)], spare="true", idle="1s") as running:
        until("its end", lambda: "the spare process: The server ended with exit code 7" in running.log())
        until("the end of all", lambda: not running.children())
        assert listening(running).tool("echo", {"text": "x"}) == "x"
        assert running.log().count("the spare process:") <= 2


def test_what_it_said_before_anybody_spoke_with_it_reaches_the_client(spare):
    with spare("greets") as running:
        client = Streamable(running.url)
        client.open()
        client.listen()
        until("the notification", lambda: "early" in json.dumps(client.seen))


def test_a_shared_server_has_none(bridge):
    with bridge(mode="shared", spare="true") as running:
        assert (has_spare(running), len(running.children())) == (False, 1)


def test_a_bridge_that_is_told_to_stop_takes_it_along(spare):
    with spare() as running:
        os.kill(running.process.pid, signal.SIGTERM)
        until("the bridge's end", lambda: running.ended() is not None)
        assert running.ended() == 0
        assert not running.children()


def test_a_client_that_is_refused_has_no_session_and_harms_nobody(bridge):
    with bridge(start="2s", idle="2s") as running:
        client = Streamable(running.url)
        with pytest.raises(RefusedError, match="Who are you"):
            client.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}})
        assert "Mcp-Session-Id" not in client.headers
        until("the end of its process", lambda: not running.children())
        assert running.health() == "200"
        assert json.loads(running.state())["ended_by_server"] == 0
