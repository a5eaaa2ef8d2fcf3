# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A process that imports Ansible once and forks for each run, which saves every run the time of the imports.

``preloader`` is the operator's side. ``process`` is the preloaded process, which forks the supervisor of a run.
ansible-runner forks from the supervisor, with a terminal, a process that would execute ``ansible-playbook``; it becomes
``forked_ansible`` instead, which runs the playbook. All processes of a run are therefore descendants of its supervisor,
as without preloading. ``preimport`` is what is imported, and decides whether a run can use it.
"""
