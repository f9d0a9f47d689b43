package page_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"testing/fstest"

	"paperlab/kernel/headless/page"
	"paperlab/kernel/nbformat"
)

// written is the page of some cells.
func written(t *testing.T, o page.Options, cells ...nbformat.Cell) string {
	t.Helper()
	nb := nbformat.New()
	nb.Cells = cells
	var b bytes.Buffer
	if err := page.Write(&b, nb, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdown(source string) nbformat.Cell {
	return nbformat.Cell{Type: nbformat.Markdown, Source: source}
}

// showing is a code cell with outputs.
func showing(outputs ...nbformat.Output) nbformat.Cell {
	return nbformat.Cell{Type: nbformat.Code, Outputs: outputs}
}

func displayed(mime string, value any) nbformat.Output {
	return nbformat.Output{Type: nbformat.DisplayData, Data: nbformat.MIMEBundle{mime: value, "text/plain": "the text"}}
}

// between cuts out what stands between two marks, the first time.
func between(t *testing.T, page, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, from)
	inner, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("no %s...%s in the page", from, to)
	}
	return inner
}

func TestGoIsColored(t *testing.T) {
	for source, want := range map[string]string{
		`x := f("a<b", 'c', 1.5)`: `x := <span class="hl-f">f</span>(<span class="hl-s">&#34;a&lt;b&#34;</span>, <span class="hl-s">&#39;c&#39;</span>, <span class="hl-n">1.5</span>)`,
		"for range n {} // all":   `<span class="hl-k">for</span> <span class="hl-k">range</span> n {} <span class="hl-c">// all</span>`,
		"var e error = nil":       `<span class="hl-k">var</span> e <span class="hl-b">error</span> = <span class="hl-b">nil</span>`,
		"%cd ..\nx % y\n!ls":      "<span class=\"hl-m\">%cd ..</span>\nx % y\n<span class=\"hl-m\">!ls</span>",
		"%%writefile a.txt\nfor":  "<span class=\"hl-m\">%%writefile a.txt</span>\nfor",
		"`a\r\nb`\r\nc":           "<span class=\"hl-s\">`a\nb`</span>\nc",
		"\"open\n# no Go § \x00":  "<span class=\"hl-s\">&#34;open</span>\n# no Go § \x00",
	} {
		got := between(t, written(t, page.Options{}, nbformat.Cell{Type: nbformat.Code, Source: source}), "<code>", "</code>")
		if want := strings.ReplaceAll(want, "\x00", "\ufffd"); got != want && strings.ReplaceAll(got, "\x00", "\ufffd") != want {
			t.Errorf("%q became\n%s\nwant\n%s", source, got, want)
		}
	}
}

func TestStreamsLookAsOnATerminal(t *testing.T) {
	for text, want := range map[string]string{
		"a <b>\n":                              "a &lt;b&gt;",
		"1%\r50%\r100%\n":                      "100%",
		"100%\r9":                              "900%",
		"ab\b\bx":                              "xb",
		"\x1b[31mred\x1b[0m plain":             `<span style="color:var(--ansi-1)">red</span> plain`,
		"\x1b[1;4;92mx\x1b[22;24;39my":         `<span style="color:var(--ansi-10);font-weight:bold;text-decoration:underline">x</span>y`,
		"\x1b[38;5;208mx\x1b[48;2;1;2;3my":     `<span style="color:#ff8700">x</span><span style="color:#ff8700;background:#010203">y</span>`,
		"\x1b[38;5;244mx":                      `<span style="color:#808080">x</span>`,
		"\x1b[7mx\x1b[m":                       `<span style="color:var(--page);background:var(--text)">x</span>`,
		"abc\x1b[2D\x1b[Kx":                    "ax",
		"a\nb\nc\x1b[2Ax":                      "ax\nb\nc",
		"a\nb\x1b[1F\x1b[Jc":                   "c",
		"\x1b]0;title\x07x\x1b]8;;u\x1b\\y":    "xy",
		"\x1b[?25lx\x1b[?25h\x1b(By":           "xBy",
		"x\x1b":                                "x",
		"x\x1b[":                               "x",
		"\x1b[999999999Bx":                     "x",
		"\x1b[38;5mx\x1b[38mx\x1b[38;2;1m\x00": `<span style="color:var(--ansi-0)">x</span>x`,
	} {
		got := between(t, written(t, page.Options{}, showing(nbformat.Output{Type: nbformat.Stream, Name: "stdout", Text: text})),
			`<pre class="stream stdout" tabindex="0">`, "</pre>")
		if got != want {
			t.Errorf("%q became\n%s\nwant\n%s", text, got, want)
		}
	}
}

