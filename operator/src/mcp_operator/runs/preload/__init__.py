# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A process that has Ansible imported and forks for each run, so that no run pays for the imports.

``preloader`` is the operator's side and ``process`` the other one, which forks a run's supervisor. That one forks once
more before it starts ansible-runner: the ``understudy`` waits for the ``ansible-playbook`` that ansible-runner starts,
which is the ``stub``, takes its descriptors, arguments, environment and directory, and is Ansible from then on. So all
that belongs to a run stands under its supervisor, as without this room. ``warm`` is what is imported, and when that
is not what a run needs.
"""
