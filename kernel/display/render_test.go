package display_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"paperlab/kernel/display"
)

// text returns a representation that is a string.
func text(tb testing.TB, b display.Bundle, mime string) string {
	tb.Helper()
	s, ok := b.Data[mime].(string)
	if !ok {
		tb.Fatalf("%s is %T, want a string; there are %v", mime, b.Data[mime], b.Data)
	}
	return s
}

func mustMarshal(tb testing.TB, b display.Bundle) {
	tb.Helper()
	if _, err := json.Marshal(b); err != nil {
		tb.Errorf("the bundle cannot be sent: %v", err)
	}
}

// Each shows itself in one way, or in several.
type (
	ofHTML       struct{}
	ofSVG        struct{}
	ofJavaScript struct{}
	ofMarkdown   struct{}
	ofLatex      struct{}
	ofJSON       struct{}
	ofJPEG       struct{}
	ofPNG        struct{}
	ofPDF        struct{}
	ofMany       struct{ ofHTML }
	ofSimple     struct{}
	ofWhole      struct{}
	ofRows       struct{ ofHTML }
)

func (ofHTML) HTML() string                    { return "<b>bold</b>" }
func (ofSVG) SVG() string                      { return "<svg/>" }
func (ofJavaScript) JavaScript() string        { return "f()" }
func (ofMarkdown) Markdown() string            { return "# title" }
func (ofLatex) Latex() string                  { return "$x$" }
func (ofJSON) JSON() map[string]any            { return map[string]any{"a": 1} }
func (ofJPEG) JPEG() []byte                    { return []byte("jpeg") }
func (ofPNG) PNG() []byte                      { return []byte("png") }
func (ofPDF) PDF() []byte                      { return []byte("pdf") }
func (ofMany) String() string                  { return "many" }
func (ofMany) Markdown() string                { return "*many*" }
func (ofSimple) SimpleRender() display.MIMEMap { return display.MIMEMap{"text/latex": "$y$"} }
func (ofWhole) Render() display.Data {
	return display.MIME(display.MIMEMap{"text/latex": "$z$"}, display.MIMEMap{"k": 1})
}
func (ofRows) Table() (header []string, rows [][]string) {
	return []string{"name"}, [][]string{{"<i>"}}
}

