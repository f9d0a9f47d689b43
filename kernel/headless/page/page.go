package page

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"strings"
	"time"

	"paperlab/kernel/nbformat"
)

// Options are how a page is made.
type Options struct {
	Name   string // the page's title, if the notebook has none itself
	Folder fs.FS  // where the pictures are that the notebook's texts name; nil for none
	// Trust lets HTML and scripts of the notebook into the page as they are, and the page fetch what they name. It is for
	// notebooks that the reader would run.
	Trust bool
}

//go:embed page.gohtml
var layoutSource string

//go:embed style.css
var styleSheet string

var layout = template.Must(template.New("page").Parse(layoutSource))

// document is what the layout shows.
type document struct {
	Title    string
	Language string
	Style    template.CSS
	Trust    bool
	Contents []heading
	Cells    []cell
}

// cell is one cell as the layout shows it.
type cell struct {
	Type     string // text, code or raw
	Anchor   string
	Count    string // the execution count, or a blank
	Took     string
	Label    string // what papermill's tags say of it
	Source   template.HTML
	Hidden   bool // its source is folded away
	Outputs  []template.HTML
	Unshown  bool // its outputs are
	NoSource bool
}

// Write writes a notebook as a page.
func Write(w io.Writer, nb *nbformat.Notebook, o Options) error {
	wr := &writer{typesetter: newTypesetter(images{o.Folder}), trust: o.Trust}
	doc := document{Style: template.CSS(styleSheet), Trust: o.Trust, Language: cmp.Or(nb.Language(), "go")}
	for i := range nb.Cells {
		c, err := wr.cell(&nb.Cells[i], doc.Language)
		if err != nil {
			return fmt.Errorf("page: cell %d: %w", i+1, err)
		}
		c.Anchor = fmt.Sprintf("cell-%d", i+1)
		doc.Cells = append(doc.Cells, c)
	}
	doc.Contents, doc.Title = wr.headings, title(nb, wr.headings, o.Name)
	if err := layout.Execute(w, doc); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

// cell draws a cell.
func (w *writer) cell(c *nbformat.Cell, language string) (cell, error) {
	switch c.Type {
	case nbformat.Markdown:
		markup, err := w.typeset(c.Source, attachments(c))
		return cell{Type: "text", Source: template.HTML(w.html(markup))}, err
	case nbformat.Raw:
		return cell{Type: "raw", Source: template.HTML(html.EscapeString(c.Source))}, nil
	}
	jupyter, _ := c.Metadata["jupyter"].(map[string]any)
	drawn := cell{
		Type: "code", Count: " ", Label: label(c), Took: took(c), NoSource: strings.TrimSpace(c.Source) == "",
		Hidden: jupyter["source_hidden"] == true, Unshown: jupyter["outputs_hidden"] == true || c.Metadata["collapsed"] == true,
		Source: template.HTML(code(c.Source, language)),
	}
	if c.ExecutionCount != nil {
		drawn.Count = fmt.Sprint(*c.ExecutionCount)
	}
	for _, out := range c.Outputs {
		markup, err := w.output(out)
		if err != nil {
			return drawn, err
		}
		drawn.Outputs = append(drawn.Outputs, template.HTML(markup))
	}
	return drawn, nil
}

func code(source, language string) string {
	if !strings.EqualFold(language, "go") {
		return html.EscapeString(source)
	}
	var b strings.Builder
	writeGo(&b, source)
	return b.String()
}

// attachments returns a cell's own images as data: addresses.
func attachments(c *nbformat.Cell) map[string]string {
	all := map[string]string{}
	for name, bundle := range c.Attachments {
		for mime, value := range bundle {
			if text, ok := value.(string); ok && mime == "image/svg+xml" {
				all[name] = dataURL(mime, base64.StdEncoding.EncodeToString([]byte(text)))
			} else if ok && strings.HasPrefix(mime, "image/") {
				all[name] = dataURL(mime, strings.Join(strings.Fields(text), ""))
			}
		}
	}
	return all
}

// label names cells of parameters.
func label(c *nbformat.Cell) string {
	tags, _ := c.Metadata["tags"].([]any)
	for _, tag := range tags {
		switch tag {
		case "parameters":
			return "Parameters"
		case "injected-parameters":
			return "Parameters of this run"
		}
	}
	return ""
}

// took says how long a cell ran, where its times are known and worth telling.
func took(c *nbformat.Cell) string {
	times, _ := c.Metadata["execution"].(map[string]any)
	at := func(name string) time.Time {
		text, _ := times[name].(string)
		t, _ := time.Parse(time.RFC3339, text)
		return t
	}
	start, end := at("iopub.execute_input"), at("shell.execute_reply")
	if start.IsZero() || end.Sub(start) < 100*time.Millisecond {
		return ""
	}
	d := end.Sub(start)
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// title is the notebook's, or its first heading, or name.
func title(nb *nbformat.Notebook, headings []heading, name string) string {
	if title, ok := nb.Metadata["title"].(string); ok && title != "" {
		return title
	}
	for _, h := range headings {
		if h.Level == 1 {
			return h.Text
		}
	}
	if name != "" {
		return name
	}
	return "Notebook"
}
