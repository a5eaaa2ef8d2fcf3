# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this document fragment is **PRIVATE** to the collection. It can have breaking changes at any time.

from __future__ import annotations


class ModuleDocFragment:
    """Options of actions that process the workloads of MCPServers."""

    DOCUMENTATION = r"""
options: {}
"""

    # Actions whose hosts may be in several clusters.
    CLUSTERS = r"""
options:
  connections:
    description:
      - C(kubeconfig) and C(context) by host name, for hosts whose MCPServer is in another cluster than that of the
        connection options. All clusters are processed in parallel.
      - C(api_server) is the expected address of the API server. The host fails if the connection has another one.
    type: dict
    default: {}
"""

    # Actions that render workloads.
    RENDER = r"""
options:
  default_resources:
    description:
      - Requests and limits for MCPServers without C(spec.resources).
      - Defaults to C(requests) of 50m CPU and 64Mi memory, and C(limits) of 512Mi memory.
    type: dict
  bridge_images:
    description:
      - Images that contain the sidecar of servers with C(transport.type=stdio) or with C(metrics.enabled=true).
      - C(inject) is the image of the sidecar of HTTP servers, and the program is copied from it into the Pods of stdio
        servers that have an image. Servers without an image run in C(package).
    type: dict
  network:
    description:
      - Settings of the NetworkPolicies of MCPServers. Keys that are not set have the defaults of
        O(mcp.kubernetes.mcpserver#role:main:mcpserver_network), which describes them.
    type: dict
    version_added: 0.2.0
"""

    # Actions that render with the role's templates unless another folder is set.
    TEMPLATES = r"""
options:
  templates:
    description: Folder of the templates. Defaults to that of the role P(mcp.kubernetes.mcpserver#role).
    type: path
"""

    # Actions that choose between the workload and the operator.
    APPLY_MODE = r"""
options:
  apply:
    description:
      - Whether to apply the workload of an MCPServer, or leave it to the operator.
      - V(auto) leaves it to the operator if one manages the namespace, according to its Lease.
      - V(object) applies the MCPServer only.
      - V(workload) always applies the workload. In a cluster without the CustomResourceDefinition it applies the
        workload only, and identifies its objects by labels instead of owner references.
    type: str
    choices: [auto, object, workload]
    default: auto
"""

    # Actions that wait for the objects of MCPServers.
    WAIT = r"""
options:
  wait_timeout:
    description: Seconds to wait for the Pods to become ready, or for objects to be deleted.
    type: float
    default: 120.0
"""

    # Actions that validate Pods.
    VALIDATION = r"""
options:
  validate_timeout:
    description:
      - Timeout of the validation of one Pod, in seconds.
      - If each session of a stdio server starts a process, its C(startTimeoutSeconds) is added.
    type: float
    default: 30.0
  fail_on_invalid:
    description:
      - Whether a server that fails validation without strict mode is a failure.
      - If V(false), it is a warning.
    type: bool
    default: true
    version_added: 0.2.0
  validation_image:
    description:
      - The operator's image. If set, the Pods of an MCPServer with C(spec.validation.runner=job) are validated by a Job
        in its namespace. The Job is kept for an hour, with the whole report in its log.
      - Otherwise, and in check mode, they are validated through the port-forward.
      - M(mcp.kubernetes.mcpserver) has that of this version by default, and with an empty value the port-forward.
    type: str
"""
