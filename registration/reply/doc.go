// Package reply understands what people type, speak or tap.
package reply
