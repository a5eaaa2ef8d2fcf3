// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A greeter on the official TypeScript SDK, 2.x: node server.mjs dual|modern. PORT says where it listens, on loopback.

import { createServer } from 'node:http';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

function make() {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' }, { instructions: 'Greets.' });
  server.registerTool(
    'greet',
    { description: 'Greet somebody.', inputSchema: z.object({ name: z.string() }) },
    async ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name}!` }] }),
  );
  server.registerPrompt('welcome', { description: 'Ask for a welcome.' }, async () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Welcome me.' } }],
  }));
  return server;
}

const handler = toNodeHandler(createMcpHandler(make, { legacy: process.argv[2] === 'modern' ? 'reject' : 'stateless' }));
const hostIsLocal = localhostHostValidation();
const originIsLocal = localhostOriginValidation();
createServer((request, response) => {
  if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return;
  if (new URL(request.url, 'http://localhost').pathname === '/mcp') handler(request, response);
  else response.writeHead(404).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
