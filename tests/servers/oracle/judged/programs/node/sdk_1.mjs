// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on the official TypeScript SDK, 1.x: sdk_1.mjs stateful|stateless|json|sse. PORT says where it listens.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const mode = process.argv[2];
const sessions = new Map();

function make() {
  const server = new McpServer({ name: 'judged', version: '1.0.0' }, { instructions: 'Adds.' });
  server.tool('add', 'Add two numbers.', { a: z.number(), b: z.number() }, async ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  server.resource('constants', 'judged://constants', async (uri) => ({ contents: [{ uri: uri.href, text: '3.14' }] }));
  server.resource('constant', new ResourceTemplate('judged://constants/{name}', { list: undefined }), async (uri) => ({
    contents: [{ uri: uri.href, text: '3.14' }],
  }));
  server.prompt('check', 'Ask for a check.', { claim: z.string() }, ({ claim }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: claim } }],
  }));
  return server;
}

async function sse(request, response) {
  const { SSEServerTransport } = await import('@modelcontextprotocol/sdk/server/sse.js');
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && url.pathname === '/sse') {
    const transport = new SSEServerTransport('/messages', response);
    sessions.set(transport.sessionId, transport);
    response.on('close', () => sessions.delete(transport.sessionId));
    await make().connect(transport);
    return;
  }
  const transport = sessions.get(url.searchParams.get('sessionId'));
  if (request.method === 'POST' && transport) await transport.handlePostMessage(request, response);
  else response.writeHead(404).end();
}

async function streamable(request, response) {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  if (new URL(request.url, 'http://localhost').pathname !== '/mcp') {
    response.writeHead(404).end();
    return;
  }
  let transport = sessions.get(request.headers['mcp-session-id']);
  if (!transport) {
    const stateless = mode === 'stateless';
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: stateless ? undefined : () => randomUUID(),
      enableJsonResponse: mode === 'json',
      onsessioninitialized: (id) => sessions.set(id, transport),
    });
    transport.onclose = () => sessions.delete(transport.sessionId);
    await make().connect(transport);
  }
  await transport.handleRequest(request, response);
}

const handle = mode === 'sse' ? sse : streamable;
createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500).end();
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
