# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""`python3 tests/servers COMMAND`: real and broken MCP servers as container images, see README.md beside this file."""

import sys

from imagebuilder.cli import main

sys.exit(main())
