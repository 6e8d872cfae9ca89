package channels

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
)

// Cause says why a send failed, and so what to do.
type Cause uint8

// Causes.
const (
	None          Cause = iota
	Rejected            // this content, never again
	Misconfigured       // our sender or account: stop the lane, tell the operator
	Unreachable         // mark the contact
	OptedOut            // the person said no
	Window              // needs a template
	Throttled           // later
	Unavailable         // not processed: later
	Unknown             // may have been sent: reconcile, never blind-retry
)

// String returns the cause's name in lower case, for logs and metrics.
func (c Cause) String() string { return name(causeNames[:], int(c)) }

var causeNames = [...]string{
	"none", "rejected", "misconfigured", "unreachable", "opted out", "window", "throttled", "unavailable", "unknown",
}

// Final reports whether sending the same message again cannot help: it is
// rejected, the person cannot be reached or opted out, or a template is needed.
func (c Cause) Final() bool {
	return c == Rejected || c == Unreachable || c == OptedOut || c == Window
}

// NotSent reports whether the provider certainly did not take the message, so that
// another attempt cannot tell anybody twice. None and Unknown are not.
func (c Cause) NotSent() bool { return c != None && c != Unknown }

// CauseOf returns why a send failed.
//
// It is None for nil and the cause of an [*Error] anywhere in err. A failure before
// a request can have been written (name lookup, dialling, an untrusted certificate)
// is Unavailable. Everything else, deadlines and cancellations included, is Unknown:
// the message may have left.
func CauseOf(err error) Cause {
	if err == nil {
		return None
	}
	var e *Error
	if errors.As(err, &e) {
		if e.Cause == None {
			return Unknown
		}
		return e.Cause
	}
	var (
		dial        *net.OpError
		lookup      *net.DNSError
		certificate *tls.CertificateVerificationError
		notTLS      tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dial) && dial.Op == "dial",
		errors.As(err, &lookup),
		errors.As(err, &certificate),
		errors.As(err, &notTLS):
		return Unavailable
	}
	return Unknown
}

// plain names an error without its words, which may hold an address, a token in a
// URL, or what a person wrote.
func plain(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline exceeded"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	for _, known := range []error{ErrSignature, ErrMalformed, ErrRevealed, ErrEmpty, ErrOption, ErrWords} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return kind(err)
}
