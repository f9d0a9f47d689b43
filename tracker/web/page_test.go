package web_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
)

// rows is how many runs the table lists.
func rows(n int) string {
	return fmt.Sprintf("document.querySelectorAll('.runs tbody tr[data-run]').length == %d", n)
}

// names lists the runs of the table in their order.
const names = "[...document.querySelectorAll('.runs tbody th[scope=row] a')].map(a => a.textContent)"

// curves is how many curves the first chart of a key shows.
func curves(key string, n int) string {
	return fmt.Sprintf("document.querySelectorAll('[data-key=%q].drawn .curve').length == %d", key, n)
}

// openStudy opens the page of a study of twelve runs.
func openStudy(t *testing.T, path string) *tab {
	t.Helper()
	store, _ := newStore(t)
	study(t, store)
	p := openTab(t, serve(t, store), path)
	p.look(1280, 1000, false)
	p.wait("the table", "document.querySelector('.runs tbody tr')")
	return p
}

func TestTheTableIsFilteredAsOneTypes(t *testing.T) {
	p := openStudy(t, "/")
	p.wait("all runs", rows(12))
	p.write("[name=filter]", `params.lr >= 3e-4 && params.seed == 1`)
	p.wait("two runs", rows(2)+" && "+names+".join() == 't5-lr0.001-seed1,t5-lr0.0003-seed1'")
	p.wait("their curves only", curves("train/loss", 2))
	p.wait("the address", "new URLSearchParams(location.search).get('filter').startsWith('params.lr')")
	p.wait("the count", "document.querySelector('.total').textContent.includes('2 of 12 runs')")

	p.write("[name=filter]", `params.lr >= `)
	p.wait("the error, at its column", "document.querySelector('#field-filter-error pre')?.textContent.split('\\n')[1] == ' '.repeat(13) + '^' || document.querySelector('#field-filter-error pre')?.textContent")
	p.wait("the field marked", "document.querySelector('[name=filter]').getAttribute('aria-invalid') == 'true'")
	p.wait("the table as it was", rows(2))
	p.write("[name=filter]", `params.lrr > 0`)
	p.wait("what may be meant", rows(0)+" && document.querySelector('#field-filter-error').textContent.includes('params.lr')")
	p.write("[name=filter]", `name == "t5-lr0.001-seed2"`)
	p.wait("one run", rows(1))
	p.wait("no error", "!document.querySelector('#field-filter-error').checkVisibility()")
}

func TestAClickSortsTheTable(t *testing.T) {
	p := openStudy(t, "/")
	p.click(`[data-sort='min("eval/loss")']`)
	p.wait("the largest first", names+"[0].startsWith('t5-lr1e-05')")
	p.wait("what readers hear", `document.querySelector('[data-sort=\'min("eval/loss")\']').parentElement.ariaSort == 'descending'`)
	p.wait("the focus kept", `document.activeElement.dataset.sort == 'min("eval/loss")'`)
	p.keys(kb.Enter)
	p.wait("the smallest first", names+"[0].startsWith('t5-lr0.0001')")
	p.text("history.back()")
	p.wait("the largest first again", names+"[0].startsWith('t5-lr1e-05')")
}

func TestWhatIsChosenIsDrawn(t *testing.T) {
	p := openStudy(t, "/")
	p.wait("the ten newest", curves("train/loss", 10))
	p.click(fmt.Sprintf("[data-choose=%q]", id(12)))
	p.wait("nine", curves("train/loss", 9))
	p.click(fmt.Sprintf("[data-choose=%q]", id(1)))
	p.wait("ten others", curves("train/loss", 10))
	p.wait("the oldest among them", fmt.Sprintf("document.querySelector('[data-key=\"train/loss\"] .curve[data-run=%q]')", id(1)))
	color := p.text(fmt.Sprintf("document.querySelector('[data-key=\"train/loss\"] .curve[data-run=%q]').getAttribute('stroke')", id(5)))
	shared := p.text("location.href")

	again := openTab(t, p.site, strings.TrimPrefix(shared, p.site))
	again.look(1280, 1000, false)
	again.wait("the same runs from the address", curves("train/loss", 10)+fmt.Sprintf(" && document.querySelector('.curve[data-run=%q]')", id(1)))
	if color == "" {
		t.Error("curves have no colour")
	}
	p.click(".bar.under button:nth-of-type(3)")
	p.wait("none", "document.querySelector('.board .empty')")
}

