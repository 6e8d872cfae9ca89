// Package sqlite keeps a crm.Store in one SQLite file.
package sqlite
