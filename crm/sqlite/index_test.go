package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm/sqlite"
)

// The lists that the desk shows are found by an index, however many rows there are.
func TestListsUseTheirIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	b, err := sqlite.Open(t.Context(), path, sqlite.Config{})
	require.NoError(t, err)
	require.NoError(t, b.Close())
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for query, index := range map[string]string{
		"SELECT seq FROM crm_audit WHERE seq>? AND object=? AND action<>? ORDER BY seq LIMIT ?":                     "crm_audit_object",
		"SELECT key FROM crm_registrations WHERE programme=? AND status=? AND at>=? ORDER BY at,key LIMIT ?":        "crm_registrations_status ",
		"SELECT key FROM crm_registrations WHERE programme=? AND status=? AND band=? ORDER BY at,key LIMIT ?":       "crm_registrations_status_band",
		"SELECT key FROM crm_registrations WHERE programme=? AND band=? ORDER BY at DESC,key DESC LIMIT ?":          "crm_registrations_band",
		"SELECT key FROM crm_registrations WHERE programme=? ORDER BY at,key LIMIT ?":                               "crm_registrations_at",
		"SELECT key FROM crm_registrations WHERE programme=? AND thread=? ORDER BY at DESC,key DESC LIMIT ?":        "crm_registrations_of_thread",
		"SELECT key FROM crm_registrations WHERE programme=? AND person=? ORDER BY at,key LIMIT ?":                  "crm_registrations_of_person",
		"SELECT key FROM crm_tickets WHERE programme=? AND closed IS NULL AND owner=? ORDER BY opened,key LIMIT ?":  "crm_tickets_owner",
		"SELECT key FROM crm_tickets WHERE programme=? AND closed IS NULL AND thread=? ORDER BY opened,key LIMIT ?": "crm_tickets_of_thread",
		"SELECT seq FROM crm_interactions WHERE thread=? AND seq>? ORDER BY seq DESC LIMIT ?":                       "crm_interactions_thread",
		"SELECT seq FROM crm_records WHERE about=? AND kind=? ORDER BY seq LIMIT ?":                                 "crm_records_about",
	} {
		rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args(query)...)
		require.NoError(t, err)
		plan := ""
		for rows.Next() {
			var id, parent, unused int
			var detail string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
			plan += detail + "; "
		}
		require.NoError(t, rows.Err())
		assert.Contains(t, plan, index, query)
	}
}

func args(query string) (as []any) {
	for range len(query) {
		as = append(as, "turn")
	}
	n := 0
	for _, c := range query {
		if c == '?' {
			n++
		}
	}
	return as[:n]
}
