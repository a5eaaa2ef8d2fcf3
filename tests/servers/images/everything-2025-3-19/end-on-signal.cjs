// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// The server handles no signal, and process 1 is not ended by one that it does not handle: its Pod would take the whole
// grace period to go.
process.on("SIGTERM", () => process.exit(0));
