package crmtest_test

import (
	"context"
	"fmt"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

// A store without a disk, for the tests of a program.
func ExampleMemory() {
	key, err := crm.NewKeyFile(make([]byte, 32))
	if err != nil {
		panic(err)
	}
	store, err := crm.New(context.Background(), crm.Config{Backend: crmtest.NewMemory(), Sealer: key})
	if err != nil {
		panic(err)
	}
	forms := store.Table("forms")
	fmt.Println(forms.Put(context.Background(), "sha256:1f", `{"id":"cash"}`))
	fmt.Println(forms.Get(context.Background(), "sha256:1f"))
	// Output:
	// <nil>
	// {"id":"cash"} <nil>
}
