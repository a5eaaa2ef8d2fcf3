// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Exit codes, as shells use them.
const (
	exitFailed        = 1
	exitNotExecutable = 126
	exitNotFound      = 127
)

// A cause explains why the server cannot run: a sentence for people and an exit code for programs.
type cause struct {
	text string
	code int
}

func (c *cause) Error() string { return c.text }

// find looks a command up in PATH.
func find(command string) (string, error) {
	path, err := exec.LookPath(command)
	if err == nil {
		return path, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return "", &cause{fmt.Sprintf("The command %q may not be executed by user %d.", command, os.Getuid()), exitNotExecutable}
	}
	return "", &cause{fmt.Sprintf("The command %q is not in the image (PATH is %q).", command, os.Getenv("PATH")), exitNotFound}
}

// startFailure explains why an existing program could not be started.
func startFailure(path string, err error) error {
	if errors.Is(err, syscall.ENOENT) {
		if loader := missingLoader(path); loader != "" {
			text := "The program %q needs %q to be started, which the image does not have: it was built for another C library or image."
			return &cause{fmt.Sprintf(text, path, loader), exitNotFound}
		}
	}
	return &cause{fmt.Sprintf("The program %q could not be started: %v.", path, err), exitNotExecutable}
}

// missingLoader returns the dynamic loader or interpreter that a program needs and that the image lacks.
func missingLoader(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	head := make([]byte, 256)
	n, _ := io.ReadFull(file, head)
	if script := string(head[:n]); strings.HasPrefix(script, "#!") {
		line, _, _ := strings.Cut(script[2:], "\n")
		if words := strings.Fields(line); len(words) > 0 && !exists(words[0]) {
			return words[0]
		}
		return ""
	}
	program, err := elf.NewFile(file)
	if err != nil {
		return ""
	}
	for _, part := range program.Progs {
		if part.Type != elf.PT_INTERP || part.Filesz > 4096 {
			continue
		}
		raw := make([]byte, part.Filesz)
		if _, err := part.ReadAt(raw, 0); err == nil {
			if loader := strings.TrimRight(string(raw), "\x00"); !exists(loader) {
				return loader
			}
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// exitDescription describes how a process ended.
func exitDescription(status syscall.WaitStatus) string {
	if status.Signaled() {
		return fmt.Sprintf("was ended by signal %d (%s)", status.Signal(), status.Signal())
	}
	return fmt.Sprintf("ended with exit code %d", status.ExitStatus())
}

func seconds(d time.Duration) string { return fmt.Sprintf("%g s", d.Seconds()) }
