package sqlite_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// Whatever is altered in the audit, and in what it vouches for, Verify finds it.
func TestTampering(t *testing.T) {
	free := "DROP TRIGGER crm_audit_fixed; DROP TRIGGER crm_audit_kept; DROP TRIGGER crm_interactions_fixed; DROP TRIGGER crm_interactions_kept; DROP TRIGGER crm_records_fixed; DROP TRIGGER crm_records_kept"
	for name, q := range map[string]string{
		"an action is rewritten":   "UPDATE crm_audit SET action='other' WHERE seq=(SELECT seq FROM crm_audit ORDER BY seq LIMIT 1 OFFSET 3)",
		"a time is rewritten":      "UPDATE crm_audit SET at=at+1 WHERE seq=(SELECT max(seq) FROM crm_audit)",
		"a commitment is replaced": "UPDATE crm_audit SET sealed=x'00' WHERE seq=(SELECT max(seq) FROM crm_audit)",
		"a row is removed":         "DELETE FROM crm_audit WHERE seq=(SELECT seq FROM crm_audit ORDER BY seq LIMIT 1 OFFSET 3)",
		"the end is cut off":       "DELETE FROM crm_audit WHERE seq>(SELECT min(seq) FROM crm_audit WHERE link IS NOT NULL)",
		"the last link is cut off": "UPDATE crm_audit SET link=NULL WHERE seq=(SELECT max(seq) FROM crm_audit)",
		"a row is added":           "INSERT INTO crm_audit SELECT seq+1, programme, actor, action, object, at, link, sealed FROM crm_audit ORDER BY seq DESC LIMIT 1",
		"the head is replaced":     "UPDATE crm_heads SET sealed=x'00'",
		"what was said is altered": "UPDATE crm_interactions SET sealed=x'00' WHERE seq=(SELECT seq FROM crm_interactions ORDER BY seq LIMIT 1 OFFSET 2)",
		"its time is":              "UPDATE crm_interactions SET at=at-1 WHERE seq=(SELECT min(seq) FROM crm_interactions)",
		"its thread is":            "UPDATE crm_interactions SET thread=(SELECT max(thread) FROM crm_interactions) WHERE thread=(SELECT min(thread) FROM crm_interactions)",
		"what was said is removed": "DELETE FROM crm_interactions WHERE seq=(SELECT max(seq) FROM crm_interactions)",
		"all of it is removed":     "DELETE FROM crm_interactions",
		"something is put in":      "INSERT INTO crm_interactions SELECT (SELECT max(seq)+1 FROM crm_audit), thread, at, out, sealed FROM crm_interactions LIMIT 1",
		"a consent is removed":     "DELETE FROM crm_records WHERE seq=(SELECT min(seq) FROM crm_records)",
		"a consent is another's":   "UPDATE crm_records SET about=(SELECT max(about) FROM crm_records) WHERE about=(SELECT min(about) FROM crm_records)",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, _ := openStore(t, dir)
			for i := range 5 {
				turn(t, s, i, fmt.Sprint(i), "x")
				th, err := s.Thread(t.Context(), webThread(i))
				require.NoError(t, err)
				_, err = s.Commit(t.Context(), crm.Change{By: bot, Thread: &th, Consents: []crm.Consent{{Purpose: "processing", Given: true}}})
				require.NoError(t, err)
			}
			_, err := s.Verify(t.Context())
			require.NoError(t, err)
			db := raw(t, dir)
			_, err = db.Exec(free)
			require.NoError(t, err)
			changed, err := db.Exec(q)
			require.NoError(t, err)
			n, err := changed.RowsAffected()
			require.NoError(t, err)
			require.Positive(t, n)
			_, err = s.Verify(t.Context())
			require.ErrorIs(t, err, crm.ErrAudit)
		})
	}
}

// What was forgotten is not missed, and hides nothing that came after.
func TestTamperingBesideAnErasure(t *testing.T) {
	dir := t.TempDir()
	s, _ := openStore(t, dir)
	for i := range 3 {
		turn(t, s, i, fmt.Sprint("a", i), "x")
		turn(t, s, i, fmt.Sprint("b", i), "x")
	}
	require.NoError(t, s.Forget(t.Context(), bot, "request", webThread(1)))
	turn(t, s, 1, "c", "back again")
	_, err := s.Verify(t.Context())
	require.NoError(t, err)
	db := raw(t, dir)
	_, err = db.Exec("DROP TRIGGER crm_interactions_fixed; UPDATE crm_interactions SET sealed=x'00' WHERE seq=(SELECT max(seq) FROM crm_interactions)")
	require.NoError(t, err)
	_, err = s.Verify(t.Context())
	require.ErrorIs(t, err, crm.ErrAudit)
}

// The store may be written while it is verified.
func TestVerifyWhileOthersWrite(t *testing.T) {
	s, _ := openStore(t, t.TempDir())
	for i := range 100 { // more than a page of the audit's rows
		turn(t, s, i%7, fmt.Sprint("m", i), "x")
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range 60 {
			turn(t, s, i%7, fmt.Sprint("n", i), "x")
			if i%20 == 0 {
				assert.NoError(t, s.Forget(t.Context(), bot, "request", webThread(i%7)))
			}
		}
	}()
	for writing := true; writing; {
		select {
		case <-written:
			writing = false // and once more, over all of it
		default:
		}
		_, err := s.Verify(t.Context())
		require.NoError(t, err)
	}
}
