# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The parts of the official client that are used here, without its generated API.

The packages of the client import their generated API, its models and the packages for them, which take 11 MiB and most
of the time of the import. They are created without running their own code, which runs when another attribute of
them is read. So the packages are complete for everything else in this process, such as kubernetes.core.

:raises ImportError: the client is not installed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
import types
import typing as t

# Parents first.
_PACKAGES = ("kubernetes", "kubernetes.client", "kubernetes.config", "kubernetes.utils")
_LOCK = threading.RLock()


class _Package(types.ModuleType):
    """A package that is executed when an attribute is read that it lacks."""

    def __getattr__(self, name: str) -> t.Any:
        with _LOCK:
            if type(self) is _Package:
                self.__class__ = types.ModuleType  # type: ignore[assignment]
                t.cast("t.Any", self.__spec__).loader.exec_module(self)
        return getattr(self, name)  # of what was executed


def _create(name: str) -> None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        return  # importing its modules fails, or this release of the client has no such package
    package = _Package(name)
    package.__spec__, package.__loader__, package.__file__ = spec, spec.loader, spec.origin
    package.__package__, package.__path__ = name, spec.submodule_search_locations
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


class _ApiClient:
    """Stands in for the official client's class, which requests new tokens from OpenID Connect providers."""

    def __new__(cls, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return importlib.import_module("kubernetes.client.api_client").ApiClient(*args, **kwargs)


if "kubernetes" not in sys.modules and importlib.util.find_spec("kubernetes") is not None:
    for _name in _PACKAGES:
        _create(_name)

Configuration: t.Any = importlib.import_module("kubernetes.client.configuration").Configuration
RestClient: t.Any = importlib.import_module("kubernetes.client.rest").RESTClientObject
_client = sys.modules["kubernetes.client"]
_client.Configuration = Configuration  # type: ignore[attr-defined] # the modules of kubernetes.config import it
ConfigException: t.Any = importlib.import_module("kubernetes.config.config_exception").ConfigException


def load_incluster_config(configuration: t.Any) -> None:
    """Configure the client with the ServiceAccount of this Pod."""
    importlib.import_module("kubernetes.config.incluster_config").load_incluster_config(
        client_configuration=configuration
    )


def kube_config() -> t.Any:
    """Return the module that reads kubeconfigs."""
    with _LOCK:
        lacks = "kubernetes.config.kube_config" not in sys.modules and "ApiClient" not in vars(_client)
        if lacks:
            _client.ApiClient = _ApiClient  # type: ignore[attr-defined]
        try:
            return importlib.import_module("kubernetes.config.kube_config")
        finally:
            if lacks:
                del _client.ApiClient
