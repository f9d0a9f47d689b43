package web_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take until its test fails. Nothing is measured by it.
const patience = time.Minute

// browser is one headless Chromium for all tests; its tabs are theirs.
var browser = struct {
	context.Context
	missing string
}{}

// startBrowser starts Chromium where there is one, and returns what ends it.
func startBrowser() (stop func()) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		browser.missing = "NOTHING WAS TESTED: no chromium on the PATH; make setup brings it where there is apt, as does sudo apt-get install chromium"
		return func() {}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.WindowSize(1280, 800), chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	browser.Context = ctx
	return func() {
		closeBrowser()
		stopAllocator()
	}
}

// tab is a page in the browser. Its methods do what a person does, and end the test where that cannot be done.
type tab struct {
	t    testing.TB
	ctx  context.Context
	site string
}

// openTab opens a tab on a path of a site, in dark or light, as wide as that.
func openTab(t testing.TB, site, path string) *tab {
	t.Helper()
	if browser.missing != "" {
		t.Skip(browser.missing)
	}
	must(t, chromedp.Do(browser))                                                       // the browser is started by its first tab, which stays
	ctx, closeTab := chromedp.NewContext(browser.Context, chromedp.WithNewWindow(true)) // what is behind another tab is not drawn
	t.Cleanup(closeTab)
	must(t, chromedp.Do(ctx)) // a tab lives as long as the context of its first use
	p := &tab{t, ctx, site}
	p.do("opening "+path, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(site+path))
	return p
}

func (p *tab) goTo(path string) {
	p.t.Helper()
	p.do("going to "+path, chromedp.Navigate(p.site+path))
}

// do carries out steps.
func (p *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail(what, err)
	}
}

// fail ends the test, leaving a picture of the page as it was.
func (p *tab) fail(what string, err error) {
	p.t.Helper()
	name := "failed-" + strings.ReplaceAll(p.t.Name(), "/", "-")
	p.shoot(name)
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 3000)"))
	p.t.Fatalf("%s: %v; the page is in .build/screenshots/%s.png and says:\n%s", what, err, name, text)
}

// navigated is in the errors of what is asked of a page that another just took the place of.
const navigated = "(-32000)"

// wait waits until a JavaScript expression is true and does not fail, on this page or the one that a click led to.
func (p *tab) wait(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void]("(() => { try { return !!("+expression+") } catch { return false } })()", chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), navigated) {
			p.fail("waiting for "+what, err)
		}
	}
}

// text returns what a JavaScript expression gives as text.
func (p *tab) text(expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.fail("evaluating "+expression, err)
	}
	return got
}

// where returns the middle of an element, after bringing it into sight.
func (p *tab) where(selector string) (x, y float64) {
	p.t.Helper()
	element := "document.querySelector(" + quote(selector) + ")"
	p.wait(selector, element+"?.checkVisibility()")
	box, err := chromedp.Run(p.ctx, chromedp.Evaluate[struct{ X, Y, Width, Height float64 }](
		"("+element+".scrollIntoView({block: 'nearest'}), "+element+".getBoundingClientRect().toJSON())"))
	if err != nil {
		p.fail("looking for "+selector, err)
	}
	return box.X + box.Width/2, box.Y + box.Height/2
}

func (p *tab) click(selector string) {
	p.t.Helper()
	x, y := p.where(selector)
	p.do("clicking "+selector, chromedp.MouseClickXY(x, y))
}

// write replaces what stands in a field.
func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.where(selector)
	p.do("writing into "+selector, chromedp.Evaluate[chromedp.Void]("document.querySelector("+quote(selector)+").select()"))
	p.do("writing into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// keys presses keys, whatever has the focus.
func (p *tab) keys(keys string) {
	p.t.Helper()
	p.do("pressing keys", chromedp.KeyEvent(keys))
}

// look sets the size and whether dark is preferred.
func (p *tab) look(width, height int64, dark bool) {
	p.t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[dark]
	p.do("changing the look", chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// shoot keeps a picture of the page in .build/screenshots.
func (p *tab) shoot(name string) {
	p.t.Helper()
	shots := filepath.Join("../../.build/screenshots")
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		if err = os.MkdirAll(shots, 0o755); err == nil {
			err = os.WriteFile(filepath.Join(shots, name+".png"), picture, 0o644)
		}
	}
	if err != nil {
		p.t.Error(err)
	}
}

// quote is a text as JavaScript.
func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}

// point moves the pointer.
func (p *tab) point(x, y float64) {
	p.t.Helper()
	p.do("pointing", chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// drag holds the button down on the way.
func (p *tab) drag(fromX, fromY, toX, toY float64) {
	p.t.Helper()
	p.do("dragging", chromedp.MouseEvent(chromedp.MouseMoved, fromX, fromY), chromedp.MouseEvent(chromedp.MousePressed, fromX, fromY, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, (fromX+toX)/2, toY, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseMoved, toX, toY, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, toX, toY, chromedp.ButtonLeft))
}

func (p *tab) doubleClick(x, y float64) {
	p.t.Helper()
	p.do("clicking twice", chromedp.MouseClickXY(x, y, chromedp.ClickCount(1)), chromedp.MouseClickXY(x, y, chromedp.ClickCount(2)))
}
