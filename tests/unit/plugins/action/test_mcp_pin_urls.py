# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The action mcp_pin with servers by URL."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.mcp.kubernetes.plugins.action.mcp_pin import ActionModule
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock_file import read_lock

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tests" / "servers"))

from zoo.fake_servers.all import FAKE_SERVERS  # noqa: E402
from zoo.run import HOST, Zoo  # noqa: E402

GOOD, GUARDED = "correct-streamable-2025-11-25", "auth-good-token"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    servers = [server for server in FAKE_SERVERS if server.name in (GOOD, GUARDED)]
    with Zoo(servers, tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo


@pytest.fixture
def url(zoo):
    return lambda name: f"http://{HOST}:{zoo.ports[name]}"


@pytest.fixture
def pin(tmp_path):
    """Run the action; return its result and what the lock file has, by server."""

    def run(*targets, check_mode=False, **options):
        path = tmp_path / "lock.yaml"
        given = ArgumentSpecValidator(ActionModule.OPTIONS).validate(
            {"path": str(path), "targets": list(targets), **options}
        )
        assert not given.error_messages
        action = ActionModule.__new__(ActionModule)
        action._task = SimpleNamespace(check_mode=check_mode)
        result = action.act(given.validated_parameters)
        return result, read_lock(path.read_text()) if path.exists() else None

    return run


def test_servers_are_pinned_once(pin, url):
    targets = [{"url": url(GOOD)}, {"name": "team/guarded", "url": url(GUARDED), "bearer_token": "good"}]
    result, servers = pin(*targets, check_mode=True)
    assert (result["changed"], servers) == (True, None)
    result, servers = pin(*targets)
    assert (result["changed"], result["failed"]) == (True, False)
    assert sorted(servers) == sorted(result["digests"]) == sorted([url(GOOD), "team/guarded"])
    result, _servers = pin(*targets)
    assert (result["changed"], result["msg"]) == (False, "All 2 servers offer what the lock file has.")


def test_a_server_that_requires_credentials_is_named(pin, url):
    result, servers = pin({"url": url(GUARDED)}, {"url": url(GOOD)})
    assert (result["failed"], list(servers)) == (True, [url(GOOD)])
    assert "Set bearer_token, client_credentials or headers of the target" in result["msg"]


def test_two_servers_of_one_name_are_refused(pin, url):
    with pytest.raises(InvalidTarget, match="Two servers would have the name team/a"):
        pin({"name": "team/a", "url": url(GOOD)}, {"name": "team/a", "url": url(GUARDED)})


@pytest.mark.parametrize("option", [{"servers": ["weather"]}, {"namespace": "team"}])
def test_targets_are_not_mixed_with_mcpservers(pin, url, option):
    with pytest.raises(InvalidTarget, match="together with servers or namespace"):
        pin({"url": url(GOOD)}, **option)
