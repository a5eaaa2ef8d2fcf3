# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is left of an operator that was stopped makes room for this one, in a cluster where nobody else is."""

from __future__ import annotations

import datetime as dt

from support import reference
from support.playbooks import Playbooks

PLACE = "mcp-operator-controller-manager"


def test_the_deployment_that_was_stopped_goes_with_the_last_run(bed, client, namespace, servers) -> None:
    reference.lease(client, namespace, dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    reference.operator(client, namespace, replicas=0)
    playbooks = Playbooks(bed.kubeconfig)

    def run(*options):
        return playbooks.run("takeover", *options, mcp_reference_namespace=namespace)

    assert run("--check").changed > 0
    assert client.find(*reference.DEPLOYMENT, namespace, PLACE) is not None
    assert (done := run()).code == 0, done.output
    assert client.find(*reference.DEPLOYMENT, namespace, PLACE) is None
    assert (again := run()).code == 0, again.output
    assert again.changed == 0
