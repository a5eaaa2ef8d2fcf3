// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package limits bounds the rate of messages of one session and of one subject.
package limits

import (
	"container/list"
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"golang.org/x/time/rate"

	"mcp.kubernetes/sidecar/internal/call"
)

const (
	maxKeys   = 10_000
	codeLimit = -32000
)

// A Rate is a number of messages in a second, and how many may come at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Parse parses N/s:BURST, or N/s.
func Parse(text string) (Rate, error) {
	number, burst, hasBurst := strings.Cut(text, ":")
	number, isPerSecond := strings.CutSuffix(number, "/s")
	perSecond, err := strconv.ParseFloat(number, 64)
	r := Rate{perSecond, int(math.Ceil(min(perSecond, math.MaxInt32)))}
	if err == nil && hasBurst {
		r.Burst, err = strconv.Atoi(burst)
	}
	if err != nil || !isPerSecond || !(perSecond > 0) || math.IsInf(perSecond, 0) || r.Burst < 1 {
		return Rate{}, fmt.Errorf("%q is not a rate such as 10/s:20", text)
	}
	return r, nil
}

// Limits are those of each session and each subject, nil without one.
type Limits struct {
	session, subject *keyed
	refused          func(limit string) // called for each refusal
}

// New takes rates, each nil where there is no limit.
func New(session, subject *Rate, refused func(limit string)) *Limits {
	return &Limits{newKeyed(session), newKeyed(subject), refused}
}

// Middleware refuses messages beyond the limits with 429.
//
// A client without a subject counts by its address, and so does one without a session that the server has issued: otherwise it
// could make sessions up.
func (l *Limits) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := call.From(r.Context())
		if len(info.Messages) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		subject := "subject " + info.Subject
		if info.Subject == "" {
			address, _, _ := net.SplitHostPort(r.RemoteAddr)
			subject = "address " + address
		}
		session := subject
		if info.KnownSession {
			session = "session " + info.Session
		}
		if most := min(l.session.most(), l.subject.most()); len(info.Messages) > most {
			// No time to wait would be long enough.
			text := fmt.Sprintf("The batch has %d messages, and the limit permits %d at once.", len(info.Messages), most)
			call.Refuse(w, r, http.StatusRequestEntityTooLarge, jsonrpc.CodeInvalidRequest, text)
			return
		}
		if wait := l.session.take(session, len(info.Messages)); wait > 0 {
			l.refuse(w, r, "session", wait)
			return
		}
		if wait := l.subject.take(subject, len(info.Messages)); wait > 0 {
			l.refuse(w, r, "subject", wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (l *Limits) refuse(w http.ResponseWriter, r *http.Request, limit string, wait time.Duration) {
	l.refused(limit)
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	text := fmt.Sprintf("Too many messages of one %s. Retry after %d s.", limit, seconds)
	call.Refuse(w, r, http.StatusTooManyRequests, codeLimit, text)
}

// keyed has a limiter for each key. At the limit of keys, it forgets the one that was not used for longest.
type keyed struct {
	rate Rate

	mu       sync.Mutex
	elements map[string]*list.Element
	order    *list.List // of *limiter, the last used one first
}

type limiter struct {
	key string
	*rate.Limiter
}

func newKeyed(r *Rate) *keyed {
	if r == nil {
		return nil
	}
	return &keyed{rate: *r, elements: map[string]*list.Element{}, order: list.New()}
}

// most returns how many messages may come at once.
func (k *keyed) most() int {
	if k == nil {
		return math.MaxInt
	}
	return k.rate.Burst
}

// take takes messages from the limit of a key. It returns how long to wait where there are too many.
func (k *keyed) take(key string, messages int) time.Duration {
	if k == nil {
		return 0
	}
	l, now := k.find(key), time.Now()
	// Without a reservation: of several that are canceled at once, only the last would give back what it took.
	if l.AllowN(now, messages) {
		return 0
	}
	wait := (float64(messages) - l.TokensAt(now)) / k.rate.PerSecond
	return max(1, time.Duration(wait*float64(time.Second)))
}

func (k *keyed) find(key string) *limiter {
	k.mu.Lock()
	defer k.mu.Unlock()
	if element, known := k.elements[key]; known {
		k.order.MoveToFront(element)
		return element.Value.(*limiter)
	}
	if k.order.Len() >= maxKeys {
		last := k.order.Back()
		delete(k.elements, last.Value.(*limiter).key)
		k.order.Remove(last)
	}
	l := &limiter{key, rate.NewLimiter(rate.Limit(k.rate.PerSecond), k.rate.Burst)}
	k.elements[key] = k.order.PushFront(l)
	return l
}