func TestColumnsAreChosen(t *testing.T) {
	p := openStudy(t, "/")
	p.click(".bar .buttons button")
	p.wait("the dialog", "document.querySelector('dialog').open")
	p.write("dialog textarea", `params.seed, at("train/loss", 1) as "first loss", -params.lr`)
	p.click("dialog menu button:last-child")
	p.wait("the columns", "[...document.querySelectorAll('.runs thead button')].slice(4).map(b => b.firstChild.textContent).join() == 'seed,first loss,-params.lr'")
}

func TestRunsAreGrouped(t *testing.T) {
	p := openStudy(t, "/?group=params.lr&runs="+id(1)+","+id(2)+","+id(3))
	p.wait("six groups of two", rows(12)+" && document.querySelectorAll('.runs .group').length == 6")
	p.wait("a curve a group", curves("train/loss", 2))
	p.wait("with a band", "document.querySelectorAll('[data-key=\"train/loss\"] .curve path[fill-opacity]').length == 2")
	p.click(".runs .group .fold")
	p.wait("one folded", rows(10))
}

func TestDraggingZoomsAndADoubleClickShowsAll(t *testing.T) {
	p := openStudy(t, "/")
	chart := `[data-key="train/loss"] .chart svg`
	p.wait("the chart", curves("train/loss", 10))
	x, y := p.where(chart)
	p.drag(x-40, y, x+40, y)
	p.wait("the range in the address", "new URLSearchParams(location.search).get('zoom')")
	p.wait("finer points", "[...performance.getEntriesByType('resource')].some(r => r.name.includes('from='))")
	p.wait("the axis", `[...document.querySelectorAll('[data-key="train/loss"] .chart text')].every(t => t.textContent != '800')`)
	p.doubleClick(x, y)
	p.wait("all", "!new URLSearchParams(location.search).has('zoom')")
}

func TestPointingReadsAllRuns(t *testing.T) {
	p := openStudy(t, "/?runs="+id(1)+","+id(12))
	p.wait("the chart", curves("train/loss", 2))
	x, y := p.where(`[data-key="train/loss"] .chart svg`)
	p.point(x, y)
	p.wait("both runs' values", `document.querySelectorAll('[data-key="train/loss"] .reading b').length == 2`)
	p.wait("the step", `/^Step \d+$/.test(document.querySelector('[data-key="train/loss"] .where').textContent)`)
	p.point(x+100, y)
	p.wait("NaN where one diverged", `document.querySelector('[data-key="train/loss"] .reading').textContent.includes('NaN')`)
	p.wait("NaN is marked", `document.querySelector('[data-key="train/loss"] [data-what=NaN]')`)
	p.wait("so are infinities", `document.querySelector('[data-key="train/grad_norm"] [data-what=Infinity]')`)
}

func TestTheAxesChange(t *testing.T) {
	p := openStudy(t, "/?runs="+id(1))
	p.wait("the chart", curves("train/loss", 1))
	labels := `[...document.querySelectorAll('[data-key="train/loss"] .chart text')].map(t => t.textContent)`
	for axis, want := range map[string]string{"epoch": "4", "relative": "30 min", "wall": "12:30"} {
		p.text("(document.querySelector('[name=x]').value = " + quote(axis) + ", document.querySelector('[name=x]').dispatchEvent(new Event('change')))")
		p.wait(axis, labels+".includes("+quote(want)+")")
	}
	line := `(document.querySelector('[data-key="train/loss"] .curve path:last-of-type')?.getAttribute('d') ?? '')` // none while it is drawn anew
	changed := func(what, before string) string {
		t.Helper()
		p.wait(what, line+" && "+line+" != "+quote(before))
		return p.text(line)
	}
	linear := changed("a line", "")
	p.click("[name=logy]")
	p.wait("a logarithmic axis", "new URLSearchParams(location.search).get('logy') == '1'")
	rough := changed("its line", linear)
	p.text("(document.querySelector('[name=smooth]').value = 0.9, document.querySelector('[name=smooth]').dispatchEvent(new Event('input')))")
	changed("another, smooth line", rough)
}

func TestAnAddressOfMLflowLeadsToTheRun(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "from Python", nil)
	p := openTab(t, serve(t, store), "/#/experiments/1/runs/"+run.ID)
	p.wait("the run", "location.pathname == '/runs/"+run.ID+"' && document.querySelector('h1')?.textContent == 'from Python'")
}

