// Package twilio sends and receives through Twilio.
package twilio
