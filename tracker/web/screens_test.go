package web_test

import (
	"fmt"
	"testing"
)

// nameless lists the controls and pictures that have no name.
const nameless = `[...document.querySelectorAll('a, button, input, select, textarea, summary, img:not([alt=""]), [role=img], [role=region], [role=group]')]
	.filter(e => e.checkVisibility() && !(e.ariaLabel || e.labels?.length || e.textContent.trim() || e.alt || e.title)).map(e => e.outerHTML.slice(0, 200)).join(' | ')`

// The pictures that this test leaves in .build/screenshots are for people to look at.
func TestEveryViewShowsInLightAndDarkWideAndNarrow(t *testing.T) {
	nothing, _ := newStore(t)
	empty := serve(t, nothing)
	store, _ := newStore(t)
	all := study(t, store)
	detail(t, store, all[7])
	site := serve(t, store)
	compare := "/compare?runs=" + all[3].ID + "," + all[5].ID + "," + all[7].ID + "," + all[9].ID
	run := "/runs/" + all[7].ID
	drawn := "document.querySelector('.panel.drawn')"
	for name, view := range map[string]struct{ path, ready string }{
		"runs":      {"/?smooth=0.8", "document.querySelectorAll('.runs tbody tr').length == 12 && " + drawn},
		"filtered":  {"/?filter=params.lr+%3E%3D+5e-5+%26%26+min(%22eval/loss%22)+%3C+2.3&sort=min(%22eval/loss%22)&logy=1&x=epoch", drawn},
		"grouped":   {"/?group=params.lr&smooth=0.9", drawn + " && document.querySelector('.runs .group')"},
		"beginning": {"/", "document.querySelector('.beginning') && document.querySelector('.tableholder').scrollHeight <= document.querySelector('.tableholder').clientHeight"},
		"wrong":     {"/?filter=params.lr+%3D+1", "document.querySelector('.error')?.checkVisibility()"},
		"compare":   {compare, "document.querySelector('.parallel .run')"},
		"charts":    {run + "?smooth=0.6", drawn},
		"overview":  {run + "?tab=overview", "document.querySelector('.tags li')"},
		"system":    {run + "?tab=system", drawn},
		"summaries": {run + "?tab=summaries", "document.querySelector('.text td')"},
		"media":     {run + "?tab=media", "document.querySelector('.images img')?.naturalWidth == 240"},
		"console":   {run + "?tab=console", "document.querySelector('.console').textContent.includes('epoch 2')"},
		"artifacts": {run + "?tab=artifacts", "document.querySelector('.plain')"},
		"source":    {run + "?tab=source", "document.querySelector('.diff .added')"},
	} {
		t.Run(name, func(t *testing.T) {
			site := site
			if name == "beginning" {
				site = empty
			}
			p := openTab(t, site, view.path)
			for _, width := range []int64{1280, 400} {
				for _, dark := range []bool{false, true} {
					p.look(width, 1000, dark)
					p.wait("the view", view.ready)
					if over := p.text("document.documentElement.scrollWidth - innerWidth"); over != "0" && over[0] != '-' {
						t.Errorf("at %d pixels the page is %s too wide", width, over)
					}
					if nameless := p.text(nameless); nameless != "" {
						t.Errorf("who hears the page cannot tell what these are: %s", nameless)
					}
					p.shoot(fmt.Sprintf("dashboard-%s-%d-%s", name, width, map[bool]string{false: "light", true: "dark"}[dark]))
				}
			}
		})
	}
}
