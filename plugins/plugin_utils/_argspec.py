# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The authentication options of kubernetes.core for the actions of this collection."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import env_fallback


def _option(env: str, **spec: t.Any) -> dict[str, t.Any]:
    return {**spec, "fallback": (env_fallback, [env])}


# Documented in plugins/doc_fragments/_kube.py; a test compares the two.
AUTH: dict[str, dict[str, t.Any]] = {
    "kubeconfig": _option("K8S_AUTH_KUBECONFIG", type="raw"),
    "context": _option("K8S_AUTH_CONTEXT", type="str"),
    "host": _option("K8S_AUTH_HOST", type="str"),
    "api_key": _option("K8S_AUTH_API_KEY", type="str", no_log=True),
    "username": _option("K8S_AUTH_USERNAME", type="str"),
    "password": _option("K8S_AUTH_PASSWORD", type="str", no_log=True),
    "validate_certs": _option("K8S_AUTH_VERIFY_SSL", type="bool", aliases=["verify_ssl"]),
    "ca_cert": _option("K8S_AUTH_SSL_CA_CERT", type="path", aliases=["ssl_ca_cert"]),
    "client_cert": _option("K8S_AUTH_CERT_FILE", type="path", aliases=["cert_file"]),
    "client_key": _option("K8S_AUTH_KEY_FILE", type="path", aliases=["key_file"], no_log=False),
    "proxy": _option("K8S_AUTH_PROXY", type="str"),
    "no_proxy": _option("K8S_AUTH_NO_PROXY", type="str"),
}
