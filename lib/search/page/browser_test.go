package page_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab is the search page in a headless Chromium of its own, behind a policy such as a guard sends.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site string
}

func openTab(t *testing.T, path string) *tab {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("NOTHING WAS TESTED: no chromium on the PATH; make setup brings it where there is apt, as does sudo apt-get install chromium")
	}
	s := newSearcher(t, compass)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'")
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.DisableGPU, chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	p := &tab{t, ctx, server.URL}
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of its first use
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(server.URL + path))
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits until a JavaScript expression is true.
func (p *tab) wait(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void]("!!("+expression+")", chromedp.WithPollingTimeout(time.Minute))); err != nil {
		p.t.Fatalf("waiting for %s: %v; the page says %s", expression, err, p.text("location.href + document.body.innerText"))
	}
}

func (p *tab) text(expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

const shown = "[...document.querySelectorAll('#hits h3')].map(h => h.textContent).join('|')"

func TestAPersonSearchesByTheKeyboard(t *testing.T) {
	p := openTab(t, "/")
	p.wait("document.activeElement.name === 'q' && about.textContent === '3 papers in papers.faiss, by compass'")
	p.do(chromedp.SendKeys(chromedp.CSS("#q"), "to the north"+kb.Enter))
	p.wait(shown + ".startsWith('Northern lights|East of the sun|') && /^3 papers in /.test(document.querySelector('#status[role=status]').textContent)")
	if got := p.text("location.search + document.title"); got != "?q=to+the+northPapers for to the north · Search papers" {
		t.Error(got)
	}
	if got := p.text("document.querySelector('.about').textContent"); got != "A. Aurora · astro-ph.EP · 2007 · 0704.0001 · similarity 0.995" {
		t.Error(got)
	}

	p.wait("[...document.querySelectorAll('.tools button')].map(b => b.hidden).slice(0, 2).join() === 'false,true'") // one abstract is cut off, one is whole
	p.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('.tools button').focus()"), chromedp.KeyEvent(kb.Enter))
	p.wait("document.querySelector('.tools button[aria-expanded=true]') && document.querySelector('.abstract.whole').textContent.endsWith('again from the pole.') && help.hidden")

	p.do(chromedp.Evaluate[chromedp.Void]("form.elements.to.focus()"), chromedp.KeyEvent("2008"+kb.Enter))
	p.wait(shown + " === 'Northern lights|East of the sun' && location.search.includes('to=2008')")
	p.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('.like').focus()"), chromedp.KeyEvent(kb.Enter))
	p.wait(shown + " === 'East of the sun' && heading === document.activeElement && heading.textContent === 'Papers like Northern lights'")
	if got := p.text("location.search + form.elements.q.value + form.elements.to.value"); got != "?like=0704.0001&to=20082008" {
		t.Error(got)
	}
	p.do(chromedp.Evaluate[chromedp.Void]("history.back()"))
	p.wait(shown + " === 'Northern lights|East of the sun' && form.elements.q.value === 'to the north'")

	p.do(chromedp.Evaluate[chromedp.Void]("form.elements.from.focus()"), chromedp.KeyEvent("soon"+kb.Enter))
	p.wait("form.elements.from.getAttribute('aria-invalid') && document.querySelector('#status.failed').textContent.includes('from is a number') && " + shown + " === ''")
}

func TestNothingThatComesFromDataIsExecuted(t *testing.T) {
	p := openTab(t, "/?q="+"%3Cimg%20src=x%20onerror=%22document.title='taken%20over'%22%3E"+"&by=both")
	p.wait(shown + ".includes('<script>')")
	if got := p.text("document.querySelectorAll('main img, main script, main [onerror]').length + document.title"); got != `0Papers for <img src=x onerror="document.title='taken over'"> · Search papers` {
		t.Error(got)
	}
	p.do(chromedp.Navigate(p.site + "/?like=x-3"))
	p.wait(shown + ".startsWith('East of the sun')")
	if got := p.text("heading.textContent"); got != "Papers like "+hostile {
		t.Error(got)
	}
}
