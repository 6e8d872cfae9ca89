// Package crmtest proves that a crm.Backend keeps its contract, and brings one
// that lives in memory.
//
//	func TestBackend(t *testing.T) {
//		crmtest.TestBackend(t, crmtest.Opener{
//			Open: func(t *testing.T) crm.Backend { return mine.Open(t.TempDir()) },
//		})
//	}
//
// [Memory] is for tests of programs that use a crm.Store, and for a look
// without a disk: it keeps the same contract, except that it forgets
// everything with the process.
//
// # Errors
//
// TestBackend reports what a backend does wrong in words of the contract.
// Memory returns crm.ErrTable for tables and columns that do not exist.
//
// # Design
//
// Only the standard library, so that the kit costs a user no dependency.
// Refused: a list of optional features; a backend keeps the whole contract, and
// only who keeps nothing may leave Reopen out.
package crmtest
