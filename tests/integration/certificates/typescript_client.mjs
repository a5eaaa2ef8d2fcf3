// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Call a tool with the official SDK's client over TLS: node typescript_client.mjs URL ADDRESS CA CERTIFICATE
// CERTIFICATE is a file with a client certificate and its key, or "-". Prints a line of JSON: the names of the tools, or
// an error.

import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, fetch } from 'undici';

const [url, address, ca, certificate] = process.argv.slice(2);
const pem = certificate === '-' ? undefined : readFileSync(certificate);
// The names of Services are known to the resolver of the cluster only.
const lookup = (_host, options, done) => (
  options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)
);
const dispatcher = new Agent({ connect: { ca: readFileSync(ca), cert: pem, key: pem, lookup } });

function causes(error) {
  return error.cause ? `${error}; ${causes(error.cause)}` : String(error);
}

try {
  const client = new Client({ name: 'oracle', version: '1.0.0' });
  const options = { fetch: (target, init) => fetch(target, { ...init, dispatcher }) };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  const { tools } = await client.listTools();
  await client.callTool({ name: 'now', arguments: { zone: 'UTC' } });
  console.log(JSON.stringify({ tools: tools.map((tool) => tool.name) }));
} catch (error) {
  console.log(JSON.stringify({ error: causes(error) }));
}
process.exit(0);
