package twilio

import (
	"context"
	"sync"
)

// memory is the Table of an account without one.
type memory struct{ m sync.Map }

// Get returns the value of key.
func (t *memory) Get(_ context.Context, key string) (string, error) {
	v, _ := t.m.Load(key)
	s, _ := v.(string)
	return s, nil
}

// Put stores value under key.
func (t *memory) Put(_ context.Context, key, value string) error {
	if value == "" {
		t.m.Delete(key)
	} else {
		t.m.Store(key, value)
	}
	return nil
}
