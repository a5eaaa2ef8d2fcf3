// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// What the official TypeScript client sees of servers: node client.mjs 1|2 SECONDS < targets > answers.
// Each line of standard input is a JSON list of {url, transport, call, headers}; each line of standard output a list of
// what was seen, or of {error}.

import { createInterface } from 'node:readline';

const PAGES_AT_MOST = 100;
const AT_ONCE = 16; // most of the time is waiting
const INFO = { name: 'oracle', version: '1.0.0' };

// The stable line, 1.x: its client shakes hands.
async function connectOld({ url, transport, headers }) {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const { SSEClientTransport } = await import('@modelcontextprotocol/sdk/client/sse.js');
  const Transport = transport === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport;
  const way = new Transport(new URL(url), { requestInit: { headers } });
  let version;
  way.setProtocolVersion = (negotiated) => { version = negotiated; way._protocolVersion = negotiated; };
  const client = new Client(INFO);
  await client.connect(way);
  return { client, version: () => version };
}

// 2.x: asks for the revision without a handshake first.
async function connectNew({ url, transport, headers }) {
  const { Client, StreamableHTTPClientTransport, SSEClientTransport } = await import('@modelcontextprotocol/client');
  const Transport = transport === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport;
  const way = new Transport(new URL(url), { requestInit: { headers } });
  const client = new Client(INFO, { versionNegotiation: { mode: transport === 'sse' ? 'legacy' : 'auto' } });
  await client.connect(way);
  return { client, version: () => client.getNegotiatedProtocolVersion() };
}

async function names(list, field) {
  const found = [];
  let cursor;
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const result = await list(cursor === undefined ? undefined : { cursor });
    found.push(...result[field].map((item) => item.name));
    cursor = result.nextCursor;
    if (cursor === undefined) return found.sort();
  }
  throw new Error(`${field}: more than ${PAGES_AT_MOST} pages`);
}

async function describe(connect, target) {
  const { client, version } = await connect(target);
  try {
    const has = client.getServerCapabilities();
    const info = client.getServerVersion();
    const seen = {
      protocolVersion: version(),
      serverInfo: info ? { name: info.name, version: info.version } : null,
      capabilities: Object.keys(has).sort(),
      tools: has.tools ? await names((params) => client.listTools(params), 'tools') : [],
      resources: has.resources ? await names((params) => client.listResources(params), 'resources') : [],
      resourceTemplates: has.resources
        ? await names((params) => client.listResourceTemplates(params), 'resourceTemplates').catch(optional)
        : [],
      prompts: has.prompts ? await names((params) => client.listPrompts(params), 'prompts') : [],
    };
    if (target.call) await client.callTool(target.call);
    return seen;
  } finally {
    await client.close();
  }
}

function optional(error) {
  if (error.code === -32601) return [];
  throw error;
}

function within(seconds, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${seconds} s`)), seconds * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const [line, seconds] = process.argv.slice(2);
// What is imported is cached, so that the time to import it is not the first servers'.
const modules = line === '1'
  ? ['sdk/client/index.js', 'sdk/client/streamableHttp.js', 'sdk/client/sse.js'] : ['client'];
await Promise.all(modules.map((name) => import(`@modelcontextprotocol/${name}`)));
const connect = line === '1' ? connectOld : connectNew;

async function describeAll(targets) {
  const answers = [];
  let next = 0;
  async function worker() {
    while (next < targets.length) {
      const number = next;
      next += 1;
      try {
        answers[number] = await within(Number(seconds), describe(connect, targets[number]));
      } catch (error) {
        answers[number] = { error: String(error) };
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}

for await (const targets of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await describeAll(JSON.parse(targets)))}\n`);
}
process.stdout.write('', () => process.exit(0));
