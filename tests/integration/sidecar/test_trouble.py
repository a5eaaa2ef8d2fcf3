# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that die, hang or never speak MCP: the bridge never shows a healthy face, and says what was the matter."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from support.bridging.client import RefusedError, Streamable
from support.cluster import until


def ended(running):
    return until("the bridge's end", lambda: running.ended() is not None, 40.0) and running.ended()


def test_a_shared_server_that_dies_takes_the_bridge_with_it(bridge, last_words):
    with bridge(mode="shared") as running:
        client = Streamable(running.url)
        client.open()
        with pytest.raises(RefusedError, match="ended with exit code 3"):
            client.tool("die")
        assert ended(running) == 1
    assert "ended with exit code 3" in last_words()
    assert "fatal: told to die; key ********" in last_words()


def test_a_server_that_is_killed_is_told_by_its_signal(bridge, last_words):
    with bridge(mode="shared") as running:
        running.kill_children()
        assert ended(running) == 1
    assert "signal 9" in last_words()


def test_a_session_whose_server_dies_ends_and_the_others_go_on(bridge):
    with bridge(mode="session") as running:
        client, other = Streamable(running.url), Streamable(running.url)
        client.open()
        other.open()
        with pytest.raises(RefusedError, match="ended with exit code 3"):
            client.tool("die")
        with pytest.raises(RefusedError, match="HTTP 404"):
            client.tool("pid")
        assert other.tool("echo", {"text": "x"}) == "x"
        assert running.health() == "200"
        again = Streamable(running.url)
        again.open()
        assert again.tool("echo", {"text": "x"}) == "x"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["exit"], "exit code 1 before it answered initialize. Its stderr ended with: fatal: cannot reach"),
        (["tty"], "the input device is not a TTY"),
        (["rubbish"], "did not answer initialize within 2 s and was killed. Its stdout had"),
        (["deaf"], "did not answer initialize within 2 s and was killed"),
    ],
)
def test_a_server_that_does_not_start_ends_the_bridge_with_the_cause(bridge, mode, last_words, words, text):
    with bridge(*words, mode=mode, start="2s") as running:
        assert ended(running) == 1
    assert text in last_words()
    assert "k3y-of-the-test" not in last_words()
    assert len(last_words()) < 2000


def test_much_on_stderr_is_cut_and_no_part_of_a_secret_is_left(bridge, mode, last_words):
    with bridge("chatty", mode=mode) as running:
        assert ended(running) == 1
    assert last_words().endswith("fatal: said it all")
    assert len(last_words()) < 2000
    for part in ("k3y", "y-of", "the-t", "test"):
        assert part not in last_words()


@pytest.mark.parametrize(
    ("command", "code", "text"),
    [
        (["no-such-program"], 127, 'The command "no-such-program" is not in the image'),
        (["/etc/passwd"], 126, 'The command "/etc/passwd" may not be executed'),
    ],
)
def test_a_command_that_cannot_be_run(bridge, mode, last_words, command, code, text):
    with bridge(mode=mode, command=command) as running:
        assert ended(running) == code
    assert text in last_words()


@pytest.mark.parametrize("kind", ["elf", "script"])
def test_a_program_for_another_c_library_names_what_is_missing(bridge, last_words, tmp_path, kind):
    program = tmp_path / "server"
    loader = "/lib/ld-musl-nowhere.so.1"
    if kind == "script":
        program.write_text(f"#!{loader}\n", encoding="ascii")
    else:
        # A header and one entry: all that the kernel looks at before it looks for the loader.
        head = b"\x7fELF\x02\x01\x01" + bytes(9) + (2).to_bytes(2, "little") + (62).to_bytes(2, "little")
        head += (1).to_bytes(4, "little") + bytes(8) + (64).to_bytes(8, "little") + bytes(12)
        head += (64).to_bytes(2, "little") + (56).to_bytes(2, "little") + (1).to_bytes(2, "little") + bytes(6)
        name = loader.encode() + b"\0"
        entry = (3).to_bytes(4, "little") + (4).to_bytes(4, "little") + (120).to_bytes(8, "little") + bytes(16)
        entry += len(name).to_bytes(8, "little") * 2 + (1).to_bytes(8, "little")
        program.write_bytes(head + entry + name)
    program.chmod(0o755)
    with bridge(command=[str(program)]) as running:
        assert ended(running) == 127
    assert f'needs "{loader}"' in last_words()


def test_what_a_server_prints_before_it_speaks_is_kept_out_of_the_stream(bridge, mode):
    with bridge("preamble", mode=mode) as running:
        client = Streamable(running.url)
        client.open()
        assert client.tool("echo", {"text": "x"}) == "x"
        assert 'not MCP on the server\'s stdout: "Welcome to the probe!"' in running.log()


def test_orphans_go_with_the_session_that_left_them(bridge):
    with bridge("orphans", idle="1s") as running:
        until("the first look at the server", lambda: not running.children())
        client = Streamable(running.url)
        client.open()
        client.listen()
        assert len(running.children()) >= 4
        client.close()
        until("their end", lambda: not running.children())


def test_a_call_that_is_never_answered_ends_and_holds_up_nobody(bridge, mode):
    with bridge(mode=mode, request="2s") as running:
        client, other = Streamable(running.url), Streamable(running.url)
        client.open()
        other.open()
        said = []

        def stuck():
            with pytest.raises(RefusedError) as refused:
                client.tool("hang")
            said.append(str(refused.value))

        thread = threading.Thread(target=stuck)
        thread.start()
        assert other.tool("echo", {"text": "x"}) == "x"
        thread.join(20)
        assert "did not answer within 2 s" in said[0]


def test_no_more_sessions_than_allowed(bridge, mode):
    with bridge(mode=mode, max_sessions=2) as running:
        first, second, third = (Streamable(running.url) for _ in range(3))
        first.open()
        second.open()
        with pytest.raises(RefusedError, match=r"HTTP 503.*All sessions are in use"):
            third.open()
        first.close()
        third.open()
        assert second.tool("echo", {"text": "x"}) == "x"


def test_an_idle_session_ends(bridge, mode):
    with bridge(mode=mode, idle="1s") as running:
        client = Streamable(running.url)
        client.open()

        def gone():
            try:
                client.listen()
            except RefusedError as refused:
                return "HTTP 404" in str(refused)
            return False

        until("its end", lambda: '"sessions":0' in running.state())
        assert gone()


def test_a_listening_client_is_not_idle(bridge, mode):
    with bridge(mode=mode, idle="1s") as running:
        client = Streamable(running.url)
        client.open()
        client.listen()
        idle = Streamable(running.url)
        idle.open()
        until("the end of the other one", lambda: '"sessions":1' in running.state())
        assert client.tool("echo", {"text": "x"}) == "x"


def test_a_bridge_that_is_told_to_stop_lets_calls_finish_and_leaves_no_process(bridge, mode):
    with bridge(mode=mode) as running:
        client = Streamable(running.url)
        client.open()
        found = []
        thread = threading.Thread(target=lambda: found.append(client.tool("slow", {"seconds": 2})))
        thread.start()
        until("the call", lambda: client.number == 2)
        children = running.children()
        os.kill(running.process.pid, signal.SIGTERM)
        thread.join(20)
        assert found == ["done"]
        assert ended(running) == 0
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
