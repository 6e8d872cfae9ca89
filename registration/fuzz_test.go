package registration_test

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// states are those of one registration after each of its replies.
func states(t testing.TB) [][]byte {
	iv := form(t).Begin("uk")
	all := [][]byte{iv.AppendState(nil)}
	for _, reply := range script[1:] {
		iv.Hear(reply)
		all = append(all, iv.AppendState(nil))
	}
	return all
}

// sealed gives bytes a checksum that is right.
func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clone(b), crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// use does with an interview all that a hub may do.
func use(t testing.TB, iv *r.Interview) {
	twin, err := iv.Questionnaire().Resume(iv.AppendState(nil))
	require.NoError(t, err)
	twin.Hear(r.Reply{Text: "так"}) // yes to whatever may have been guessed
	iv.Prompt()
	a := iv.Answers()
	b, err := a.MarshalJSON()
	require.NoError(t, err)
	var back r.Answers
	require.NoError(t, json.Unmarshal(b, &back))
	back, err = r.Reshape(back, a.Shape())
	require.NoError(t, err)
	require.True(t, a.Equal(back), "%s", b)
	if chosen, err := needs.Chosen().Bind(a.Shape()); err == nil {
		require.Equal(t, chosen.Eval(back), chosen.Eval(a))
	}
	for _, reply := range []r.Reply{{Text: "1"}, {Text: "так"}, {Option: "needs:food"}, {Option: "_summary:change"}, {Option: "_change:size"}, {}} {
		iv.Hear(reply)
		iv.Prompt()
	}
	iv.AskChange()
	iv.Prompt()
	iv.Back()
	iv.Change("age", 1)
	iv.Prompt()
	iv.Hear(r.Reply{Text: "33"})
	iv.SetLang("ru")
	iv.Prompt()
	again, err := iv.Questionnaire().Resume(iv.AppendState(nil))
	require.NoError(t, err)
	again.Prompt()
}

func FuzzResume(f *testing.F) {
	for _, s := range states(f) {
		f.Add(s, false)
		f.Add(s[:len(s)-4], true)
	}
	f.Add([]byte{}, false)
	f.Add([]byte("Погоджуюся \u200f نعم 👍"), true)
	q := form(f)
	f.Fuzz(func(t *testing.T, b []byte, seal bool) {
		if seal { // as one would forge it
			b = sealed(b)
		}
		before := slices.Clone(b)
		iv, err := q.Resume(b)
		require.Equal(t, before, b)
		if err != nil {
			require.ErrorIs(t, err, r.ErrState)
			require.Nil(t, iv)
			return
		}
		use(t, iv)
	})
}

func FuzzHear(f *testing.F) {
	for i, s := range []string{"так", "1 3", "Київ\u200f", "نعم", "٣٤", "👍", "24.02.2022", "вчора", "50.45, 30.52", "none, food", "-1", "9999999999999999999", "\xff\xfe", "не знаю", "пропустити", "_done"} {
		f.Add(uint8(i), s, "needs:_done", "needs", 0, 0.5, 30.5, "image/png")
	}
	f.Add(uint8(20), "", "_change:_keep", "_summary", -1, 91.0, 0.0, "")
	q := form(f)
	all := states(f)
	f.Fuzz(func(t *testing.T, n uint8, text, option, to string, row int, lat, lon float64, mime string) {
		iv, err := q.Resume(all[int(n)%len(all)])
		require.NoError(t, err)
		for _, reply := range []r.Reply{
			{Text: text},
			{Text: text, At: time.Unix(int64(row), 0)},
			{Option: option},
			{Option: option, To: r.Spot{Key: to, Row: row}},
			{Place: &r.Place{Lat: lat, Lon: lon}, Files: []r.File{{Ref: text, Type: mime, Size: int64(row)}}},
		} {
			h := iv.Hear(reply)
			require.NotZero(t, h.Outcome)
			p := iv.Prompt()
			require.NotEmpty(t, p.Text)
			if h.Outcome == r.Again || h.Outcome == r.Guessed || h.Outcome == r.NeedsPerson {
				require.NotEmpty(t, h.Say, "a reply that is not taken gets a word of help")
			}
			again, err := q.Resume(iv.AppendState(nil))
			require.NoError(t, err)
			p.Notes = nil
			require.Equal(t, p, again.Prompt())
			b, err := json.Marshal(iv.Answers())
			require.NoError(t, err)
			var back r.Answers
			require.NoError(t, json.Unmarshal(b, &back))
			require.True(t, back.Equal(iv.Answers()))
		}
	})
}

