// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// The specification's own JSON schemas, by revision, which the conformance suite carries: node schemas.mjs > schemas.
// It has no way to print them, so they are read out of its (pinned) bundle: each is an object literal without code.

import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

const bundle = readFileSync(new URL('node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url), 'utf8');

// The end of the literal that begins here: braces within texts do not count.
function endOf(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '`' || character === '"' || character === "'") {
      for (at += 1; text[at] !== character; at += 1) if (text[at] === '\\') at += 1;
    } else if (character === '{') depth += 1;
    else if (character === '}' && (depth -= 1) === 0) return at + 1;
  }
  throw new Error('a literal without an end');
}

// Revisions, newest first, by a type that the one before it does not have.
const FIRST_HAS = [
  ['2026-07-28', 'DiscoverResult'],
  ['2025-11-25', 'TaskMetadata'],
  ['2025-06-18', 'ElicitRequest'],
  ['2025-03-26', 'AudioContent'],
];

const schemas = {};
for (const { index } of bundle.matchAll(/\{\$schema:`https?:\/\/json-schema\.org\/draft[^`]*`/g)) {
  const text = bundle.slice(index, endOf(bundle, index));
  if (!text.includes('ListToolsResult:{')) continue; // another schema
  const schema = runInNewContext(`(${text})`);
  const types = schema.definitions ?? schema.$defs;
  schemas[FIRST_HAS.find(([, type]) => types[type] !== undefined)[0]] = schema;
}
process.stdout.write(JSON.stringify(schemas));
