// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

// The sidecar runs in images without a bundle of authorities, such as its own. There, issuers are verified with the roots
// of Mozilla that this package contains. Where the image has a bundle, only that is used.
import _ "golang.org/x/crypto/x509roots/fallback"
