# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: mcp_report
short_description: The result of mcp_validate as JUnit, SARIF, JSON or text
version_added: 0.2.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Returns the text of a file for a CI system. The content is that of the file that C(mcp-operator validate) writes.
options:
  _input:
    description: The registered result of M(mcp.kubernetes.mcp_validate), with or without C(targets).
    type: dict
    required: true
  format:
    description: The format of the text.
    type: str
    choices: [junit, sarif, json, text]
    default: sarif
  file:
    description:
      - With V(sarif), the file in the repository at whose first line the issues are shown, for example a playbook.
      - The default is the URL of the server as a path.
    type: str
seealso:
  - module: mcp.kubernetes.mcp_validate
"""

EXAMPLES = r"""
- name: Validate a fleet
  mcp.kubernetes.mcp_validate:
    targets: "{{ mcp_fleet }}"
    fail_on_noncompliance: false
  register: fleet

- name: Write the issues for code scanning
  ansible.builtin.copy:
    content: "{{ fleet | mcp.kubernetes.mcp_report('sarif', file='playbooks/fleet.yml') }}"
    dest: mcp.sarif
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.formats.formats import FORMATS, Location, ServerReport
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report


def mcp_report(
    result: t.Mapping[str, t.Any],
    format: str = "sarif",  # noqa: A002  # the name of the option in Ansible
    file: t.Optional[str] = None,
) -> str:
    """Return the result of a validation in a format.

    :raises AnsibleFilterError: the format is unknown, or this is not a result of mcp_validate.
    """
    if format not in FORMATS:
        raise AnsibleFilterError(f"mcp_report: the format {format!r} is unknown. Use one of {', '.join(FORMATS)}.")
    location = None if file is None else Location(file, 1)
    try:
        reports = result.get("reports", [result])
        found = [_server(dict(report), location) for report in reports]
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise AnsibleFilterError(f"mcp_report: this is not a result of mcp_validate: {exc}.") from exc
    return FORMATS[format](found)


def _server(result: dict[str, t.Any], location: t.Optional[Location]) -> ServerReport:
    report = Report.from_dict(result)
    label = str(result.get("name") or "")
    return ServerReport(report.endpoint or label or str(result["msg"]).partition(" ")[0], report, label, location)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"mcp_report": mcp_report}
