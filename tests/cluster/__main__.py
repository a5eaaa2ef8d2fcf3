# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""`python3 tests/cluster COMMAND`: the Kubernetes that the tests and the demo run on."""

import sys

from mcp_cluster.cli import main

sys.exit(main())
