# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``watches.yaml``: which kinds to watch, and which playbooks or roles reconcile them.

The format is that of ansible-operator, so that its users can run their playbooks and roles unchanged. These modules
implement the compatibility with ansible-operator:

- :mod:`.parser` reads all keys of the format, and `.entry` takes keys in any case, as Go's JSON decoder does.
- :mod:`.environment` replaces ``$NAME`` as Go's ``os.Expand`` does, and reads variables such as
  ``MAX_CONCURRENT_RECONCILES_<KIND>_<GROUP>``.
- :mod:`.selectors` converts a label selector; :mod:`.content_search` finds playbooks and roles.
- :mod:`mcp_operator.runs.variables` and :mod:`mcp_operator.runs.case_conversion` make an object's variables.
- :mod:`mcp_operator.reconcile.conditions` makes the conditions, and :mod:`mcp_operator.reconcile.annotations` reads
  ``ansible.sdk.operatorframework.io/reconcile-period`` and ``.../verbosity``.
- Playbooks with ``hosts: localhost`` run for one object at a time
  (:func:`mcp_operator.runs.ansible_content.is_for_localhost`).

:mod:`.definition` is the result, and :mod:`.content_digest` the version of what it names. These keys are accepted
without an effect: ``maxRunnerArtifacts``, because no artifacts remain after a run; ``watchClusterScopedResources``,
because ``x-mcp-operator.children`` names the kinds of dependents.
"""
