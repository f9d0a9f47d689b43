package display

import "image"

// Renderer shows itself in all representations.
type Renderer = interface{ Render() Data }

// SimpleRenderer shows itself in all representations.
type SimpleRenderer = interface{ SimpleRender() MIMEMap }

// HTMLer shows itself as HTML, whose texts it has escaped.
type HTMLer = interface{ HTML() string }

// JavaScripter runs in the page.
type JavaScripter = interface{ JavaScript() string }

// JPEGer shows itself as a JPEG file.
type JPEGer = interface{ JPEG() []byte }

// JSONer shows itself as a tree that can be folded.
type JSONer = interface{ JSON() map[string]any }

// Latexer shows itself as LaTeX, dollars included.
type Latexer = interface{ Latex() string }

// Markdowner shows itself as Markdown.
type Markdowner = interface{ Markdown() string }

// PNGer shows itself as a PNG file.
type PNGer = interface{ PNG() []byte }

// PDFer shows itself as a PDF file.
type PDFer = interface{ PDF() []byte }

// SVGer shows itself as SVG.
type SVGer = interface{ SVG() string }

// Tabler shows itself as a table: see [Table]. It takes precedence over HTMLer.
type Tabler = interface {
	Table() (header []string, rows [][]string)
}

// showsItself says whether a value has a representation beside text by its own methods.
func showsItself(v any) bool {
	switch v.(type) {
	case Data, Bundle, Renderer, SimpleRenderer, HTMLer, JavaScripter, JPEGer, JSONer, Latexer, Markdowner, PNGer, PDFer, SVGer, Tabler,
		image.Image:
		return true
	}
	return false
}

// ownData asks all of a value's own methods.
func ownData(v any) Data {
	data := Data{Data: MIMEMap{}, Metadata: MIMEMap{}, Transient: MIMEMap{}}
	switch whole := v.(type) {
	case Data:
		add(&data, whole)
	case Bundle:
		add(&data, Data{Data: whole.Data, Metadata: whole.Metadata})
	}
	if r, ok := v.(image.Image); ok {
		add(&data, imageData(r))
	}
	addParts(data.Data, v)
	if r, ok := v.(Tabler); ok {
		header, rows := r.Table()
		add(&data, Table{Header: header, Rows: rows}.Render())
	}
	if r, ok := v.(SimpleRenderer); ok {
		add(&data, Data{Data: r.SimpleRender()})
	}
	if r, ok := v.(Renderer); ok {
		add(&data, r.Render())
	}
	return data
}

func addParts(data MIMEMap, v any) {
	if r, ok := v.(HTMLer); ok {
		data[MIMETypeHTML] = r.HTML()
	}
	if r, ok := v.(JavaScripter); ok {
		data[MIMETypeJavaScript] = r.JavaScript()
	}
	if r, ok := v.(JPEGer); ok {
		data[MIMETypeJPEG] = r.JPEG()
	}
	if r, ok := v.(JSONer); ok {
		data[MIMETypeJSON] = r.JSON()
	}
	if r, ok := v.(Latexer); ok {
		data[MIMETypeLatex] = r.Latex()
	}
	if r, ok := v.(Markdowner); ok {
		data[MIMETypeMarkdown] = r.Markdown()
	}
	if r, ok := v.(PNGer); ok {
		data[MIMETypePNG] = r.PNG()
	}
	if r, ok := v.(PDFer); ok {
		data[MIMETypePDF] = r.PDF()
	}
	if r, ok := v.(SVGer); ok {
		data[MIMETypeSVG] = r.SVG()
	}
}

// add puts more into data, in place of what was there under the same names.
func add(data *Data, more Data) {
	for _, part := range []struct{ to, from MIMEMap }{
		{data.Data, more.Data}, {data.Metadata, more.Metadata}, {data.Transient, more.Transient},
	} {
		for key, value := range part.from {
			part.to[key] = value
		}
	}
}
