package page_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"paperlab/kernel/headless/page"
	"paperlab/kernel/nbformat"
)

// hostile are texts that try to do something when they are shown.
var hostile = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><script>alert(1)</script></svg>",
	`<a href="javascript:alert(1)">x</a>`, "[x](javascript:alert(1))", "![x](https://example.org/a.png)", `<a href="jav&#x09;ascript:alert(1)">x</a>`,
	"<iframe src=https://example.org></iframe>", "<object data=x></object>", "<embed src=x>", "<base href=https://example.org>",
	`<meta http-equiv="refresh" content="0;url=https://example.org">`, "<link rel=stylesheet href=https://example.org/x.css>",
	"<style>body{display:none}</style>", `<div style="position:fixed;inset:0">x</div>`, `<div style="background:url(https://example.org/x)">x</div>`,
	`<div style="background:u\72l(https://example.org/x)">x</div>`, `<div style="background-image: image-set('https://example.org/x' 1x)">x</div>`,
	"<form action=https://example.org><input name=x><button>x</button></form>", "<video src=https://example.org/x autoplay></video>",
	"</pre></div></section></main><script>alert(1)</script>", "<svg><foreignObject><script>alert(1)</script></foreignObject></svg>",
	"<svg><image href=https://example.org/x></image><use href=data:x></use><animate attributeName=href values=javascript:alert(1)></animate></svg>",
	"<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
	`<img src="data:text/html;base64,PHNjcmlwdD4=">`, `<img src="data:image/png;base64,QUJD">`, `<svg viewBox="0 0 1 1"><path d="M0 0L1 1" style="stroke: red"/></svg>`,
	"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<!--><script>alert(1)</script-->", "\x1b[31m<script>alert(1)</script>",
	"```go\n</code></pre><script>alert(1)</script>\n```", "$</span><script>alert(1)</script>$", "# <script>alert(1)</script>\n\n# x\" onload=\"alert(1)",
}

// everywhere is a notebook that has a text in every place.
func everywhere(text string) *nbformat.Notebook {
	nb := nbformat.New()
	nb.Metadata = map[string]any{"title": text}
	image := map[string]any{"image/png": map[string]any{"width": text}}
	nb.Cells = []nbformat.Cell{
		{Type: nbformat.Markdown, Source: text, Attachments: map[string]nbformat.MIMEBundle{text: {"image/png": text}}},
		{Type: nbformat.Markdown, Source: "![x](attachment:a)", Attachments: map[string]nbformat.MIMEBundle{"a": {"image/" + text: text}}},
		{Type: nbformat.Raw, Source: text},
		{Type: nbformat.Code, Source: text, Metadata: map[string]any{"tags": []any{text}}, Outputs: []nbformat.Output{
			{Type: nbformat.Stream, Name: text, Text: text},
			{Type: nbformat.Error, ErrorName: text, ErrorValue: text, Traceback: []string{text}},
			{Type: nbformat.Error, ErrorName: text, ErrorValue: text},
		}},
	}
	for _, mime := range []string{"text/html", "text/markdown", "text/latex", "text/plain", "image/png", "image/svg+xml", "application/json"} {
		out := nbformat.Output{Type: nbformat.DisplayData, Data: nbformat.MIMEBundle{mime: text}, Metadata: image}
		nb.Cells[3].Outputs = append(nb.Cells[3].Outputs, out)
	}
	return nb
}

// dangers returns what in a page could run, fetch or leave its place.
func dangers(t *testing.T, markup string) (found []string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	forbidden := []string{"script", "iframe", "frame", "object", "embed", "base", "form", "button", "link", "video", "audio", "foreignobject", "use", "image", "animate", "math"}
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(forbidden, strings.ToLower(n.Data)) {
			found = append(found, "<"+n.Data+">")
		}
		if n.Data == "style" && n.Parent.Data != "head" {
			found = append(found, "<style>")
		}
		for _, a := range n.Attr {
			value := strings.ToLower(a.Val)
			switch key := strings.ToLower(a.Key); {
			case strings.HasPrefix(key, "on"),
				key == "src" && !strings.HasPrefix(value, "data:image/"),
				key == "href" && strings.HasPrefix(strings.Join(strings.Fields(value), ""), "javascript:"),
				key == "srcset", key == "http-equiv" && value != "content-security-policy",
				key == "style" && (strings.Contains(value, "url") || strings.Contains(value, "fixed") || strings.Contains(value, "position")):
				found = append(found, n.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return found
}

func TestNothingOfANotebookRuns(t *testing.T) {
	for _, text := range hostile {
		checkHarmless(t, text)
	}
}

func FuzzNothingOfANotebookRuns(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(checkHarmless)
}

func checkHarmless(t *testing.T, text string) {
	var b bytes.Buffer
	if err := page.Write(&b, everywhere(text), page.Options{}); err != nil {
		t.Fatal(err)
	}
	if found := dangers(t, b.String()); len(found) > 0 {
		t.Errorf("%q lets through %q", text, found)
	}
	if !strings.HasSuffix(b.String(), "</main>\n</body>\n</html>\n") || strings.Count(b.String(), "</main>") != 1 {
		t.Errorf("%q closes the page early", text)
	}
}

func TestHarmlessHTMLStays(t *testing.T) {
	for _, markup := range []string{
		`<div style="overflow-x: auto"><table style="font-variant-numeric: tabular-nums"><caption style="caption-side: top">x</caption><thead><tr><th scope="col" style="text-align: right">a</th></tr></thead><tbody><tr><td colspan="2">1</td></tr></tbody></table></div>`,
		`<progress value="3" max="4" aria-label="x" style="width: 16em; accent-color: var(--jp-brand-color1, #1976d2)"></progress>`,
		`<svg width="10" height="10" viewbox="0 0 1 1"><g transform="scale(1, -1)"><path d="M0,0L1,1" style="fill: none; stroke: #ff0000; stroke-width: 2"></path><text x="1" y="2">a</text></g></svg>`,
		`<pre style="color: #b00020; white-space: pre-wrap">a</pre>`, `<img src="data:image/png;base64,QUJD" alt="x" width="3">`, `<details open=""><summary>a</summary>b</details>`,
	} {
		got := between(t, written(t, page.Options{}, showing(displayed("text/html", markup))), `<div class="html" tabindex="0">`, "</section>")
		if !strings.HasPrefix(got, markup) {
			t.Errorf("%s\nbecame\n%s", markup, got)
		}
	}
}

func TestWhatIsTrustedComesThrough(t *testing.T) {
	got := written(t, page.Options{Trust: true}, showing(displayed("text/html", "<script>alert(1)</script>")))
	if !strings.Contains(got, "<script>alert(1)</script>") || strings.Contains(got, "Content-Security-Policy") {
		t.Error("it was held back")
	}
}
