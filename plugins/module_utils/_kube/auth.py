# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The official client's configuration from kubernetes.core's authentication options.

The order of precedence is that of kubernetes.core: host and credentials given as options; the given kubeconfig, or
the default one; the ServiceAccount of the Pod that runs this process.
"""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

from . import official_client
from .errors import ClientMissing, ConfigError
from .kubeconfig import DEFAULT, paths, select
from .official_client import IMPORT_ERROR, ConfigException

if t.TYPE_CHECKING:
    from kubernetes.client import Configuration

# Options that are credentials: with one of them and a host, no kubeconfig is read.
_EXPLICIT = ("api_key", "username", "client_cert")
# An entry of a kubeconfig in an error of the loader.
_CONTENT = re.compile(r"/\{.*", re.DOTALL)
# One connection for each thread of a batch.
POOL_SIZE = 32


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
    config: Configuration = official_client.Configuration()
    if not (options.get("host") and any(options.get(name) for name in _EXPLICIT)):
        _load(config, options)
    _override(config, options)
    config.connection_pool_maxsize = POOL_SIZE
    # Retries of urllib3 hide the error and the time that they take, so client.py has its own.
    config.retries = False
    return config


def context_name(options: t.Mapping[str, t.Any]) -> str:
    """Return the name of the kubeconfig's context in use; empty if the API server does not come from a context.

    :param options: options that :func:`configuration` has accepted.
    """
    if options.get("host"):
        return ""
    if options.get("context"):
        return str(options["context"])
    kubeconfig = options.get("kubeconfig")
    if isinstance(kubeconfig, t.Mapping):
        return str(kubeconfig.get("current-context") or "")
    files, context = select(kubeconfig, None)
    if context:
        return context
    try:
        _contexts, current = official_client.kube_config().list_kube_config_contexts(config_file=files)
    except ConfigException:
        return ""  # no kubeconfig: the process runs in a Pod
    return str(current["name"])


def import_loader(options: t.Mapping[str, t.Any]) -> None:
    """Import what :func:`configuration` needs for these options: reading kubeconfigs takes many more modules."""
    if IMPORT_ERROR is None and _is_from_kubeconfig(options):
        official_client.kube_config()


def _is_from_kubeconfig(options: t.Mapping[str, t.Any]) -> bool:
    return bool(options.get("kubeconfig") or options.get("context") or _default_kubeconfig_exists())


def _load(config: Configuration, options: t.Mapping[str, t.Any]) -> None:
    kubeconfig = options.get("kubeconfig")
    context = options.get("context")
    try:
        if isinstance(kubeconfig, t.Mapping):
            official_client.kube_config().load_kube_config_from_dict(
                dict(kubeconfig), context=context, client_configuration=config, persist_config=False
            )
        elif _is_from_kubeconfig(options):
            # The loader merges several files by name, and its default is the KUBECONFIG of when it was imported.
            files, context = select(kubeconfig, context)
            official_client.kube_config().load_kube_config(
                config_file=files, context=context, client_configuration=config, persist_config=False
            )
        else:
            official_client.load_incluster_config(config)
    except ConfigError:
        raise
    except ConfigException as exc:
        raise ConfigError(*_explain(exc, kubeconfig, context)) from None
    except Exception as exc:  # noqa: BLE001 - for other YAML than a kubeconfig, the loader raises any exception
        raise ConfigError(
            f"The kubeconfig {_name(kubeconfig)} cannot be read: {type(exc).__name__}: {str(exc)[:300]}.",
            "Check it with: kubectl config view.",
        ) from None


def _explain(exc: Exception, kubeconfig: t.Any, context: str | None) -> tuple[str, str]:
    # The loader names an entry by the path of the file and all that is in it, also credentials.
    text = _CONTENT.sub("", str(exc)).rstrip(".")
    if "Service host/port is not set" in text or "Service token file does not exist" in text:
        return (
            "There is no kubeconfig and this is not a Pod of a cluster.",
            "Set KUBECONFIG or K8S_AUTH_KUBECONFIG, or give the option kubeconfig.",
        )
    if not isinstance(kubeconfig, t.Mapping) and not any(map(os.path.exists, paths(kubeconfig))):
        return (
            f"There is no file {_name(kubeconfig)}.",
            "Name a kubeconfig with KUBECONFIG, K8S_AUTH_KUBECONFIG or the option kubeconfig.",
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
    return str(kubeconfig or os.environ.get("KUBECONFIG") or DEFAULT)


def _default_kubeconfig_exists() -> bool:
    if os.environ.get("KUBECONFIG"):
        return True
    return Path(DEFAULT).expanduser().exists()


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
        # The hook that renews the kubeconfig's token would overwrite this one.
        config.refresh_api_key_hook = None
        # Version 36 and later of the client read BearerToken, earlier versions authorization.
        config.api_key = {"BearerToken": options["api_key"], "authorization": options["api_key"]}
        config.api_key_prefix = {"BearerToken": "Bearer", "authorization": "Bearer"}
