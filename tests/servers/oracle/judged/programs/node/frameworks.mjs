// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on a JavaScript framework of which only the named one is installed: frameworks.mjs NAME.

import { createServer } from 'node:http';
import { Readable } from 'node:stream';

const hostname = '127.0.0.1';
const port = Number(process.env.PORT);

// Serve a handler of the Fetch API.
function serve(handle) {
  createServer(async (incoming, outgoing) => {
    const body = ['GET', 'HEAD'].includes(incoming.method) ? undefined : Readable.toWeb(incoming);
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
      body,
      duplex: 'half',
      signal: gone.signal,
    });
    const response = (await handle(request)) ?? new Response('Not Found', { status: 404 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    if (response.body) Readable.fromWeb(response.body).on('error', () => outgoing.destroy()).pipe(outgoing);
    else outgoing.end();
  }).listen(port, hostname);
}

const frameworks = {
  async hono() {
    const { Hono } = await import('hono');
    const { StreamableHTTPTransport } = await import('@hono/mcp');
    const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
    const application = new Hono();
    application.all('/mcp', async (context) => {
      const server = new McpServer({ name: 'judged', version: '1.0.0' });
      server.tool('now', 'Return the time.', async () => ({ content: [{ type: 'text', text: String(Date.now()) }] }));
      const transport = new StreamableHTTPTransport();
      await server.connect(transport);
      return transport.handleRequest(context);
    });
    serve((request) => application.fetch(request));
  },
  async lite() {
    const { McpServer, StreamableHttpTransport } = await import('mcp-lite');
    const server = new McpServer({ name: 'judged', version: '1.0.0' });
    server.tool('now', {
      description: 'Return the time.',
      inputSchema: { type: 'object', properties: {} },
      handler: () => ({ content: [{ type: 'text', text: String(Date.now()) }] }),
    });
    const handle = new StreamableHttpTransport().bind(server);
    serve((request) => handle(request));
  },
  async tmcp() {
    const { McpServer } = await import('tmcp');
    const { HttpTransport } = await import('@tmcp/transport-http');
    const { ValibotJsonSchemaAdapter } = await import('@tmcp/adapter-valibot');
    const server = new McpServer(
      { name: 'judged', version: '1.0.0' },
      { adapter: new ValibotJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
    );
    server.tool({ name: 'now', description: 'Return the time.' }, async () => ({
      content: [{ type: 'text', text: String(Date.now()) }],
    }));
    const transport = new HttpTransport(server);
    serve((request) => transport.respond(request));
  },
  async handler() {
    const { createMcpHandler } = await import('mcp-handler');
    const handle = createMcpHandler((server) => {
      server.registerTool('now', { description: 'Return the time.' }, async () => ({
        content: [{ type: 'text', text: String(Date.now()) }],
      }));
    }, { serverInfo: { name: 'judged', version: '1.0.0' } });
    serve((request) => handle(request));
  },
};

await frameworks[process.argv[2]]();