func TestASharedZoomIsFine(t *testing.T) {
	p := openStudy(t, "/?zoom=100,200&runs="+id(1))
	p.wait("the chart", curves("train/loss", 1))
	p.wait("all points that are seen", `document.querySelectorAll('[data-key="train/loss"] .curve path').length == 1`) // no envelope
	p.wait("the axis", `[...document.querySelectorAll('[data-key="train/loss"] .chart text')].some(t => t.textContent == '150')`)
}

func TestChartsAreSaved(t *testing.T) {
	p := openStudy(t, "/?runs="+id(1)+","+id(2)+"&smooth=0.5")
	p.wait("the chart", curves("train/loss", 2))
	p.text(`(window.saved = [], window.blobs = new Map(), window.create = URL.createObjectURL,
		URL.createObjectURL = blob => { const url = create.call(URL, blob); blobs.set(url, blob); return url; },
		HTMLAnchorElement.prototype.click = function () { blobs.get(this.href).text().then(text => saved.push([this.download, text])); })`)
	for i, want := range []string{"train-loss.svg <svg", "train-loss.png \ufffdPNG"} {
		p.click(`[data-key="train/loss"] .menu summary`)
		p.click(fmt.Sprintf(`[data-key="train/loss"] .items button:nth-of-type(%d)`, i+1))
		p.wait(want, fmt.Sprintf("saved.length == %d && saved[%d].join(' ').startsWith('%s')", i+1, i, want))
	}
	p.wait("title, axis, and the names of the runs", "['>train/loss<', '>Step<', '>t5-lr1e-05-seed2<'].every(text => saved[0][1].includes(text))")
	p.wait("the colours of paper", "saved[0][1].includes('#0072b2') && saved[0][1].includes('#fff')")
}

func TestAnotherProcessLogsAndThePageShowsIt(t *testing.T) {
	if path := os.Getenv("PAPERLAB_TEST_LOG_INTO"); path != "" {
		logElsewhere(t, path)
		return
	}
	store, path := newStore(t)
	run := addRun(t, store, 1, "live", func(r *tracker.Run) { r.Status, r.Ended = tracker.Running, time.Time{} })
	logSeries(t, store, run, "train/loss", 3, 1, func(step float64) float64 { return step })
	p := openTab(t, serve(t, store), "/")
	p.wait("the run", rows(1)+" && "+curves("train/loss", 1))
	p.wait("the stream", "document.querySelector('#live').textContent == 'live'")

	other := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	other.Env = append(os.Environ(), "PAPERLAB_TEST_LOG_INTO="+path)
	if out, err := other.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p.wait("its value in the table", "document.querySelector('.runs tbody').textContent.includes('1234')")
	p.wait("its new key's chart", curves("eval/fresh", 1))
	p.wait("the run that it made", rows(2))
}

func logElsewhere(t *testing.T, path string) {
	store, err := sqlite.Open(t.Context(), path)
	must(t, err)
	defer store.Close()
	run, err := store.Run(t.Context(), id(1))
	must(t, err)
	logSeries(t, store, run, "train/loss", 5, 1, func(step float64) float64 { return 1229 + step })
	logSeries(t, store, run, "eval/fresh", 2, 1, math.Sqrt)
	addRun(t, store, 2, "another", nil)
}

func TestNotesAndTagsAreEdited(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "noted", nil)
	p := openTab(t, serve(t, store), "/runs/"+run.ID+"?tab=overview")
	p.write("[aria-label=Notes]:is(textarea)", "better than <b>yesterday's</b>")
	p.click(".box .row button")
	p.wait("that it is saved", "document.body.textContent.includes('Saved.')")
	p.write("[aria-label='Name of the tag']", "best")
	p.write("[aria-label='Value of the tag']", "yes"+kb.Enter)
	p.wait("the tag", "document.querySelector('.tags li')?.textContent.startsWith('best yes')")
	kept, err := store.Run(t.Context(), run.ID)
	must(t, err)
	if kept.Notes != "better than <b>yesterday's</b>" || kept.Tags["best"] != "yes" {
		t.Errorf("kept %q, %v", kept.Notes, kept.Tags)
	}
	p.click(".tags button")
	p.wait("no tag", "!document.querySelector('.tags li')")
}

