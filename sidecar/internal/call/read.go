// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
)

const (
	codeHeader = -32020 // HeaderMismatch of revision 2026-07-28
	codeBusy   = -32000
	peeked     = 512 // bytes of a body that is not declared as JSON
)

var (
	errEncoding = errors.New("the body must be UTF-8 without Content-Encoding")
	errHeaders  = errors.New("the header Mcp-Method or Mcp-Name differs from the body")
	errTwice    = errors.New("a header occurs twice")
)

// read reads the body of a request that has JSON, and puts its messages into info. Other bodies pass as they arrive.
func (c *Calls) read(w http.ResponseWriter, r *http.Request, info *Info) error {
	if len(r.Header.Values(sessionHeader)) > 1 || len(r.Header.Values(versionHeader)) > 1 {
		return errTwice
	}
	if r.Body == nil || r.ContentLength == 0 {
		return checkHeaders(r, nil)
	}
	limit := c.maxMessage
	if c.Limit != nil {
		limit = c.Limit(r)
	}
	isJSON, err := declaresJSON(r)
	if err != nil {
		return err
	}
	if !isJSON {
		if r.ContentLength > int64(limit) {
			return bounds.ErrTooLarge
		}
		reader := bufio.NewReaderSize(http.MaxBytesReader(w, r.Body, int64(limit)), peeked)
		start, err := reader.Peek(peeked)
		if err != nil && err != io.EOF {
			return err
		}
		r.Body = &passingBody{Reader: reader, Closer: r.Body, w: w, info: info}
		if !looksLikeJSON(start) {
			return checkHeaders(r, nil)
		}
	}
	body, err := c.bodies.Read(w, r, limit)
	info.body = body
	if err != nil {
		return err
	}
	bounds.SetWorking(r, true)
	info.RequestBytes = int64(len(body.Data))
	if len(body.Data) == 0 {
		info.setBody(r, nil)
		return checkHeaders(r, nil)
	}
	if info.Messages, err = parse(body.Data); err != nil {
		return err
	}
	for _, m := range info.Messages {
		m.Info = info
	}
	info.setBody(r, body.Data)
	err = checkHeaders(r, info.Messages)
	for _, m := range info.Messages {
		m.keepShort()
	}
	return err
}

// setBody lets a request have the body that was read. GetBody lets the transport send it again where a connection to the
// server was closed before anything was written.
func (i *Info) setBody(r *http.Request, data []byte) {
	r.ContentLength, r.TransferEncoding, r.Trailer = int64(len(data)), nil, nil
	if len(data) == 0 {
		r.Body = http.NoBody
		return
	}
	i.sent = &sentBody{data: data}
	if r.Body, _ = i.sent.open(); r.Method == http.MethodPost {
		r.GetBody = i.sent.open // the transport sends other methods again where the server may have them
	}
}

// A passingBody is a body that is not read as a whole.
type passingBody struct {
	io.Reader
	io.Closer
	w    http.ResponseWriter
	info *Info
}

func (b *passingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.info.RequestBytes += int64(n)
	if err == io.EOF {
		// The deadline was for the body only; see bounds.WithDeadlines.
		_ = http.NewResponseController(b.w).SetReadDeadline(time.Time{})
	}
	return n, err
}

// declaresJSON reports whether the header declares JSON. It refuses encodings that the sidecar does not read, but that
// servers may: frameworks decompress bodies and convert from other charsets.
func declaresJSON(r *http.Request) (bool, error) {
	for _, encoding := range r.Header.Values("Content-Encoding") {
		if encoding != "" && !strings.EqualFold(encoding, "identity") {
			return false, errEncoding
		}
	}
	declared := r.Header.Values("Content-Type")
	text := strings.ToLower(strings.Join(declared, ","))
	isJSON := strings.Contains(text, "json")
	_, parameters, err := mime.ParseMediaType(text)
	charset := parameters["charset"]
	switch {
	case len(declared) > 1:
		return false, errEncoding
	case err != nil && (isJSON || strings.Contains(text, "charset")):
		return false, errEncoding
	case charset == "" || charset == "utf-8" || charset == "utf8" || charset == "us-ascii":
		return isJSON, nil
	case isJSON || strings.HasPrefix(charset, "u"):
		return false, errEncoding
	}
	return false, nil
}

