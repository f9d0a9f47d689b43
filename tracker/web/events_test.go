package web_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

func TestEventsTellWhichRunsChanged(t *testing.T) {
	store, _ := newStore(t)
	addRun(t, store, 1, "before", nil)
	site := serve(t, store)
	answer, err := http.Get(site + "/api/events")
	must(t, err)
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatal(kind)
	}
	lines := bufio.NewScanner(answer.Body)
	next := func(beginning string) string {
		t.Helper()
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), beginning); ok {
				return rest
			}
		}
		t.Fatalf("the stream ended before %q", beginning)
		return ""
	}
	if first := next("data: "); !strings.Contains(first, `"runs":[]`) {
		t.Errorf("a stream that begins tells %s", first)
	}
	addRun(t, store, 2, "after", nil)
	revision := next("id: ")
	if second := next("data: "); !strings.Contains(second, id(2)) || strings.Contains(second, id(1)) {
		t.Errorf("got %s", second)
	}

	addRun(t, store, 3, "while away", nil)
	request, err := http.NewRequestWithContext(t.Context(), "GET", site+"/api/events", nil)
	must(t, err)
	request.Header.Set("Last-Event-ID", revision)
	back, err := http.DefaultClient.Do(request)
	must(t, err)
	defer back.Body.Close()
	lines = bufio.NewScanner(back.Body)
	next("data: ")
	if missed := next("data: "); !strings.Contains(missed, id(3)) {
		t.Errorf("who comes back is told %s", missed)
	}
}
