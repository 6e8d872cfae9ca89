// Package channelstest is the conformance suite that every driver runs.
package channelstest
