# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From a ``server.json`` to a manifest."""

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import RegistryEntryInvalid
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.manifest import check
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probes import probes
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.registry_entry import manifest_of, targets_of
from hypothesis import given
from hypothesis import strategies as st

DIGEST = "sha256:" + "0" * 64
STDIO = {"type": "stdio"}


def entry(*packages, **fields):
    return {"name": "com.example/Weather_Server", "version": "1.2.3", "packages": list(packages), **fields}


def npm(**fields):
    return {"registryType": "npm", "identifier": "@example/weather", "version": "1.2.3", "transport": STDIO, **fields}


def oci(**fields):
    return {"registryType": "oci", "identifier": f"ghcr.io/example/weather@{DIGEST}", "transport": STDIO, **fields}


def test_a_package_of_npm():
    found = manifest_of(entry(npm()))
    assert found.manifest == {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "weather-server"},
        "spec": {"command": ["npx", "-y", "@example/weather@1.2.3"], "transport": {"type": "stdio"}},
    }
    assert (found.missing, found.notes) == ((), ())


def test_a_package_of_pypi_takes_the_version_of_the_server():
    package = {"registryType": "pypi", "identifier": "weather-mcp", "transport": STDIO}
    assert manifest_of(entry(package)).manifest["spec"]["command"] == ["uvx", "weather-mcp==1.2.3"]


def test_an_image_is_preferred_and_its_server_listens():
    transport = {
        "type": "streamable-http",
        "url": "http://localhost:{port}/mcp",
        "variables": {"port": {"default": "3001"}},
    }
    found = manifest_of(entry(npm(), oci(transport=transport)))
    assert found.manifest["spec"] == {
        "image": f"ghcr.io/example/weather@{DIGEST}",
        "transport": {
            "type": "http",
            "protocol": "streamable-http",
            "config": {"http": {"port": 3001, "path": "/mcp"}},
        },
    }
    assert (found.missing, found.notes) == ((), ())
    # No MCP server must have a path for probes: the kubelet connects to the port.
    assert probes(found.manifest["spec"].get("healthCheck"), 3001)["readinessProbe"]["tcpSocket"] == {"port": 3001}
    assert "image" not in manifest_of(entry(npm(), oci()), registry_type="npm").manifest["spec"]


def test_an_image_with_a_tag_is_noted_and_one_over_stdio_needs_its_command():
    found = manifest_of(entry(oci(identifier="docker.io/example/weather", version="2.0.0")))
    assert found.manifest["spec"]["image"] == "docker.io/example/weather:2.0.0"
    assert found.notes == ("The tag of docker.io/example/weather:2.0.0 can be moved; name the image by its digest.",)
    assert found.missing[0].startswith("spec.command: ")