func TestAValueShowsItselfByItsMethods(t *testing.T) {
	for _, test := range []struct {
		value any
		mime  string
		want  any
		text  string
	}{
		{ofHTML{}, "text/html", "<b>bold</b>", "{}"},
		{ofSVG{}, "image/svg+xml", "<svg/>", "{}"},
		{ofJavaScript{}, "application/javascript", "f()", "{}"},
		{ofMarkdown{}, "text/markdown", "# title", "# title"},
		{ofLatex{}, "text/latex", "$x$", "$x$"},
		{ofJSON{}, "application/json", map[string]any{"a": 1}, "{\n  \"a\": 1\n}"},
		{ofJPEG{}, "image/jpeg", "anBlZw==", "{}"},
		{ofPNG{}, "image/png", "cG5n", "{}"},
		{ofPDF{}, "application/pdf", "cGRm", "{}"},
		{ofMany{}, "text/html", "<b>bold</b>", "many"},
		{ofMany{}, "text/markdown", "*many*", "many"},
		{ofSimple{}, "text/latex", "$y$", "$y$"},
		{ofWhole{}, "text/latex", "$z$", "$z$"},
		{display.HTML("<i>"), "text/html", "<i>", "<i>"},
		{display.JavaScript("f()"), "application/javascript", "f()", "f()"},
		{display.SVG("<svg/>"), "image/svg+xml", "<svg/>", "<svg/>"},
		{display.Markdown("*x*"), "text/markdown", "*x*", "*x*"},
		{display.Latex("$x$"), "text/latex", "$x$", "$x$"},
		{display.Latex("x"), "text/latex", "$x$", "x"},
		{display.Math("x"), "text/latex", "$$x$$", "x"},
		{display.PNG([]byte("png")), "image/png", "cG5n", "image/png, 3 bytes"},
		{display.JPEG([]byte("jpeg")), "image/jpeg", "anBlZw==", "image/jpeg, 4 bytes"},
		{display.PDF([]byte("pdf")), "application/pdf", "cGRm", "application/pdf, 3 bytes"},
		{display.JSON(map[string]any{"a": 1}), "application/json", map[string]any{"a": 1}, "{\n  \"a\": 1\n}"},
		{display.MakeData("text/html", "<u>"), "text/html", "<u>", "<u>"},
		{display.MakeData3("text/html", "plain", "<u>"), "text/html", "<u>", "plain"},
		{display.MIME(display.MIMEMap{"text/html": template.HTML("<p>")}, nil), "text/html", "<p>", "<p>"},
		{display.MIME(display.MIMEMap{"image/png": []byte("png")}, nil), "image/png", "cG5n", "image/png, 3 bytes"},
		{display.Any("text/html", "<p>"), "text/html", "<p>", "<p>"},
		{display.Any("text/html", strings.NewReader("<p>")), "text/html", "<p>", "<p>"},
		{display.Any("image/gif", bytes.NewBufferString("gif")), "image/gif", "Z2lm", "image/gif, 3 bytes"},
		{display.Auto([]byte("GIF89a...")), "image/gif", "R0lGODlhLi4u", "image/gif, 9 bytes"},
		{display.Auto(struct{ io.WriterTo }{bytes.NewBufferString("GIF89a...")}), "image/gif", "R0lGODlhLi4u", "image/gif, 9 bytes"},
		{display.Auto([]byte{0xff, 0xfe, 0}), "application/octet-stream", nil, "application/octet-stream, 3 bytes"},
		{display.MIME(display.MIMEMap{"application/vnd.x+json": []byte(`{"a":1}`), "text/plain": nil}, nil), "application/vnd.x+json", json.RawMessage(`{"a":1}`), "{\n  \"a\": 1\n}"},
		{display.MIME(display.MIMEMap{"text/html": 5}, nil), "text/html", "5", "5"},
		{display.Auto("<p>"), "text/plain", "<p>", "<p>"},
		{display.Auto(ofHTML{}), "text/html", "<b>bold</b>", "{}"},
		{display.Auto(3), "text/plain", "3", "3"},
		{json.RawMessage(`{"b":2}`), "application/json", json.RawMessage(`{"b":2}`), "{\n  \"b\": 2\n}"},
	} {
		b := display.Render(test.value)
		if got := fmt.Sprint(b.Data[test.mime]); got != fmt.Sprint(test.want) {
			t.Errorf("%T: %s is %q, want %q", test.value, test.mime, got, test.want)
		}
		if got := b.Data["text/plain"]; got != test.text {
			t.Errorf("%T: the text is %q, want %q", test.value, got, test.text)
		}
		mustMarshal(t, b)
	}
	if html := text(t, display.Render(ofRows{}), "text/html"); !strings.Contains(html, "<td style=\"text-align: left\">&lt;i&gt;</td>") {
		t.Errorf("rows are %s", html)
	}
	if b := display.Render(ofWhole{}); b.Metadata["k"] != 1 {
		t.Errorf("metadata are %v", b.Metadata)
	}
	if b := display.Render(b2()); b.Data["text/html"] != "<p>" {
		t.Errorf("a bundle is %v", b)
	}
}

func b2() display.Bundle { return display.Render(display.HTML("<p>")) }

type panics struct{}

func (panics) HTML() string { panic("no page today") }

type badMatrix struct{}

func (badMatrix) Dims() (int, int)        { return 2, 2 }
func (badMatrix) At(i, j int) float64     { panic("no element") }
func (badMatrix) SimpleRender() chan bool { return nil }