// looksLikeJSON reports whether a body could be JSON for a server that ignores its type, also in UTF-16 or UTF-32.
func looksLikeJSON(start []byte) bool {
	start = bytes.TrimLeft(start, " \t\r\n\x00\xef\xbb\xbf\xff\xfe")
	return len(start) == 0 || start[0] == '{' || start[0] == '['
}

// checkHeaders refuses a request whose headers of revision 2026-07-28 are not those of its body.
func checkHeaders(r *http.Request, messages []*Message) error {
	method, name := r.Header.Values("Mcp-Method"), r.Header.Values("Mcp-Name")
	if len(method)+len(name) == 0 || r.Method != http.MethodPost {
		return nil
	}
	if len(messages) != 1 || len(method) > 1 || len(name) > 1 {
		return errHeaders
	}
	m := messages[0]
	if len(method) == 1 && decoded(method[0]) != m.Method {
		return errHeaders
	}
	if len(name) == 1 && named[m.Method] != "" && decoded(name[0]) != m.Name {
		return errHeaders
	}
	return nil
}

// decoded returns the value of a header, which may be encoded in Base64.
func decoded(value string) string {
	value = strings.TrimSpace(value)
	if encoded, ok := strings.CutPrefix(value, "=?base64?"); ok {
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(encoded, "?=")); err == nil {
			return string(raw)
		}
	}
	return value
}

func isReadError(err error) bool {
	var refused *problem
	return !errors.As(err, &refused) && !errors.Is(err, errEncoding) && !errors.Is(err, errHeaders) && !errors.Is(err, errTwice)
}

func refuseBody(w http.ResponseWriter, r *http.Request, err error) {
	// What is left of the body is not read.
	w.Header().Set("Connection", "close")
	var refused *problem
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &refused):
		w.Header().Del("Connection")
		write(w, http.StatusBadRequest, refused.id, refused.code, refused.text)
	case errors.Is(err, errHeaders):
		w.Header().Del("Connection")
		Refuse(w, r, http.StatusBadRequest, codeHeader, "The header Mcp-Method or Mcp-Name differs from the body.")
	case errors.Is(err, errTwice):
		text := "Send the headers Mcp-Session-Id and MCP-Protocol-Version once: servers differ in which of two they read."
		write(w, http.StatusBadRequest, nil, jsonrpc.CodeInvalidRequest, text)
	case errors.Is(err, errEncoding):
		write(w, http.StatusUnsupportedMediaType, nil, jsonrpc.CodeInvalidRequest, "The body must be UTF-8 without Content-Encoding.")
	case errors.Is(err, bounds.ErrTooLarge), errors.As(err, &long):
		write(w, http.StatusRequestEntityTooLarge, nil, jsonrpc.CodeInvalidRequest, "The body is too large.")
	case errors.Is(err, bounds.ErrBusy):
		w.Header().Set("Retry-After", "1")
		write(w, http.StatusServiceUnavailable, nil, codeBusy, "The bodies of other requests use all memory for them.")
	case errors.Is(err, os.ErrDeadlineExceeded):
		text := fmt.Sprintf("The body did not arrive within %g s.", bounds.BodyTimeout.Seconds())
		write(w, http.StatusRequestTimeout, nil, jsonrpc.CodeInvalidRequest, text)
	default:
		write(w, http.StatusBadRequest, nil, jsonrpc.CodeInvalidRequest, "The body could not be read.")
	}
}

// Refuse answers a request with a JSON-RPC error, with the id of its message where there is one.
func Refuse(w http.ResponseWriter, r *http.Request, status int, code int64, text string) {
	var id json.RawMessage
	if info := From(r.Context()); info != nil && len(info.Messages) == 1 {
		id = info.Messages[0].rawID
	}
	write(w, status, id, code, text)
}

func write(w http.ResponseWriter, status int, id json.RawMessage, code int64, text string) {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	data, _ := json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *jsonrpc.Error  `json:"error"`
	}{"2.0", id, &jsonrpc.Error{Code: code, Message: text}})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n'))
}