func TestTheBinIsUndone(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "unwanted", nil)
	p := openTab(t, serve(t, store), "/runs/"+run.ID)
	p.click(".title button")
	p.wait("that it is there", "document.querySelector('.title .status').textContent == 'in the bin'")
	p.goTo("/")
	p.wait("no run", "document.querySelector('.runs .empty')")
	p.goTo("/bin")
	p.wait("the run", rows(1))
	p.click(".runs tbody a")
	p.click(".title button")
	p.wait("that it is back", "document.querySelector('.title .status').textContent == 'finished'")
}

func TestTheKeyboardReachesEverything(t *testing.T) {
	p := openStudy(t, "/?runs="+id(1))
	p.wait("the chart", curves("train/loss", 1))
	p.keys(kb.Tab)
	p.wait("the skip link", "document.activeElement.className == 'skip'")
	var seen []string
	for range 120 {
		p.keys(kb.Tab)
		seen = append(seen, p.text("document.activeElement.name || document.activeElement.dataset.sort || document.activeElement.dataset.choose || document.activeElement.className || document.activeElement.textContent"))
		if p.text("document.activeElement.matches('.chart')") == "true" {
			break
		}
	}
	all := strings.Join(seen, "\n")
	for _, want := range []string{"filter", "group", "Columns", "Compare", "tableholder", "started", id(1), "x", "smooth", "logy", "chart"} {
		if !strings.Contains(all, want) {
			t.Errorf("Tab does not reach %s, only\n%s", want, all)
		}
	}
	p.keys(kb.ArrowRight)
	p.wait("the first value", `document.querySelector('.where')?.textContent == 'Step 1'`)
	p.keys(kb.ArrowRight)
	p.wait("the next value", `document.querySelector('.where')?.textContent == 'Step 3'`) // of two points in one bucket
	p.keys("+")
	p.wait("a closer look", "new URLSearchParams(location.search).has('zoom')")
}

func TestTabsFollowTheArrowKeys(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "tabbed", nil)
	p := openTab(t, serve(t, store), "/runs/"+run.ID)
	p.click("#tab-charts")
	p.keys(kb.ArrowRight)
	p.wait("the next tab", "document.activeElement.id == 'tab-overview' && document.activeElement.ariaSelected == 'true' && location.search.includes('tab=overview')")
	p.keys(kb.ArrowLeft + kb.ArrowLeft)
	p.wait("the last tab", "document.activeElement.id == 'tab-source'")
	p.wait("its panel", "document.querySelector('[role=tabpanel]').textContent.includes('command is not known')")
}

func TestDarkIsDark(t *testing.T) {
	p := openStudy(t, "/?runs="+id(1))
	p.wait("the chart", curves("train/loss", 1))
	stroke := `document.querySelector('[data-key="train/loss"] .curve').getAttribute('stroke')`
	light := p.text(stroke)
	p.look(1280, 1000, true)
	p.wait("a dark ground", "getComputedStyle(document.body).backgroundColor == 'rgb(20, 23, 27)'")
	p.wait("lighter curves", stroke+" != "+quote(light))
}

func TestRougeSaysWhoseItIs(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "summarize", nil)
	logSeries(t, store, run, "rouge/rouge1", 2, 100, func(step float64) float64 { return step / 1000 })
	logSeries(t, store, run, "rouge_lead1/rouge1", 1, 200, func(float64) float64 { return 0.25 })
	p := openTab(t, serve(t, store), "/runs/"+run.ID+"?tab=summaries")
	p.wait("the writers", "[...document.querySelectorAll('.box tbody tr')].map(r => r.firstChild.textContent).join() == 'rouge,rouge,rouge_lead1'")
	if best := p.text("[...document.querySelectorAll('.best')].map(c => c.textContent).join()"); best != "0.2" {
		t.Errorf("marked as the best: %s", best)
	}
}

func TestARunWithoutACommitSaysNothingOfChanges(t *testing.T) {
	store, _ := newStore(t)
	run := addRun(t, store, 1, "nowhere", nil)
	p := openTab(t, serve(t, store), "/runs/"+run.ID+"?tab=source")
	p.wait("the command", "document.querySelector('.box')")
	if text := p.text("document.querySelector('main').textContent"); strings.Contains(text, "commit") {
		t.Errorf("it says %q", text)
	}
}

func TestARunThatIsNotThereIsToldAndFollowedByNobody(t *testing.T) {
	store, _ := newStore(t)
	p := openTab(t, serve(t, store), "/runs/"+id(1))
	p.wait("what went wrong", "document.querySelector('[role=alert]')?.textContent.includes('not found') && live.hidden")
}
