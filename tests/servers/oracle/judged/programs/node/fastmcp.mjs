// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on the npm package fastmcp: fastmcp.mjs. PORT says where it listens.

import { FastMCP } from 'fastmcp';
import { z } from 'zod';

const server = new FastMCP({ name: 'judged', version: '1.0.0' });
server.addTool({
  name: 'add',
  description: 'Add two numbers.',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: async ({ a, b }) => String(a + b),
});
server.start({ transportType: 'httpStream', httpStream: { port: Number(process.env.PORT), host: '127.0.0.1' } });
