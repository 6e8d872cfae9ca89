package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

// A database and its key, made at the first start.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "hub")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		panic(err)
	}
	defer func() { _ = db.Close() }()
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	if err != nil {
		panic(err)
	}
	store, err := crm.New(ctx, crm.Config{Backend: db, Sealer: key})
	if err != nil {
		panic(err)
	}
	_, err = store.Verify(ctx)
	fmt.Println(err, db.Check(ctx))
	// Output: <nil> <nil>
}
