# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The argument spec of ``mcp_validate``, and the conversion of arguments to targets and options."""

from __future__ import annotations

import typing as t

from .options import AUTHENTICATION, TRANSPORTS, ClientCredentials, Options, Target, ToolCall

if t.TYPE_CHECKING:
    _Spec = dict[str, dict[str, t.Any]]

CONCURRENCY: t.Final = 16  # the default number of targets at the same time

# These identify a server: each target of a list has its own.
_LOCATION: t.Final[_Spec] = {
    "url": {"type": "str"},
    "scheme": {"type": "str", "default": "http", "choices": ["http", "https"]},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "path": {"type": "str"},
}
_SETTINGS: t.Final[_Spec] = {
    "host_header": {"type": "str"},
    "transport": {"type": "str", "default": "auto", "choices": list(TRANSPORTS)},
    "timeout": {"type": "float", "default": 30.0},
    "request_timeout": {"type": "float", "default": 10.0},
    "start_timeout": {"type": "float", "default": 0.0},
    "required_capabilities": {"type": "list", "elements": "str", "default": []},
    "strict": {"type": "bool", "default": False},
    "deep": {"type": "bool", "default": False},
    "expect": {"type": "list", "elements": "str"},
    "tool_call": {
        "type": "dict",
        "options": {"name": {"type": "str", "required": True}, "arguments": {"type": "dict"}},
    },
    "headers": {"type": "dict", "no_log": True},
    "bearer_token": {"type": "str", "no_log": True},
    "client_credentials": {
        "type": "dict",
        "options": {
            "client_id": {"type": "str", "required": True},
            "client_secret": {"type": "str", "required": True, "no_log": True},
            "token_url": {"type": "str", "no_log": False},  # a URL is not a secret
            "issuer": {"type": "str"},
            "scopes": {"type": "list", "elements": "str"},
            "resource": {"type": "str"},
            "authentication": {"type": "str", "choices": list(AUTHENTICATION), "default": AUTHENTICATION[0]},
        },
        "mutually_exclusive": [("token_url", "issuer")],
        "required_one_of": [("token_url", "issuer")],
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_cert": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},  # a path is not a secret
}
_EXCLUSIVE: t.Final = [
    ("url", "host"),
    ("url", "port"),
    ("url", "path"),
    ("bearer_token", "client_credentials"),
]
_TOGETHER: t.Final = {"client_key": ("client_cert",)}


def _without_defaults(spec: _Spec) -> _Spec:
    return {name: {key: value for key, value in item.items() if key != "default"} for name, item in spec.items()}


ARGUMENT_SPEC: t.Final[_Spec] = {
    **_LOCATION,
    **_SETTINGS,
    "targets": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str"}, **_without_defaults({**_LOCATION, **_SETTINGS})},
        "mutually_exclusive": _EXCLUSIVE,
        "required_one_of": [("url", "host")],
        "required_by": _TOGETHER,
    },
    "concurrency": {"type": "int", "default": CONCURRENCY},
    "fail_on_noncompliance": {"type": "bool", "default": True},
}

CONSTRAINTS: t.Final[dict[str, t.Any]] = {
    "mutually_exclusive": [*_EXCLUSIVE, ("targets", "url"), ("targets", "host")],
    "required_one_of": [("url", "host", "targets")],
    "required_by": _TOGETHER,
}


def merge_target(params: t.Mapping[str, t.Any], target: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the arguments of one target of a list; those it omits are inherited from the task."""
    inherited = {name: params[name] for name in (*_LOCATION, *_SETTINGS)}
    own = {name: value for name, value in target.items() if value is not None}
    if "url" in own:  # the URL includes them
        inherited.update(scheme=_LOCATION["scheme"]["default"], port=None, path=None)
    if "bearer_token" in own or "client_credentials" in own:
        inherited.update(bearer_token=None, client_credentials=None)
    return {**inherited, **own}


def target_from(params: t.Mapping[str, t.Any]) -> Target:
    """Return the target that the arguments describe."""
    return Target(
        url=params["url"],
        scheme=params["scheme"],
        host=params["host"],
        port=params["port"],
        path=params["path"],
        transport=params["transport"],
        host_header=params["host_header"],
    )


def options_from(params: t.Mapping[str, t.Any]) -> Options:
    """Return the options that the arguments describe."""
    return Options(
        timeout=params["timeout"],
        request_timeout=params["request_timeout"],
        start_timeout=params["start_timeout"],
        required_capabilities=tuple(params["required_capabilities"]),
        strict=params["strict"],
        deep=params["deep"],
        tool_call=_tool_call(params["tool_call"]),
        expect=tuple(params["expect"] or ()),
        headers={str(name): str(value) for name, value in (params["headers"] or {}).items()},
        bearer_token=params["bearer_token"],
        client_credentials=_client_credentials(params["client_credentials"]),
        validate_certs=params["validate_certs"],
        ca_cert=params["ca_cert"],
        client_cert=params["client_cert"],
        client_key=params["client_key"],
    )


def _tool_call(given: t.Mapping[str, t.Any] | None) -> ToolCall | None:
    return None if given is None else ToolCall(given["name"], given["arguments"] or {})


def _client_credentials(given: t.Mapping[str, t.Any] | None) -> ClientCredentials | None:
    return None if given is None else ClientCredentials(**{**given, "scopes": tuple(given["scopes"] or ())})
