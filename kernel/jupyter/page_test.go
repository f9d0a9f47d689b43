package jupyter_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// page is a tab of a headless Chromium that shows a notebook in JupyterLab or in the classic Notebook, whose pages are built of the same
// parts. Its methods do what a person does, and end the test where that cannot be done.
type page struct {
	t   *testing.T
	ctx context.Context
}

// open shows an address in a browser of its own.
func open(t *testing.T, address string) *page {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("NOTHING WAS TESTED: no chromium on the PATH; make setup brings it where there is apt, as does sudo apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.WindowSize(1280, 1400), chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	p := &page{t, ctx}
	p.do("opening the page", chromedp.Navigate(address))
	return p
}

// do carries out steps.
func (p *page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.fail(what, err)
	}
}

// fail ends the test, leaving a picture of the page as it was.
func (p *page) fail(what string, err error) {
	p.t.Helper()
	p.shoot("failed-" + filepath.Base(p.t.Name()))
	outputs, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("[...document.querySelectorAll('.jp-OutputArea')].map(area => area.innerText).join('\\n')"))
	p.t.Fatalf("%s: %v; the page is in %s, and the outputs are:\n%s", what, err, shots, outputs)
}

// wait waits until a JavaScript expression is true.
func (p *page) wait(what, expression string) {
	p.t.Helper()
	p.do("waiting for "+what, chromedp.Poll[chromedp.Void]("!!("+expression+")", chromedp.WithPollingTimeout(patience)))
}

// quote is a text as JavaScript.
func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}

// scroll brings an element into sight, to the start of the page or to where it is nearest.
func (p *page) scroll(element, block string) {
	p.t.Helper()
	p.do("scrolling to "+element, chromedp.Evaluate[chromedp.Void](element+".scrollIntoView({block: "+quote(block)+"})"))
}

// click moves the pointer onto the middle of an element and clicks, once the element is there. The element is a JavaScript expression.
func (p *page) click(element string) {
	p.t.Helper()
	p.wait(element, element+"?.checkVisibility()")
	p.scroll(element, "nearest")
	where, err := chromedp.Run(p.ctx, chromedp.Evaluate[struct{ X, Y, Width, Height float64 }](element+".getBoundingClientRect().toJSON()"))
	if err != nil {
		p.fail("looking for "+element, err)
	}
	x, y := where.X+where.Width/2, where.Y+where.Height/2
	// Menus take the item that the pointer was moved onto.
	p.do("clicking "+element, chromedp.MouseEvent(chromedp.MouseMoved, x, y), chromedp.MouseClickXY(x, y))
}

// shoot keeps a picture of the page in .build/screenshots.
func (p *page) shoot(name string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Error(err)
		return
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		p.t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(shots, name+".png"), picture, 0o644); err != nil {
		p.t.Error(err)
	}
}
