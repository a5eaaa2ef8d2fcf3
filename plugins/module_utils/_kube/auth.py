# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How to reach the API server, by the official client and with kubernetes.core's option names.

Order, the same as in kubernetes.core: explicit host and credentials; then the kubeconfig that was named (or the
default one); then the ServiceAccount of the Pod that we run in.
"""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

from .errors import ClientMissing, ConfigError

try:
    import kubernetes.client
    import kubernetes.config
    from kubernetes.config.config_exception import ConfigException

    IMPORT_ERROR: str | None = None
except ImportError as exc:  # the modules that need it say so; those that do not must go on working
    IMPORT_ERROR = str(exc)

if t.TYPE_CHECKING:
    from kubernetes.client import Configuration

# Options that name credentials themselves: with them and a host no kubeconfig is read.
_EXPLICIT = ("api_key", "username", "client_cert")
# One connection for each thread of a batch.
POOL_SIZE = 32
_DEFAULT = "~/.kube/config"


def configuration(options: t.Mapping[str, t.Any]) -> Configuration:
    """Return the official client's configuration for these options.

    :param options: kubernetes.core's authentication options (``kubeconfig``, ``context``, ``host``, ``api_key``,
        ``username``, ``password``, ``validate_certs``, ``ca_cert``, ``client_cert``, ``client_key``, ``proxy``,
        ``no_proxy``), each may be missing or None.
    :raises ClientMissing: the ``kubernetes`` package is not installed.
    :raises ConfigError: the kubeconfig or the context cannot be used.
    """
    if IMPORT_ERROR is not None:
        raise ClientMissing(
            f"The Python package kubernetes cannot be imported: {IMPORT_ERROR}.",
            "Install it for the Python that runs Ansible: pip install 'kubernetes>=29,!=36.0.0,!=36.0.1'.",
        )
    config = kubernetes.client.Configuration()
    if not (options.get("host") and any(options.get(name) for name in _EXPLICIT)):
        _load(config, options)
    _override(config, options)
    config.connection_pool_maxsize = POOL_SIZE
    # The client's own urllib3 retries hide what went wrong and how long it took: client.py retries itself.
    config.retries = False
    return config


def _load(config: Configuration, options: t.Mapping[str, t.Any]) -> None:
    loader: t.Any = kubernetes.config  # it has no type hints
    kubeconfig = options.get("kubeconfig")
    context = options.get("context")
    try:
        if isinstance(kubeconfig, t.Mapping):
            loader.load_kube_config_from_dict(
                dict(kubeconfig), context=context, client_configuration=config, persist_config=False
            )
        elif kubeconfig or context or _default_kubeconfig_exists():
            # Named at each call: the loader remembers what KUBECONFIG was when it was imported.
            path = str(Path(str(kubeconfig or os.environ.get("KUBECONFIG") or _DEFAULT)).expanduser())
            loader.load_kube_config(
                config_file=path, context=context, client_configuration=config, persist_config=False
            )
        else:
            loader.load_incluster_config(client_configuration=config)
    except ConfigException as exc:
        raise ConfigError(*_explain(exc, kubeconfig, context)) from None
    except Exception as exc:  # noqa: BLE001 - a kubeconfig is any YAML: what the loader raises then is not settled
        raise ConfigError(
            f"The kubeconfig {_name(kubeconfig)} cannot be read: {type(exc).__name__}: {str(exc)[:300]}.",
            "Check it with: kubectl config view.",
        ) from None


def _explain(exc: Exception, kubeconfig: t.Any, context: str | None) -> tuple[str, str]:
    text = str(exc).rstrip(".")
    if "Service host/port is not set" in text or "Service token file does not exist" in text:
        return (
            "There is no kubeconfig and this is not a Pod of a cluster.",
            "Set KUBECONFIG or K8S_AUTH_KUBECONFIG, or give the option kubeconfig.",
        )
    if context and "context" in text.lower():
        return (
            f"The kubeconfig {_name(kubeconfig)} has no usable context {context}: {text}.",
            "List the contexts with: kubectl config get-contexts.",
        )
    return (
        f"The kubeconfig {_name(kubeconfig)} cannot be used: {text}.",
        "Check it with: kubectl config view; or name another with KUBECONFIG or the option kubeconfig.",
    )


def _name(kubeconfig: t.Any) -> str:
    if isinstance(kubeconfig, t.Mapping):
        return "given as a dictionary"
    return str(kubeconfig or os.environ.get("KUBECONFIG") or _DEFAULT)


def _default_kubeconfig_exists() -> bool:
    if os.environ.get("KUBECONFIG"):
        return True
    return Path(_DEFAULT).expanduser().exists()


def _override(config: Configuration, options: t.Mapping[str, t.Any]) -> None:
    simple = {
        "host": "host",
        "ca_cert": "ssl_ca_cert",
        "client_cert": "cert_file",
        "client_key": "key_file",
        "proxy": "proxy",
        "no_proxy": "no_proxy",
        "username": "username",
        "password": "password",
    }
    for option, attribute in simple.items():
        if options.get(option):
            setattr(config, attribute, options[option])
    if options.get("validate_certs") is not None:
        config.verify_ssl = bool(options["validate_certs"])
    if options.get("api_key"):
        # What renews the kubeconfig's own token would put it in our place.
        config.refresh_api_key_hook = None
        # Both spellings: the client reads BearerToken from 36 on and authorization before.
        config.api_key = {"BearerToken": options["api_key"], "authorization": options["api_key"]}
        config.api_key_prefix = {"BearerToken": "Bearer", "authorization": "Bearer"}
