package main

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/registration"
)

func none(string) string { return "" }

func TestThePlanNeedsNoAccount(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), nil, none, &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	assert.Contains(t, lines[len(lines)-1], "-apply does it")
	for _, l := range reference.Form.Languages() {
		assert.Contains(t, out.String(), "reminder_"+string(l)+"_")
	}
	require.ErrorContains(t, run(t.Context(), []string{"-apply"}, none, &out), "AccountSID")
	require.Error(t, run(t.Context(), []string{"-unknown"}, none, &out))
}

// Whatever can be tapped has its content: the form says which options there are.
func TestEveryOptionOfTheFormHasItsContent(t *testing.T) {
	contents, err := questions(reference.Form)
	require.NoError(t, err)
	ids := map[string]map[string]bool{}
	for _, c := range contents {
		l := string(c.Lang)
		if ids[l] == nil {
			ids[l] = map[string]bool{}
		}
		for _, it := range c.Items {
			ids[l][it.ID] = true
		}
		for _, a := range c.Actions {
			ids[l][a.ID] = true
		}
	}
	checked := 0
	for a := range reference.Form.Questions() {
		if a.Form != registration.FormChoice {
			continue
		}
		for _, l := range reference.Form.Languages() {
			for _, o := range a.Options {
				checked++
				assert.True(t, ids[string(l)][a.Key+":"+o.Key], "%s:%s in %s", a.Key, o.Key, l)
			}
		}
	}
	require.Greater(t, checked, 100)
}

func TestApplyMakesEverythingOnce(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	server := httptest.NewServer(fake)
	defer server.Close()
	env := func(name string) string {
		return map[string]string{"TWILIO_ACCOUNT_SID": fake.AccountSID, "TWILIO_AUTH_TOKEN": fake.AuthToken, "TWILIO_BASE_URL": server.URL}[name]
	}
	var plan, first, second bytes.Buffer
	require.NoError(t, run(t.Context(), nil, none, &plan))
	require.NoError(t, run(t.Context(), []string{"-apply"}, env, &first))
	made := fake.Contents()
	assert.Len(t, made, strings.Count(plan.String(), " missing "))
	assert.Equal(t, len(made), strings.Count(first.String(), " made "))
	assert.Equal(t, 3, strings.Count(first.String(), " submitted "))
	require.NoError(t, run(t.Context(), []string{"-apply"}, env, &second))
	assert.Len(t, fake.Contents(), len(made), "nothing is made twice")
	assert.Equal(t, len(made), strings.Count(second.String(), " found "))
	assert.Empty(t, fake.Complaints())

	fake.Approve(made[len(made)-1].SID, "rejected", "INVALID_FORMAT")
	require.ErrorContains(t, run(t.Context(), []string{"-apply"}, env, &second), "INVALID_FORMAT")
	for _, c := range made {
		for _, raw := range c.Types {
			require.True(t, json.Valid(raw))
		}
	}
}
