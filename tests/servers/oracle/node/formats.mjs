// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Which values have a format, as the official TypeScript clients check it: node formats.mjs < pairs > answers.
// Standard input is a JSON list of [format, value]; standard output a list of booleans.

import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';

const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true }); // as the clients make theirs
addFormats(ajv);
const checks = {};
const answers = JSON.parse(readFileSync(0, 'utf8')).map(([format, value]) => {
  checks[format] ??= ajv.compile({ format });
  return checks[format](value);
});
process.stdout.write(JSON.stringify(answers));
