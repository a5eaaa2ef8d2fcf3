// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// A reaper starts processes and waits for all that end below this one, also for those that a server leaves behind:
// as process 1 of a container nobody else does.
type reaper struct {
	mu      sync.Mutex
	waiting map[int]chan syscall.WaitStatus
}

const prSetChildSubreaper = 36

func newReaper() *reaper {
	r := &reaper{waiting: map[int]chan syscall.WaitStatus{}}
	// Where this is not process 1, orphans come here all the same.
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

// start begins a process in a group of its own; its wait status comes by the channel.
func (r *reaper) start(path string, argv []string, files []*os.File) (int, <-chan syscall.WaitStatus, error) {
	// Under the lock, so that collect cannot meet a process that is not registered yet.
	r.mu.Lock()
	defer r.mu.Unlock()
	attr := &os.ProcAttr{Files: files, Sys: &syscall.SysProcAttr{Setpgid: true}}
	process, err := os.StartProcess(path, argv, attr)
	if err != nil {
		return 0, nil, err
	}
	pid := process.Pid
	// Waiting is ours: nothing of os may do it too.
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
