// Package engines holds hubkit's scoring card beside general rule engines, CEL
// and expr, in tests only: all three give every household the same points, and
// the benchmark says what each of them costs.
//
//	cd internal/oracle && go test ./... && go test -run '^$' -bench . ./engines
//
// # Errors
//
// There is no code here that could give one.
//
// # Design
//
// It lies in a module of its own, so that whoever uses hubkit never downloads
// the engines. Each engine gets its own best case: expressions that were compiled
// before, CEL a map that was made before, expr a struct. Neither explains its
// result; the time of the card has its reasons in it.
package engines
