// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// An OpenID Connect issuer: node issuer.mjs PORT JWKS_FILE [HOST CERTIFICATE_FILE KEY_FILE], by default with HTTP on loopback
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

import { Provider } from 'oidc-provider';

const [port, jwks, host, certificate, key] = process.argv.slice(2);
const provider = new Provider(host ? `https://${host}:${port}` : `http://127.0.0.1:${port}`, {
  clients: ['app', 'other', 'validation'].map((name) => ({
    client_id: name,
    client_secret: 'secret-of-the-test',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  })),
  jwks: JSON.parse(readFileSync(jwks, 'utf8')),
  scopes: ['mcp', 'mcp:write'],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: 'mcp mcp:write',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
if (host) {
  const files = { cert: readFileSync(certificate), key: readFileSync(key) };
  createServer(files, provider.callback()).listen(Number(port), host, () => console.log('listening'));
} else {
  provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
}
