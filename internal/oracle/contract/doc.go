// Package contract holds every request of package twilio against Twilio's own
// OpenAPI documents, made stricter than they are: unknown fields, one of several
// needed fields, and fields that must hold JSON are checked too.
//
// The documents are not kept here: they are in the npm package @twilio/cli-core, in
// the folder that HUBKIT_TEST_NPM names.
package contract