def test_secrets_are_references():
    variables = [
        {"name": "API_KEY", "isRequired": True, "isSecret": True, "description": "From\nyour account"},
        {"name": "WEATHER_TOKEN", "default": "no-secret-of-a-server-json-is-used"},
        {"name": "UNITS", "default": "metric"},
        {"name": "REGION", "isRequired": True},
        {"name": "not a name", "value": "x"},
    ]
    found = manifest_of(entry(npm(environmentVariables=variables)), "weather")
    assert found.manifest["spec"]["environment"] == [
        {"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "weather", "key": "API_KEY"}}},
        {
            "name": "WEATHER_TOKEN",
            "valueFrom": {"secretKeyRef": {"name": "weather", "key": "WEATHER_TOKEN", "optional": True}},
        },
        {"name": "UNITS", "value": "metric"},
    ]
    assert found.missing == (
        "The key API_KEY of the Secret weather: From your account.",
        "The variable REGION in spec.environment.",
    )
    assert found.notes == ("The variable 'not a name' was left out: this is not a name.",)


def test_arguments():
    arguments = [
        {"type": "named", "name": "--zone", "value": "{zone}", "variables": {"zone": {"default": "UTC"}}},
        {"type": "named", "name": "--verbose"},
        {"type": "positional", "value": "$(API_KEY)"},
        {"type": "positional", "valueHint": "directory", "description": "What to serve"},
    ]
    found = manifest_of(entry(npm(packageArguments=arguments)))
    assert found.manifest["spec"]["args"] == ["--zone", "UTC", "$$(API_KEY)"]
    assert found.missing == ("The argument directory in spec.args: What to serve.",)
    assert found.notes == ("The argument --verbose can be set.",)


@pytest.mark.parametrize(
    ("given_entry", "message"),
    [
        ([], "The name is None"),
        ({"name": "weather"}, "The name is 'weather'"),
        (entry(), "it has none"),
        (entry(remotes=[{"type": "sse", "url": "https://h/"}]), "remote URLs only"),
        (entry({"registryType": "mcpb"}), "it has mcpb"),
        ({**entry(), "packages": 5}, "it has none"),
        (entry(npm(version="latest")), "The version is 'latest'"),
        (entry(npm(version="1.x")), "The version is '1.x'"),
        (entry(npm(version="^1.2.3")), "The version is '^1.2.3'"),
        (entry(npm(identifier="--registry=http://evil")), "The package is '--registry"),
        (entry(npm(identifier="a; rm -rf /")), "The package is 'a; rm"),
        (entry(npm(transport={"type": "sse"})), "is not a stdio server"),
        (entry(oci(identifier="Evil image")), "The image is 'Evil image'"),
        (entry(oci(identifier="ghcr.io/a/b", version="latest")), "no tag and no digest"),
        (entry(oci(transport={"type": "tcp"})), "The transport is 'tcp'"),
    ],
)
def test_what_cannot_be_imported(given_entry, message):
    with pytest.raises(RegistryEntryInvalid, match="^" + "(?s:.*)" + message.replace("^", r"\^").replace(".", r"\.")):
        manifest_of(given_entry)


def test_remote_urls_become_targets():
    remotes = [
        {"type": "streamable-http", "url": "https://h.example.com/mcp", "headers": [{"name": "X-Key", "value": "v"}]},
        {"type": "sse", "url": "http://169.254.169.254/"},
        {"type": ["sse"], "url": "https://h.example.com/sse"},
    ]
    targets, missing, notes = targets_of({"server": entry(remotes=remotes), "_meta": {}})
    assert targets == [
        {
            "name": "com.example/Weather_Server",
            "url": "https://h.example.com/mcp",
            "transport": "streamable-http",
            "headersEnv": {"X-Key": "MCP_X_KEY"},
        },
        {"name": "com.example/Weather_Server", "url": "https://h.example.com/sse"},
    ]
    assert (missing, notes) == (
        (),
        ("The URL 'http://169.254.169.254/' was left out: only HTTPS without credentials is used.",),
    )


def test_a_url_with_a_variable_without_a_value_is_not_complete():
    targets, missing, notes = targets_of(entry(remotes=[{"type": "sse", "url": "https://h.example.com/{tenant}"}]))
    assert [target["url"] for target in targets] == ["https://h.example.com/{tenant}"]
    assert (missing, notes) == (("A value for {tenant} in 'https://h.example.com/{tenant}'.",), ())


def test_kubernetes_expands_nothing_in_the_value_of_a_variable():
    found = manifest_of(entry(npm(environmentVariables=[{"name": "PROMPT", "value": "$(API_KEY) costs $5"}])))
    assert found.manifest["spec"]["environment"] == [{"name": "PROMPT", "value": "$$(API_KEY) costs $5"}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda items: st.lists(items, max_size=4) | st.dictionaries(st.text(max_size=10), items, max_size=4),
    max_leaves=10,
)
FIELDS = ("identifier", "version", "transport", "packageArguments", "environmentVariables", "runtimeArguments")


@given(st.sampled_from(["oci", "npm", "pypi"]), st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)))
def test_whatever_a_package_has_the_result_is_a_manifest_or_an_error(kind, fields):
    base = {"oci": oci(), "npm": npm(), "pypi": npm(registryType="pypi", identifier="weather")}[kind]
    try:
        found = manifest_of(entry({**base, **fields}))
    except RegistryEntryInvalid:
        return
    check(json.loads(json.dumps(found.manifest)))
    assert all(isinstance(line, str) for line in (*found.missing, *found.notes))
