# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""`python3 tests/cluster COMMAND`: the Kubernetes that the tests and the demo run on."""

import signal
import sys

from mcp_cluster.cli import main
from mcp_cluster.components import door

if sys.argv[1:2] == [door.COMMAND]:
    # Not for people: how the door's own process begins.
    door.serve(sys.argv[2], int(sys.argv[3]))
else:
    # As for Ctrl-C: what was begun, such as a build, is ended properly.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
