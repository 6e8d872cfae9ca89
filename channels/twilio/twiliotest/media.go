package twiliotest

import (
	"net/http"
	"regexp"
)

// file is what a person sent.
type file struct {
	kind string
	data []byte
}

func (f *Fake) mediaRoutes() []route {
	const id = `/Messages/MM[0-9a-f]{32}/Media/(ME[0-9a-f]{32})`
	base := `^/2010-04-01/Accounts/` + f.AccountSID + id
	return []route{
		{Files, http.MethodGet, "api", regexp.MustCompile(base + `$`), f.locateFile},
		{Files, http.MethodDelete, "api", regexp.MustCompile(base + `\.json$`), f.deleteFile},
	}
}

// File keeps a file that a person will send, and returns it for [Inbound.Media].
func (f *Fake) File(kind string, data []byte) Media {
	f.mu.Lock()
	defer f.mu.Unlock()
	sid := f.newSID("ME")
	f.files[sid] = file{kind, data}
	return Media{
		URL:  "https://api.twilio.com/2010-04-01/Accounts/" + f.AccountSID + "/Messages/" + SID("MM", sid) + "/Media/" + sid,
		Type: kind,
	}
}

// locateFile sends on to where the file is kept, as Twilio does.
func (f *Fake) locateFile(c *call, args []string) {
	if _, ok := f.files[args[0]]; !ok {
		c.refuse(http.StatusNotFound, 20404, "no such file")
		return
	}
	c.w.Header().Set("Location", "https://"+kept+"/"+args[0])
	c.w.WriteHeader(http.StatusTemporaryRedirect)
}

func (f *Fake) deleteFile(c *call, args []string) {
	if _, ok := f.files[args[0]]; !ok {
		c.refuse(http.StatusNotFound, 20404, "no such file")
		return
	}
	delete(f.files, args[0])
	c.w.WriteHeader(http.StatusNoContent)
}

// keep answers for where files are kept: nobody signs in there, and whoever shows
// Twilio's credentials is refused.
func (f *Fake) keep(c *call, path string) {
	got, ok := f.files[path[1:]]
	switch {
	case c.r.Header.Get("Authorization") != "":
		c.complain(http.StatusForbidden, 20003, "credentials were shown to where files are kept")
	case !ok:
		c.w.WriteHeader(http.StatusNotFound)
	default:
		c.w.Header().Set("Content-Type", got.kind)
		_, _ = c.w.Write(got.data) // a recorder takes all
	}
}
