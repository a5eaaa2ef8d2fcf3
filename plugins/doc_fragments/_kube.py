# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this document fragment is **PRIVATE** to the collection. It can have breaking changes at any time.

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the API server, with kubernetes.core's option names."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path to a kubeconfig file, or its content as a dictionary.
      - Without it, E(KUBECONFIG), then C(~/.kube/config), then the ServiceAccount of the Pod we run in are used.
      - Can also be specified with E(K8S_AUTH_KUBECONFIG).
    type: raw
  context:
    description:
      - The context of the kubeconfig; its current one by default.
      - Can also be specified with E(K8S_AUTH_CONTEXT).
    type: str
  host:
    description:
      - URL of the API server. Together with O(api_key), O(username) or O(client_cert) no kubeconfig is read.
      - Can also be specified with E(K8S_AUTH_HOST).
    type: str
  api_key:
    description:
      - Bearer token.
      - Can also be specified with E(K8S_AUTH_API_KEY).
    type: str
  username:
    description:
      - User name for HTTP basic authentication, for example of a proxy in front of the API server.
      - Can also be specified with E(K8S_AUTH_USERNAME).
    type: str
  password:
    description:
      - Password for O(username).
      - Can also be specified with E(K8S_AUTH_PASSWORD).
    type: str
  validate_certs:
    description:
      - Whether to check the API server's certificate. What the kubeconfig says by default.
      - Can also be specified with E(K8S_AUTH_VERIFY_SSL).
    type: bool
    aliases: [verify_ssl]
  ca_cert:
    description:
      - Path to the CA certificate of the API server.
      - Can also be specified with E(K8S_AUTH_SSL_CA_CERT).
    type: path
    aliases: [ssl_ca_cert]
  client_cert:
    description:
      - Path to a client certificate.
      - Can also be specified with E(K8S_AUTH_CERT_FILE).
    type: path
    aliases: [cert_file]
  client_key:
    description:
      - Path to the key of O(client_cert).
      - Can also be specified with E(K8S_AUTH_KEY_FILE).
    type: path
    aliases: [key_file]
  proxy:
    description:
      - URL of an HTTP proxy in front of the API server.
      - Can also be specified with E(K8S_AUTH_PROXY).
    type: str
  no_proxy:
    description:
      - Comma-separated hosts that are reached without O(proxy).
      - Can also be specified with E(K8S_AUTH_NO_PROXY).
    type: str
requirements:
  - kubernetes >= 29 (on the controller)
"""
