package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"paperlab/kernel/nbformat"
)

// writer draws the cells of one notebook.
type writer struct {
	*typesetter
	trust bool
}

// output returns an output as HTML.
func (w *writer) output(out nbformat.Output) (string, error) {
	switch out.Type {
	case nbformat.Stream:
		return pre("stream "+streamClass(out.Name), ansiHTML(out.Text)), nil
	case nbformat.Error:
		text := strings.Join(out.Traceback, "\n")
		if text == "" {
			text = out.ErrorName + ": " + out.ErrorValue
		}
		return pre("error", ansiHTML(text)), nil
	}
	return w.bundle(out.Data, out.Metadata)
}

func streamClass(name string) string {
	if name == "stderr" {
		return "stderr"
	}
	return "stdout"
}

func pre(class, content string) string {
	return `<pre class="` + class + `" tabindex="0">` + strings.TrimSuffix(content, "\n") + "</pre>"
}

// bundle draws the richest representation that can be drawn: HTML, pictures, Markdown, LaTeX, JSON, text.
func (w *writer) bundle(data nbformat.MIMEBundle, metadata map[string]any) (string, error) {
	if markup := w.html(stringOf(data, "text/html")); markup != "" {
		return `<div class="html" tabindex="0">` + markup + "</div>", nil
	}
	for _, mime := range []string{"image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"} {
		if picture := stringOf(data, mime); picture != "" {
			return image(mime, picture, stringOf(data, "text/plain"), metadata), nil
		}
	}
	if source := stringOf(data, "text/markdown"); source != "" {
		markup, err := w.markdownOutput(source)
		return `<div class="text">` + markup + "</div>", err
	}
	if latex := stringOf(data, "text/latex"); latex != "" {
		return `<pre class="math display">` + html.EscapeString(latex) + "</pre>", nil
	}
	if value, ok := data["application/json"]; ok {
		indented, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return "", fmt.Errorf("application/json: %w", err)
		}
		return pre("json", html.EscapeString(string(indented))), nil
	}
	return pre("plain", ansiHTML(stringOf(data, "text/plain"))), nil
}

// html returns HTML that may stand in the page, or nothing where nothing of it may.
func (w *writer) html(markup string) string {
	if !w.trust {
		markup = sanitize(markup)
	}
	return strings.TrimSpace(markup)
}

// markdownOutput typesets an output. Its headings are none of the notebook's.
func (w *writer) markdownOutput(source string) (string, error) {
	headings := w.headings
	markup, err := w.typeset(source, nil)
	w.headings = headings
	return w.html(markup), err
}

// image returns a picture that the page carries itself. One in SVG is an image too: there, it cannot run scripts.
func image(mime, picture, alt string, metadata map[string]any) string {
	if mime == "image/svg+xml" {
		picture = base64.StdEncoding.EncodeToString([]byte(picture))
	} else {
		picture = strings.Join(strings.Fields(picture), "") // the lines of base64
	}
	size := ""
	of, _ := metadata[mime].(map[string]any)
	for _, side := range []string{"width", "height"} {
		if n, ok := of[side]; ok {
			size += fmt.Sprintf(` %s="%s"`, side, html.EscapeString(fmt.Sprint(n)))
		}
	}
	return fmt.Sprintf(`<img src="%s" alt="%s"%s>`, html.EscapeString(dataURL(mime, picture)), html.EscapeString(strings.TrimSpace(alt)), size)
}

func stringOf(data nbformat.MIMEBundle, mime string) string {
	value, _ := data[mime].(string)
	return value
}
