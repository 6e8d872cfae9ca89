// Package crmtest holds the contract of crm.Backend as tests, and a backend in
// memory.
package crmtest
