package main

import (
	"net/http"
	"net/netip"
	"strings"
)

// source names where a request comes from, for slowing down who guesses. With a
// public address the hub stands behind a proxy of its own, which adds whom it heard at
// the end of X-Forwarded-For: only that element is not the caller's invention.
// Without one the header is anybody's, and the desk looks at the connection.
func source(public string) func(*http.Request) string {
	if public == "" {
		return nil
	}
	return func(r *http.Request) string {
		heard := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		if a, ok := address(heard[strings.LastIndexByte(heard, ',')+1:]); ok {
			return a
		}
		a, _ := address(r.RemoteAddr)
		return a
	}
}

// address reads an address with or without a port. One line has billions of IPv6
// addresses, so that its network stands for them.
func address(s string) (string, bool) {
	s = strings.TrimSpace(s)
	a, err := netip.ParseAddr(s)
	if err != nil {
		p, err := netip.ParseAddrPort(s)
		if err != nil {
			return "", false
		}
		a = p.Addr()
	}
	if a = a.Unmap(); a.Is4() {
		return a.String(), true
	}
	network, err := a.WithZone("").Prefix(64)
	return network.String(), err == nil
}
