package viber

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// errWelcome says that a welcome cannot be one message.
var errWelcome = errors.New("viber: what the hub says to a newcomer must fit one message: make the first dialog shorter")

// Answer writes the hub's replies to an opened conversation as the one welcome message
// that Viber allows, texts under each other, and else an empty acknowledgement. It returns
// an error, and Viber asks again, when they do not fit: nothing is cut.
func (d *Driver) Answer(w http.ResponseWriter, _ *http.Request, replies []channels.Rendered) error {
	if len(replies) == 0 {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	for i := range replies {
		for _, m := range replies[i].Media {
			if _, failed := attach(m); failed != nil {
				return failed
			}
		}
	}
	ms, failed := d.compose(welcome(replies))
	if failed != nil {
		return failed
	}
	body, err := encode(ms[0])
	if err != nil {
		return err
	}
	if len(ms) != 1 || len(body) > largestRequest || ms[0].Text != nil && !channels.UTF16.Fits(*ms[0].Text, longestText) {
		return errWelcome
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	return err
}

// welcome makes one message of several: the last one's choices under all the texts.
// Pictures and files become links unless there is one alone.
func welcome(replies []channels.Rendered) channels.Rendered {
	one := replies[len(replies)-1]
	var texts []string
	var media []channels.Media
	for i := range replies {
		if s := replies[i].Body(); s != "" {
			texts = append(texts, s)
		}
		media = append(media, replies[i].Media...)
	}
	one.Media = nil
	if text := strings.Join(texts, "\n\n"); len(media) == 1 && media[0].Type == "image/jpeg" && channels.UTF16.Fits(text, longestCaption) {
		one.Media = media
	} else {
		for _, m := range media {
			texts = append(texts, m.URL)
		}
	}
	one.Parts = []string{strings.Join(texts, "\n\n")}
	return one
}
