// Package crm is part of hubkit.
package crm