func FuzzAnswersJSON(f *testing.F) {
	iv := form(f).Begin("uk")
	for _, reply := range script[1:] {
		iv.Hear(reply)
	}
	b, err := json.Marshal(iv.Answers())
	require.NoError(f, err)
	f.Add(b)
	for _, s := range []string{`{"a":{"rows":[{"b":{"rows":[]}}]}}`, `{"a":{"decimal":"1e9"},"b":{"date":"2022-02-30"}}`, `{"ім'я":"Олена 👍","x":{"many":["a","a","b c"]}}`, `{"a":1}{`, `{"a":{"place":{"lat":91,"lon":0}}}`, `{"a":{"one":"x","decimal":"1"}}`} {
		f.Add([]byte(s))
	}
	q := form(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var a r.Answers
		if err := a.UnmarshalJSON(b); err != nil {
			require.ErrorIs(t, err, r.ErrAnswersJSON)
			return
		}
		out, err := a.MarshalJSON()
		require.NoError(t, err)
		var again r.Answers
		require.NoError(t, json.Unmarshal(out, &again), "%s", out)
		require.True(t, a.Equal(again), "%s", out)
		if iv, err := q.Continue("", a); err == nil {
			use(t, iv)
		}
	})
}

func FuzzLoad(f *testing.F) {
	b, err := json.Marshal(form(f))
	require.NoError(f, err)
	f.Add(b)
	for _, m := range authoring {
		if m.json != "" {
			f.Add([]byte(`{"id":"x","version":"1","languages":["en"],"parts":[` + m.json + `]}`))
		}
	}
	f.Add([]byte(`{"id":"x","version":"1","languages":["ar"],"parts":[{"do":"ask","question":{"key":"a","form":"yes_no","ask":{"ar":"هل؟ \u200f👍"}}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := r.Load(b, r.Extras{})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		out, err := json.Marshal(q)
		require.NoError(t, err)
		again, err := r.Load(out, r.Extras{})
		require.NoError(t, err)
		require.Equal(t, q.Hash(), again.Hash())
		iv := q.Begin("")
		for range 20 {
			p := iv.Prompt()
			if len(p.Options) > 0 {
				iv.Hear(r.Reply{Option: p.Options[0].ID})
				continue
			}
			iv.Hear(r.Reply{Text: "1"})
		}
		_, err = q.Resume(iv.AppendState(nil))
		require.NoError(t, err)
		require.NoError(t, hubkit.Check(q.Texts(), q.Languages(), nil), "the texts that were compiled are the texts that are listed")
	})
}

func TestDamagedStatesAreRefused(t *testing.T) {
	q := form(t)
	for _, s := range states(t) {
		for n := range s {
			_, err := q.Resume(s[:n])
			require.ErrorIs(t, err, r.ErrState)
			for bit := range 8 {
				damaged := slices.Clone(s)
				damaged[n] ^= 1 << bit
				_, err := q.Resume(damaged)
				require.ErrorIs(t, err, r.ErrState, "byte %d, bit %d", n, bit)
			}
		}
		_, err := q.Resume(append(slices.Clone(s), 0))
		require.ErrorIs(t, err, r.ErrState)
	}
}

func TestForgedStatesDoNoHarm(t *testing.T) {
	q := form(t)
	refused, taken := 0, 0
	for _, s := range states(t) {
		for n := range len(s) - 4 {
			for _, x := range []byte{0x01, 0x02, 0x04, 0x10, 0x20, 0x40, 0x7f, 0x80, 0xff} {
				forged := slices.Clone(s[:len(s)-4])
				forged[n] ^= x
				iv, err := q.Resume(sealed(forged))
				if err != nil {
					require.ErrorIs(t, err, r.ErrState)
					refused++
					continue
				}
				taken++
				use(t, iv)
			}
		}
	}
	require.Positive(t, refused)
	require.Positive(t, taken)
}

func TestStateOfAnotherVersion(t *testing.T) {
	s := spec()
	s.Version = "2"
	newer, err := r.New(s)
	require.NoError(t, err)
	q := form(t)
	state := q.Begin("").AppendState(nil)
	_, err = newer.Resume(state)
	var e *r.StateError
	require.ErrorAs(t, err, &e)
	hash := q.Hash()
	require.Equal(t, hash[:8], e.Hash[:])
	found, err := r.StateHash(state)
	require.NoError(t, err)
	require.Equal(t, e.Hash, found)
	_, err = r.StateHash(state[:5])
	require.ErrorIs(t, err, r.ErrState)
	require.ErrorContains(t, err, "too short")
	state[0] = 9
	_, err = q.Resume(state)
	require.ErrorContains(t, err, "the format 9")
}
