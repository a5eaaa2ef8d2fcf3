// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// A reaper starts processes and waits for all descendants that end, including those that a server leaves behind:
// process 1 of a container must do so.
type reaper struct {
	mu      sync.Mutex
	waiting map[int]chan syscall.WaitStatus
}

const prSetChildSubreaper = 36

func newReaper() *reaper {
	r := &reaper{waiting: map[int]chan syscall.WaitStatus{}}
	// Adopt orphans where this is not process 1.
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	go func() {
		for range ended {
			r.collect()
		}
	}()
	return r
}

// start starts a process in its own process group. The channel delivers its wait status.
func (r *reaper) start(path string, argv []string, files []*os.File) (int, <-chan syscall.WaitStatus, error) {
	// Under the lock, so that collect cannot reap a process before it is registered.
	r.mu.Lock()
	defer r.mu.Unlock()
	attr := &os.ProcAttr{Files: files, Sys: &syscall.SysProcAttr{Setpgid: true}}
	process, err := os.StartProcess(path, argv, attr)
	if err != nil {
		return 0, nil, err
	}
	pid := process.Pid
	// The reaper waits for it; the os package must not.
	_ = process.Release()
	done := make(chan syscall.WaitStatus, 1)
	r.waiting[pid] = done
	return pid, done, nil
}

func (r *reaper) collect() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if done, ours := r.waiting[pid]; ours {
			delete(r.waiting, pid)
			done <- status
		}
	}
}
