// Package desk is where people of a programme work: they read a registration
// with its score and reasons, talk with the person who sent it, and decide. It
// is one http.Handler on a crm.Store, without a build step or a script from
// elsewhere.
//
//	d, err := desk.New(desk.Config{Store: store, Channels: chans, Programmes: programmes})
//	mux.Handle("/desk/", d.Handler())
//	link, err := d.FirstLink(ctx) // at first start: where the administrator sets a password
//
// # Ideas
//
// An agent decides on what they saw: every form carries the revision it was
// made from, and whoever comes second is told what changed and loses no word.
// Only transitions that crm.Status.Next allows an agent are offered. A decision,
// its reason and the message that tells the person are one crm.Change: nobody is
// told what was not decided. The message is written in the person's language and
// shown first as their channel will show it.
//
// Who holds a conversation writes in it. Taking it makes the bot silent, handing
// it back lets it speak again; *Desk is the conversation room's Agents.
//
// A room above brings its own pages with Page. Every page is plain HTML and
// works without scripts; they add the live conversation, drafts that survive a
// reload, and keys.
//
// # Security
//
// Passwords are kept by argon2id, links and sessions only as hashes, all sealed
// in the store. Cookies are HttpOnly and SameSite=Lax, changes from other sites
// are refused, pages are never cached or framed and run no inline code. Guessing
// at sign-in is slowed per account and per source; a browser that signed in
// before is slowed per account only. What is outside an agent's scopes does not
// exist for them, nor can an administrator give it out. Every read and write of a person, and every
// attempt at signing in, is in the store's audit, without values. The tests in
// attack_test.go prove each.
//
// # Errors
//
// New joins all that is wrong with its Config. A Page may return crm.ErrNotFound
// or any other error; people see a page that says what to do, and the log the
// error, which must hold nothing personal.
//
// # Design
//
// Refused: a single-page application (two programs to keep right, and a blank
// page on a slow line); sessions signed into the cookie (they cannot be
// revoked); overwriting on conflict, or locking a registration while somebody
// reads it (people go to lunch); an agent's free choice of status; deciding on
// the score without a person; addresses of people on pages or in URLs.
package desk
