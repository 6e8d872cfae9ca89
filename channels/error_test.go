package channels

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCauseOf(t *testing.T) {
	dial := &url.Error{Op: "Post", URL: "https://x", Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}
	for _, c := range []struct {
		name string
		err  error
		want Cause
	}{
		{"nothing", nil, None},
		{"ours", &Error{Cause: OptedOut}, OptedOut},
		{"ours, wrapped", fmt.Errorf("x: %w", &Error{Cause: Throttled}), Throttled},
		{"an error that forgot its cause", &Error{}, Unknown},
		{"connection refused", dial, Unavailable},
		{"dialling took too long", &url.Error{Err: &net.OpError{Op: "dial", Err: context.DeadlineExceeded}}, Unavailable},
		{"no such host", &net.DNSError{Err: "no such host"}, Unavailable},
		{"a certificate that is not trusted", &url.Error{Err: &tls.CertificateVerificationError{Err: errors.New("x")}}, Unavailable},
		{"plain HTTP on the port", &url.Error{Err: tls.RecordHeaderError{Msg: "x"}}, Unavailable},
		{"reset while reading the answer", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, Unknown},
		{"broken pipe while writing", &net.OpError{Op: "write", Err: syscall.EPIPE}, Unknown},
		{"deadline", context.DeadlineExceeded, Unknown},
		{"cancelled", context.Canceled, Unknown},
		{"connection closed", io.ErrUnexpectedEOF, Unknown},
		{"anything else", errors.New("x"), Unknown},
	} {
		assert.Equal(t, c.want, CauseOf(c.err), c.name)
	}
}

func TestErrorHoldsNoPersonalData(t *testing.T) {
	below := &url.Error{Op: "Post", URL: "https://api/bot123:SECRET?to=+380501234567", Err: errors.New("text canary")}
	for _, err := range []error{
		&Error{Cause: Unknown, Err: below},
		&Error{Cause: Unavailable, Err: &Error{Cause: Throttled, Err: below}},
		&Error{Cause: Unavailable, Err: &net.DNSError{Name: "canary.example", Err: "canary"}},
	} {
		for _, secret := range []string{"SECRET", "380", "canary"} {
			assert.NotContains(t, err.Error(), secret)
		}
		assert.NotContains(t, plain(fmt.Errorf("canary: %w", err)), "canary")
	}
	assert.Equal(t, "channels: throttled (code 20429), again after 5s", (&Error{Cause: Throttled, Code: "20429", After: 5 * time.Second}).Error())
	assert.Equal(t, "channels: unavailable: connection refused", (&Error{Cause: Unavailable, Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}).Error())
}

func TestErrorIs(t *testing.T) {
	err := fmt.Errorf("x: %w", &Error{Cause: OptedOut, Code: "21610", Err: io.EOF})
	assert.ErrorIs(t, err, &Error{Cause: OptedOut})
	assert.ErrorIs(t, err, &Error{Cause: OptedOut, Code: "21610"})
	assert.NotErrorIs(t, err, &Error{Cause: OptedOut, Code: "1"})
	assert.NotErrorIs(t, err, &Error{Cause: Rejected})
	assert.ErrorIs(t, err, io.EOF)
}

func TestHTTPError(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		status int
		after  string
		cause  Cause
		d      time.Duration
	}{
		{400, "", Rejected, 0},
		{401, "", Misconfigured, 0},
		{403, "", Misconfigured, 0},
		{404, "", Rejected, 0},
		{408, "", Unknown, 0},
		{429, "", Throttled, 0},
		{429, "7", Throttled, 7 * time.Second},
		{429, "0.5", Throttled, 500 * time.Millisecond},
		{429, "-3", Throttled, 0},
		{429, "NaN", Throttled, 0},
		{429, "1e300", Throttled, 24 * time.Hour},
		{429, "soon", Throttled, 0},
		{429, now.Add(time.Minute).Format(http.TimeFormat), Throttled, time.Minute},
		{429, now.Add(-time.Minute).Format(http.TimeFormat), Throttled, 0},
		{500, "", Unknown, 0},
		{503, "2", Unknown, 2 * time.Second},
	} {
		h := http.Header{}
		if c.after != "" {
			h.Set("Retry-After", c.after)
		}
		e := HTTPError(c.status, h, now)
		assert.Equal(t, c.cause, e.Cause, "%d", c.status)
		assert.Equal(t, c.d, e.After, "%d %s", c.status, c.after)
	}
	assert.Nil(t, HTTPError(202, nil, now))
}

func TestCauses(t *testing.T) {
	for c := None; c <= Unknown; c++ {
		assert.NotRegexp(t, `^\d`, c.String())
		assert.False(t, c.Final() && !c.NotSent(), c.String())
	}
	assert.False(t, Unknown.NotSent())
	assert.False(t, None.NotSent())
	assert.Equal(t, "200", Cause(200).String())
}