func TestTheRichestRepresentationIsShown(t *testing.T) {
	for name, c := range map[string]struct {
		out  nbformat.Output
		want string
	}{
		"HTML":                                   {displayed("text/html", "<b>x</b>"), `<b>x</b>`},
		"SVG":                                    {displayed("image/svg+xml", "<svg/>"), `<img src="data:image/svg&#43;xml;base64,` + base64.StdEncoding.EncodeToString([]byte("<svg/>")) + `" alt="the text">`},
		"a PNG":                                  {displayed("image/png", "QUJD\nREVG\n"), `<img src="data:image/png;base64,QUJDREVG" alt="the text">`},
		"Markdown":                               {displayed("text/markdown", "*x*"), `<em>x</em>`},
		"LaTeX":                                  {displayed("text/latex", "$a<b$"), `$a&lt;b$`},
		"JSON":                                   {displayed("application/json", map[string]any{"a": []any{1.0}}), "{\n  &#34;a&#34;: [\n    1\n  ]\n}"},
		"text":                                   {displayed("application/vnd.unknown", "x"), `the text`},
		"text, where nothing of the HTML may be": {displayed("text/html", "<script>alert(1)</script>"), `the text`},
		"a traceback": {nbformat.Output{Type: nbformat.Error, ErrorName: "panic", ErrorValue: "x", Traceback: []string{"panic: x", "In[1]"}},
			"panic: x\nIn[1]"},
		"an error without one": {nbformat.Output{Type: nbformat.Error, ErrorName: "panic", ErrorValue: "x"}, "panic: x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.ReplaceAll(between(t, written(t, page.Options{}, showing(c.out)), `<div class="output">`, "</section>"), "image/svg+xml", "image/svg&#43;xml")
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAnImageHasTheSizeThatItsMetadataSay(t *testing.T) {
	out := displayed("image/png", "QUJD")
	out.Metadata = map[string]any{"image/png": map[string]any{"width": 320, "height": 200.5}}
	if got := written(t, page.Options{}, showing(out)); !strings.Contains(got, ` width="320" height="200.5">`) {
		t.Error(between(t, got, `<div class="output">`, "</div>"))
	}
}

func TestDollarsOpenFormulas(t *testing.T) {
	for source, want := range map[string]string{
		"a $x_i$ and $y_i$":     `<p>a <span class="math">$x_i$</span> and <span class="math">$y_i$</span></p>`,
		"$$\na_1 *b* < c\n$$":   "<p><span class=\"math display\">$$\na_1 *b* &lt; c\n$$</span></p>",
		"costs $5 and *now* $6": `<p>costs $5 and <em>now</em> $6</p>`,
		"$5 is\n$$x$$":          "<p>$5 is\n<span class=\"math display\">$$x$$</span></p>",
		`\$5 and \$6`:           `<p>$5 and $6</p>`,
		"`$x$` and $":           `<p><code>$x$</code> and $</p>`,
		"$x\\$y$":               `<p><span class="math">$x\$y$</span></p>`,
	} {
		got := strings.TrimSpace(between(t, written(t, page.Options{}, markdown(source)), `id="cell-1">`, "</section>"))
		if got != want {
			t.Errorf("%q became\n%s\nwant\n%s", source, got, want)
		}
	}
}

func TestHeadingsHaveAnchorsAndMakeTheContents(t *testing.T) {
	got := written(t, page.Options{}, markdown("# The *loss* of $x$"), markdown("## Größe & `Len`\n\n## Größe & Len\n\n#### deep"), markdown("###  \n\n### 数据"),
		showing(displayed("text/markdown", "# not of the notebook")))
	contents := between(t, got, "<ol>", "</ol>")
	for _, want := range []string{
		`<li class="level-1"><a href="#the-loss-of-x">The loss of $x$</a></li>`,
		`<li class="level-2"><a href="#gr%c3%b6%c3%9fe-len">Größe &amp; Len</a></li>`,
		`<li class="level-2"><a href="#gr%c3%b6%c3%9fe-len-2">Größe &amp; Len</a></li>`,
		`<li class="level-3"><a href="#%e6%95%b0%e6%8d%ae">数据</a></li>`,
	} {
		if !strings.Contains(contents, want) {
			t.Errorf("%s is not in %s", want, contents)
		}
	}
	if strings.Count(contents, "<li") != 4 {
		t.Errorf("contents %s", contents)
	}
	if !strings.Contains(got, `<h2 id="größe-len-2">`) || !strings.Contains(got, "<title>The loss of $x$</title>") {
		t.Error("the anchor or the title is missing")
	}
}

func TestPicturesThatTextsNameAreInlined(t *testing.T) {
	png := []byte("\x89PNG\r\n\x1a\n and more")
	folder := fstest.MapFS{
		"images/a b.png": {Data: png}, "draw.svg": {Data: []byte("<svg></svg>")}, "secret.png": {Data: []byte("root:x:0:0")}, "secret.svg": {Data: []byte("key")},
	}
	inlined := `<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `" alt="pic"`
	cell := func(address string) nbformat.Cell {
		c := markdown("![pic](" + address + ")")
		c.Attachments = map[string]nbformat.MIMEBundle{"my pic.png": {"image/png": base64.StdEncoding.EncodeToString(png) + "\n"}}
		return c
	}
	for address, want := range map[string]string{
		"images/a%20b.png":                 inlined,
		"./images/../images/a%20b.png?v=1": inlined,
		"attachment:my%20pic.png":          inlined,
		"draw.svg":                         `<img src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=" alt="pic"`,
		"secret.png":                       `<a href="secret.png" rel="nofollow">pic</a>`,
		"secret.svg":                       `<a href="secret.svg" rel="nofollow">pic</a>`,
		"absent.png":                       `<a href="absent.png" rel="nofollow">pic</a>`,
		"../up.png":                        `<a href="../up.png" rel="nofollow">pic</a>`,
		"https://example.org/x.png":        `<a href="https://example.org/x.png" rel="nofollow">pic</a>`,
		"attachment:absent.png":            `pic`,
	} {
		got := between(t, written(t, page.Options{Folder: folder}, cell(address)), `id="cell-1">`, "</section>")
		if !strings.Contains(got, want) {
			t.Errorf("%s became %s", address, got)
		}
	}
}

func TestCellsSayWhatIsKnownOfThem(t *testing.T) {
	three := 3
	got := written(t, page.Options{Name: "nb.ipynb"}, nbformat.Cell{
		Type: nbformat.Code, Source: "lr = 1", ExecutionCount: &three,
		Metadata: map[string]any{
			"tags": []any{"injected-parameters"}, "jupyter": map[string]any{"source_hidden": true},
			"execution": map[string]any{"iopub.execute_input": "2026-01-02T12:00:00.000000Z", "shell.execute_reply": "2026-01-02T12:00:02.340000Z"},
		},
	}, nbformat.Cell{Type: nbformat.Raw, Source: "<raw>"})
	for _, want := range []string{">[3]</a>", "Parameters of this run", `<p class="took">2.3 s</p>`, "<summary>Code</summary>", "&lt;raw&gt;", "<title>nb.ipynb</title>"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in the page", want)
		}
	}
	if strings.Contains(got, `<nav class="contents"`) {
		t.Error("a page without headings has contents")
	}
}

func TestAnotherLanguageIsNotColored(t *testing.T) {
	nb := nbformat.New()
	nb.Metadata = map[string]any{"language_info": map[string]any{"name": "python"}}
	nb.Cells = []nbformat.Cell{{Type: nbformat.Code, Source: "import os  # 'x'"}}
	var b bytes.Buffer
	if err := page.Write(&b, nb, page.Options{}); err != nil || !strings.Contains(b.String(), "<code>import os  # &#39;x&#39;</code>") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
