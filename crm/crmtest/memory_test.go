package crmtest_test

import (
	"testing"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

func TestMemory(t *testing.T) {
	crmtest.TestBackend(t, crmtest.Opener{Open: func(*testing.T) crm.Backend { return crmtest.NewMemory() }})
}
