package jupyter_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"paperlab/kernel/nbformat"
)

// write saves a notebook of code cells for our kernel.
func write(t *testing.T, path string, sources ...string) {
	t.Helper()
	nb := nbformat.New()
	nb.Metadata = map[string]any{
		"kernelspec":    map[string]any{"name": "paperlab", "display_name": "Go (Paperlab)", "language": "go"},
		"language_info": map[string]any{"name": "go"},
	}
	for i, source := range sources {
		nb.Cells = append(nb.Cells, nbformat.Cell{
			ID: "cell-" + strconv.Itoa(i+1), Type: nbformat.Code, Source: strings.TrimSpace(source), Metadata: map[string]any{},
		})
	}
	if err := nb.Save(path); err != nil {
		t.Fatal(err)
	}
}

// read loads a notebook.
func read(t *testing.T, path string) *nbformat.Notebook {
	t.Helper()
	nb, err := nbformat.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

// openNotebook shows a notebook in one of the faces of [serve] and waits until its kernel is ready.
func openNotebook(t *testing.T, face, path string) *page {
	t.Helper()
	address := serve(t, face, filepath.Dir(path))
	p := open(t, address(filepath.Base(path)))
	// The page itself says "idle" before there is a kernel, too.
	p.wait("an idle kernel", "[...window.jupyterapp?.shell.widgets('main') ?? []].some(w => w.sessionContext?.session?.kernel?.status == 'idle')")
	return p
}

// cell is the JavaScript expression of the code cell with this number, from 1.
func cell(number int) string {
	return "document.querySelectorAll('.jp-Notebook .jp-CodeCell')[" + strconv.Itoa(number-1) + "]"
}

// runAll chooses Run All Cells from the menu.
func (p *page) runAll() {
	p.t.Helper()
	p.click("[...document.querySelectorAll('.lm-MenuBar-item')].find(item => item.innerText == 'Run')")
	p.click("document.querySelector('.lm-Menu-item[data-command=\"runmenu:run-all\"]')")
}

// run puts the cursor into a cell and presses Shift+Enter.
func (p *page) run(number int) {
	p.t.Helper()
	p.click(cell(number) + ".querySelector('.cm-content')")
	p.wait("the cursor in the cell", cell(number)+".contains(document.activeElement)")
	p.do("running the cell", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift)))
}

// interrupt presses the button that stops the kernel's work.
func (p *page) interrupt() {
	p.t.Helper()
	p.click("document.querySelector('[data-jp-item-name=interrupt]')")
}

// save presses Ctrl+S and waits until nothing is unsaved.
func (p *page) save() {
	p.t.Helper()
	p.do("saving", chromedp.KeyEvent("s", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.wait("the saved notebook", "!document.querySelector('.jp-mod-dirty')")
}

// saveUntil saves until the file holds what it should: the classic Notebook shows nowhere that it is still writing.
func (p *page) saveUntil(path string, holds func(*nbformat.Notebook) bool) {
	p.t.Helper()
	often := time.NewTicker(100 * time.Millisecond)
	defer often.Stop()
	late := time.After(patience)
	p.save()
	for {
		if nb, err := nbformat.Read(path); err == nil && holds(nb) {
			return
		}
		select {
		case <-often.C:
		case <-late:
			p.t.Fatalf("the file does not hold what was saved: %+v", read(p.t, path))
		}
	}
}

// waitFor waits until a cell's prompt is this one, as "[1]:" or "[*]:", and its outputs hold these texts.
func (p *page) waitFor(number int, prompt string, texts ...string) {
	p.t.Helper()
	p.wait("the prompt "+prompt, cell(number)+".querySelector('.jp-InputPrompt').innerText == "+quote(prompt))
	for _, text := range texts {
		p.wait("the output "+text, cell(number)+".querySelector('.jp-OutputArea')?.innerText.includes("+quote(text)+")")
	}
}
