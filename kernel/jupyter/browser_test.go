package jupyter_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"paperlab/kernel/nbformat"
)

// What a person does in the browser: a plot; a table and a bar that are redrawn in place, with a question in between, so that there is
// time to look; a loop that never ends; and what comes after it.
const (
	plotCell = `
import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

func wave(n int) plotter.XYs {
	points := make(plotter.XYs, n)
	for i := range points {
		x := float64(i) / 10
		points[i] = plotter.XY{X: x, Y: math.Exp(-x/5) * math.Cos(2*x)}
	}
	return points
}

line, err := plotter.NewLine(wave(200))
p := plot.New()
p.Title.Text = "A damped wave"
p.X.Label.Text, p.Y.Label.Text = "time", "deflection"
p.Add(plotter.NewGrid(), line)
p`
	liveCell = `
type epoch struct {
	Epoch int
	Loss  float64
}
var epochs []epoch

table, err := display.NewHandle(ctx, epochs)
bar := display.NewProgress(ctx, "training", 4)
for i := range 4 {
	epochs = append(epochs, epoch{i + 1, 2 / float64(i+1)})
	table.Update(epochs)
	bar.Add(1)
	if i == 1 {
		fmt.Println("answer:", Input("go on? "))
	}
}
bar.Done()`
	loopCell  = `for { }`
	afterCell = `fmt.Println("epochs kept:", len(epochs))`
)

func TestJupyterLab(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab.ipynb")
	write(t, path, plotCell, liveCell, loopCell, afterCell)
	p := openNotebook(t, "lab", path)
	p.runAll()

	p.waitFor(1, "[1]:")
	p.wait("the plot", cell(1)+".querySelector('.jp-OutputArea img')?.naturalWidth > 300")

	p.waitFor(2, "[*]:", "go on?")
	p.waitForRedrawn(2, "2/4")
	p.shoot("lab-live")
	p.do("answering", chromedp.SendKeys(chromedp.CSS(".jp-Stdin-input"), "yes"+kb.Enter))
	p.waitFor(2, "[2]:", "answer: yes")
	p.waitForRedrawn(4, "4/4")

	p.waitFor(3, "[*]:")
	p.interrupt()
	p.waitFor(3, "[3]:", "interrupted")
	p.run(4)
	p.waitFor(4, "[4]:", "epochs kept: 4")
	p.save()
	p.shoot("lab")
	checkSaved(t, read(t, path))
}

// waitForRedrawn waits until the live cell has one table with so many rows, and one bar that says this.
func (p *page) waitForRedrawn(rows int, done string) {
	p.t.Helper()
	p.wait("the table", count("table", 1)+" && "+count("tbody tr", rows))
	p.wait("the bar", count("progress", 1)+" && "+cell(2)+".innerText.includes("+quote(done)+")")
}

// count is the JavaScript expression that the live cell's outputs hold so many elements.
func count(selector string, n int) string {
	return cell(2) + ".querySelectorAll(" + quote(".jp-OutputArea "+selector) + ").length == " + strconv.Itoa(n)
}

// checkSaved looks at what JupyterLab wrote.
func checkSaved(t *testing.T, nb *nbformat.Notebook) {
	t.Helper()
	if plot := nb.Cells[0].Outputs; len(plot) != 1 || plot[0].Data["image/svg+xml"] == nil || plot[0].Data["image/png"] == nil {
		t.Errorf("the plot is saved as %d outputs", len(plot))
	}
	live := texts(nb.Cells[1])
	if strings.Count(live, "4/4") != 1 || strings.Contains(live, "2/4") || !strings.Contains(live, "answer: yes") {
		t.Errorf("the live cell is saved as\n%s", live)
	}
	if loop := nb.Cells[2].Outputs; len(loop) != 1 || loop[0].Type != nbformat.Error {
		t.Errorf("the interrupted cell is saved as %+v", loop)
	}
	if after := texts(nb.Cells[3]); after != "epochs kept: 4\n" {
		t.Errorf("the last cell is saved as %q", after)
	}
}

func TestClassicNotebook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "classic.ipynb")
	write(t, path, plotCell, `fmt.Println("in the classic Notebook")`)
	p := openNotebook(t, "notebook", path)
	p.runAll()
	p.waitFor(1, "[1]:")
	p.wait("the plot", cell(1)+".querySelector('.jp-OutputArea img')?.naturalWidth > 300")
	p.waitFor(2, "[2]:", "in the classic Notebook")
	p.saveUntil(path, func(nb *nbformat.Notebook) bool { return texts(nb.Cells[1]) == "in the classic Notebook\n" })
	p.shoot("classic")
}
