// Package registration says what is asked.
package registration