func TestWhatCannotBeShownIsShownAsAnError(t *testing.T) {
	p := plot.New()
	p.X.Min, p.X.Max = -1, 1
	p.X.Scale = plot.LogScale{}
	for _, test := range []struct {
		value any
		want  string
	}{
		{panics{}, "display: showing display_test.panics panicked: no page today"},
		{badMatrix{}, "display: showing display_test.badMatrix panicked: no element"},
		{p, "display: showing *plot.Plot panicked: Values must be greater than 0 for a log scale."},
		{display.JSON(map[string]any{"f": math.NaN()}), "display: the application/json cannot be sent: json: unsupported value: NaN"},
		{display.MIME(display.MIMEMap{"text/html": "x"}, display.MIMEMap{"f": func() {}}), "display: the metadata f cannot be sent: json: unsupported type: func()"},
		{display.File("", "no such file"), "display: open no such file: no such file or directory"},
		{display.Any("", failing{}), "display: no more"},
		{errors.New("<b>&"), "<b>&"},
	} {
		b := display.Render(test.value)
		if got := b.Data["text/plain"]; got != test.want {
			t.Errorf("%T: the text is %q, want %q", test.value, got, test.want)
		}
		html := text(t, b, "text/html")
		if !strings.Contains(html, template.HTMLEscapeString(test.want[:4])) || strings.Contains(html, "<b>") {
			t.Errorf("%T: %s", test.value, html)
		}
		mustMarshal(t, b)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no more") }

func TestNothingIsShownOfNilPointersButNil(t *testing.T) {
	var img *image.RGBA
	var p *plot.Plot
	var e *panicsWhenNil
	for _, v := range []any{nil, img, p, e} {
		if b := display.Render(v); len(b.Data) != 1 || b.Data["text/plain"] != "<nil>" {
			t.Errorf("%T: %v", v, b.Data)
		}
	}
}

type panicsWhenNil struct{ text string }

func (p *panicsWhenNil) Error() string { return p.text }

func TestAnImageIsAPNGOfItsSize(t *testing.T) {
	img := image.NewGray(image.Rect(5, 5, 25, 15))
	for _, v := range []any{img, display.Image(img), display.Auto(img)} {
		b := display.Render(v)
		content, err := base64.StdEncoding.DecodeString(text(t, b, "image/png"))
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil || cfg.Width != 20 || cfg.Height != 10 {
			t.Errorf("the PNG is %v, %v", cfg, err)
		}
		size, _ := b.Metadata["image/png"].(map[string]any)
		if size["width"] != 20 || size["height"] != 10 || b.Data["text/plain"] != "image, 20 x 10" {
			t.Errorf("metadata %v, text %v", b.Metadata, b.Data["text/plain"])
		}
	}
	if b := display.Render(image.NewGray(image.Rectangle{})); !strings.Contains(text(t, b, "text/plain"), "invalid") {
		t.Errorf("an empty image is %v", b.Data)
	}
}

func TestAPlotIsAnSVGWithAPNGOfTwiceThePagesPixels(t *testing.T) {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = "</svg><script>alert(1)</script>", "loss"
	line, err := plotter.NewLine(plotter.XYs{{X: 1, Y: 2}, {X: 3, Y: 1}})
	if err != nil {
		t.Fatal(err)
	}
	p.Add(line)
	b := display.Render(p)
	svg := text(t, b, "image/svg+xml")
	if strings.Contains(svg, "<script") || strings.Count(svg, "</svg>") != 1 || !strings.Contains(svg, "Times") {
		t.Errorf("the SVG is %s", svg)
	}
	content, err := base64.StdEncoding.DecodeString(text(t, b, "image/png"))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(content))
	size, _ := b.Metadata["image/png"].(map[string]any)
	if err != nil || size["width"] != cfg.Width/2 || size["height"] != cfg.Height/2 || cfg.Width != int(7*vg.Inch/vg.Inch)*96*2 {
		t.Errorf("the PNG is %v, %v; metadata %v", cfg, err, b.Metadata)
	}
	if got := text(t, b, "text/plain"); got != `plot "</svg><script>alert(1)</script>" of loss (1 to 2) against values (1 to 3)` {
		t.Errorf("the text is %q", got)
	}
	mustMarshal(t, b)
}

func TestAPlotOfVeryManyPointsIsAPNGWithoutGaps(t *testing.T) {
	p := plot.New()
	p.HideAxes()
	points := make(plotter.XYs, 200_000)
	for i := range points {
		points[i].X, points[i].Y = float64(i), float64(i%97)
	}
	line, err := plotter.NewLine(points)
	if err != nil {
		t.Fatal(err)
	}
	p.Add(line)
	b := display.Render(p)
	if b.Data["image/svg+xml"] != nil {
		t.Error("there is an SVG of very many parts")
	}
	content, err := base64.StdEncoding.DecodeString(text(t, b, "image/png"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	for x := 40; x < size.X-40; x++ {
		if !hasInk(img, x) {
			t.Errorf("nothing is drawn in column %d of %d", x, size.X)
		}
	}
}

func hasInk(img image.Image, x int) bool {
	for y := range img.Bounds().Dy() {
		if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
			return true
		}
	}
	return false
}

func TestResultsOfACell(t *testing.T) {
	for _, test := range []struct {
		values []any
		want   string // empty for nothing
	}{
		{nil, ""},
		{[]any{nil}, ""},
		{[]any{nil, nil}, ""},
		{[]any{3}, "3"},
		{[]any{3, nil}, "3"},
		{[]any{nil, errors.New("broken")}, "broken"},
		{[]any{3, "four", []int{5}}, "3 four [5]"},
		{[]any{[]int(nil)}, "[]"},
		{[]any{(*point)(nil)}, "<nil>"},
		{[]any{(*point)(nil), errors.New("broken")}, "broken"},
		{[]any{(*point)(nil), nil}, ""},
	} {
		b, ok := display.Results(test.values)
		if ok != (test.want != "") {
			t.Errorf("%v: shown is %v", test.values, ok)
		}
		if got, _ := b.Data["text/plain"].(string); got != test.want {
			t.Errorf("%v: %q, want %q", test.values, got, test.want)
		}
	}
	if b, _ := display.Results([]any{ofHTML{}, nil}); b.Data["text/html"] != "<b>bold</b>" {
		t.Errorf("a value beside a nil is %v", b.Data)
	}
}
