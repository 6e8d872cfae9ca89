package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
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
	require.ErrorContains(t, run(t.Context(), []string{"-apply", "-data", t.TempDir()}, none, &out), "AccountSID")
	require.Error(t, run(t.Context(), []string{"-unknown"}, none, &out))
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, none, &out), flag.ErrHelp)
}

// environment is that of somebody who has an account at a fake.
func environment(t *testing.T, fake *twiliotest.Fake) func(string) string {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return func(name string) string {
		return map[string]string{"TWILIO_ACCOUNT_SID": fake.AccountSID, "TWILIO_AUTH_TOKEN": fake.AuthToken, "TWILIO_BASE_URL": server.URL}[name]
	}
}

// With an account the plan says what is missing there, and makes nothing.
func TestAPlanLooksIntoTheAccount(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	env, dir := environment(t, fake), t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-data", filepath.Join(dir, "none")}, env, &out))
	missing := strings.Count(out.String(), " missing ")
	require.Greater(t, missing, 3)
	assert.Contains(t, out.String(), fmt.Sprintf("%d of %d content resources are missing in the account: -apply makes them.", missing-1, missing-1))
	assert.Empty(t, fake.Contents())
	assert.NoDirExists(t, filepath.Join(dir, "none"))

	require.NoError(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &out))
	out.Reset()
	require.NoError(t, run(t.Context(), nil, env, &out))
	assert.Contains(t, out.String(), fmt.Sprintf("0 of %d content resources are missing", missing-1))
}

// What was approved is what a hub finds that opens the same database, and its button
// opens the registration of the hub's menu.
func TestTheHubFindsWhatWasApproved(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	env, dir := environment(t, fake), t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &out))
	made := fake.Contents()
	for _, c := range made {
		if strings.HasPrefix(c.Name, "reminder_") {
			fake.Approve(c.SID, "approved", "")
		}
	}
	send := func() error {
		table, closing, err := open(t.Context(), dir)
		require.NoError(t, err)
		defer func() { require.NoError(t, closing()) }()
		account, err := twilio.NewAccount(twilio.Config{AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, BaseURL: env("TWILIO_BASE_URL"), Table: table})
		require.NoError(t, err)
		driver, err := account.WhatsApp(twilio.WhatsAppConfig{From: "+15550100"})
		require.NoError(t, err)
		whatsapp, err := channels.New(driver, channels.Config{})
		require.NoError(t, err)
		_, err = whatsapp.Send(t.Context(), channels.Message{
			Ref: "r1", To: channels.Address{Channel: "whatsapp", ID: "+380501234567"}, Lang: "uk", Template: &channels.Template{Name: "reminder"},
		})
		return err
	}
	require.ErrorIs(t, send(), twilio.ErrTemplate, "nobody has looked yet whether it is approved")
	require.NoError(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &out))
	require.NoError(t, send())
	assert.Equal(t, reminder["uk"], fake.Messages()[0].Body)
	tap := fake.Tap("https://hub.example.org", fake.Messages()[0].SID, 0)
	require.NoError(t, tap.ParseForm())
	assert.Equal(t, "menu/start:cash", tap.PostForm.Get("ButtonPayload"))
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
	env, dir := environment(t, fake), t.TempDir()
	var plan, first, second bytes.Buffer
	require.NoError(t, run(t.Context(), nil, none, &plan))
	require.NoError(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &first))
	made := fake.Contents()
	assert.Len(t, made, strings.Count(plan.String(), " missing "))
	assert.Equal(t, len(made), strings.Count(first.String(), " made "))
	assert.Equal(t, 3, strings.Count(first.String(), " submitted "))
	require.NoError(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &second))
	assert.Len(t, fake.Contents(), len(made), "nothing is made twice")
	assert.Equal(t, len(made), strings.Count(second.String(), " found "))
	assert.Empty(t, fake.Complaints())

	fake.Approve(made[len(made)-1].SID, "rejected", "INVALID_FORMAT")
	require.ErrorContains(t, run(t.Context(), []string{"-apply", "-data", dir}, env, &second), "INVALID_FORMAT")
	for _, c := range made {
		for _, raw := range c.Types {
			require.True(t, json.Valid(raw))
		}
	}
}
