// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// The name under which the program was installed before; Pod templates that run still use it.
const formerName = "mcp-stdio-bridge"

// copySelf copies this program into a folder, from which another container executes it by either name.
func copySelf(destination string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	path := filepath.Join(destination, "mcp-sidecar")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	err = os.Symlink("mcp-sidecar", filepath.Join(destination, formerName))
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
