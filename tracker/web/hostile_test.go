package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"paperlab/tracker"
	"paperlab/tracker/web"
)

// hostile is a text that would run in a page that takes data for HTML.
const hostile = `<img src=x onerror="document.title='taken over'"><script>document.title='taken over'</script>`

func TestNothingThatARunLogsIsExecuted(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, hostile, func(r *tracker.Run) {
		r.Project, r.Group, r.Notes = hostile, hostile, hostile
		r.Params[hostile], r.Params["url"] = hostile, "javascript:document.title='taken over'"
		r.Tags[hostile] = hostile
		r.Source = tracker.Source{Command: hostile, Dir: hostile, Commit: hostile, Diff: "+" + hostile + "\n-" + hostile}
		r.Machine = tracker.Machine{Host: hostile, CPU: hostile, GPU: hostile, Env: map[string]string{hostile: hostile}}
	})
	addRun(t, store, 2, `'"></th><svg onload=document.title='taken_over'>`, nil)
	key := "a/" + hostile
	logSeries(t, store, run, key, 5, 1, func(step float64) float64 { return step })
	must(t, store.AddText(t.Context(), run.ID, tracker.Text{Key: key, Step: 1, Time: now, Session: 1, Body: hostile}))
	must(t, store.AddText(t.Context(), run.ID, tracker.Text{Key: "source/cell", Step: 1, Time: now, Session: 1, Body: hostile}))
	must(t, store.AddTable(t.Context(), run.ID, tracker.Table{Key: key, Step: 1, Time: now, Session: 1, Columns: []string{hostile}, Rows: [][]any{{hostile}}}))
	must(t, store.AddConsole(t.Context(), run.ID, []tracker.Console{{Time: now, Session: 1, Stream: "stdout", Text: hostile + "\n"}}))
	_, err := store.AddImage(t.Context(), run.ID, tracker.Image{Key: key, Step: 1, Time: now, Session: 1, MIME: "image/svg+xml", Caption: hostile},
		strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>top.document.title='taken over'</script></svg>`))
	must(t, err)
	artifact, err := store.SaveArtifact(t.Context(), run.ID, "page.html", now, strings.NewReader(hostile))
	must(t, err)

	site := serve(t, store)
	p := openTab(t, site, "/?filter="+strings.ReplaceAll(hostile, " ", "+"))
	p.look(1280, 1000, false)
	for _, path := range []string{"/", "/?group=params.url", "/?columns=project,notes", "/compare?runs=" + id(1) + "," + id(2), "/bin",
		"/runs/" + id(1), "/runs/" + id(1) + "?tab=overview", "/runs/" + id(1) + "?tab=summaries", "/runs/" + id(1) + "?tab=media", "/runs/" + id(1) + "?tab=console",
		"/runs/" + id(1) + "?tab=artifacts", "/runs/" + id(1) + "?tab=source", "/runs/%3Cimg%20src=x%20onerror=document.title='taken'%3E"} {
		p.goTo(path)
		p.wait("the view of "+path, "document.querySelector('main h1') && !document.querySelector('.waiting')")
		if injected := p.text("document.querySelectorAll('main img[onerror], main script, main svg[onload]').length"); injected != "0" {
			t.Errorf("%s: %s elements came from data", path, injected)
		}
		if title := p.text("document.title"); strings.HasPrefix(title, "taken") {
			t.Errorf("%s: a run's data was executed", path)
		}
	}
	answer, err := http.Get(site + "/api/runs/" + id(1) + "/files/" + artifact.Hash)
	must(t, err)
	defer answer.Body.Close()
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename=page.html", "X-Content-Type-Options": "nosniff"} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s of an artifact: %q", name, got)
		}
	}
	if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("an artifact that is opened is not in a sandbox")
	}
}

func TestABrowserEntersTheTokenOnce(t *testing.T) {
	store, _ := newStore(t)
	addRun(t, store, 1, "secret", nil)
	server := httptest.NewServer(web.Guard(web.GuardOptions{Token: token}, web.Handler(store, web.Options{Done: t.Context().Done()})))
	t.Cleanup(server.Close)
	p := openTab(t, server.URL, "/?sort=name")
	p.wait("the question", "document.querySelector('[name=token]') && !document.body.textContent.includes('secret')")
	p.do("answering", chromedp.SendKeys(chromedp.CSS("[name=token]"), token+kb.Enter))
	p.wait("the runs", rows(1))
	if got := p.text("location.href + document.cookie"); strings.Contains(got, token) || strings.Contains(got, "paperlab-") {
		t.Errorf("a script of the page can read %s", got)
	}
	p.goTo("/bin")
	p.wait("another page without it", "document.querySelector('.runs .empty')")
}

// A browser keeps to the policy that the guard sends.
func TestInlineScriptsDoNotRun(t *testing.T) {
	server := httptest.NewServer(guardedPage(`<!doctype html><title>calm</title><script>document.title='taken over'</script><body onload="document.title='taken over'"><h1>page</h1>`))
	defer server.Close()
	p := openTab(t, server.URL, "/")
	p.wait("the page", "document.querySelector('h1')")
	if title := p.text("document.title"); title != "calm" {
		t.Errorf("the title is %q", title)
	}
}
