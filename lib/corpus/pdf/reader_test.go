package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"paperlab/lib/corpus/pdf"
)

// cache keeps from one run of the tests to the next what PDFium's start is spent on.
var cache = filepath.Join(os.TempDir(), "paperlab-pdfium-test")

func reader(tb testing.TB) *pdf.Reader {
	tb.Helper()
	r, err := pdf.NewReader(cache)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

func written(tb testing.TB, file *fpdf.Fpdf) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := file.Output(&out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// columns is a page with a title and two columns, and a second page.
func columns(tb testing.TB, password string) []byte {
	file := fpdf.New("P", "mm", "A4", "")
	if password != "" {
		file.SetProtection(0, password, password)
	}
	file.SetFont("Times", "", 10)
	file.AddPage()
	file.Cell(0, 10, "On the Bending of Light")
	for column, text := range []string{"Light bends near the sun, which is insuffi-\nciently known.", "Stars shine in empty space."} {
		left := 15 + 95*float64(column)
		file.SetLeftMargin(left)
		file.SetXY(left, 30)
		file.MultiCell(85, 5, text, "", "J", false)
	}
	file.AddPage()
	file.MultiCell(85, 5, "References are on the second page.", "", "L", false)
	return written(tb, file)
}

// typeset is a page as TeX sets it: no spaces, only distances between the letters of a line, and a ligature by its glyph's name.
func typeset() []byte {
	const page = `BT /F1 10 Tf 72 720 Td [(W)80(e)-333(pr)18(o)15(vide)-333(impr)18(o)15(v)25(ed)-333(bounds)]TJ ` +
		`0 -12 Td [(for)-333(learning)-333(in)-333(\256nite)-333(time)]TJ ET`
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(page), page),
		"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</Type/Encoding/Differences[174/fi]>>>>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.5\n")
	xref := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, object := range objects {
		xref += fmt.Sprintf("%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", xref, len(objects)+1, start)
	return out.Bytes()
}

func TestTheTextOfAPaperIsRead(t *testing.T) {
	r := reader(t)
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"columns one after the other, cut words whole": {columns(t, ""),
			"On the Bending of Light\nLight bends near the sun, which is insufficiently known.\nStars shine in empty space.\nReferences are on the second page."},
		"words without spaces between them, and ligatures": {typeset(), "We provide improved bounds\nfor learning in finite time"},
	} {
		text, err := r.Text(t.Context(), c.file)
		var lines []string
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
		if got := strings.Join(lines, "\n"); err != nil || got != c.want {
			t.Errorf("%s:\n%q, %v\nwant\n%q", name, got, err, c.want)
		}
	}
}

func TestWhatHoldsNoTextSaysSo(t *testing.T) {
	r := reader(t)
	scan := fpdf.New("P", "mm", "A4", "")
	scan.AddPage()
	scan.Rect(10, 10, 100, 100, "F")
	if _, err := r.Text(t.Context(), written(t, scan)); !errors.Is(err, pdf.ErrNoText) {
		t.Errorf("a page without text: %v", err)
	}
	whole := columns(t, "")
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"an empty file":       {nil, "damaged"},
		"a text":              {[]byte("light bends"), "damaged"},
		"a file that was cut": {whole[:40], "damaged"},
		"a page that is none": {bytes.Replace(whole, []byte("/Kids [3 0 R 5 0 R"), []byte("/Kids [3 0 R 99 0 R"), 1), "page 2 of 2: it is damaged"},
		"a password":          {columns(t, "secret"), "password"},
	} {
		if text, err := r.Text(t.Context(), c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v; want an error with %q", name, text, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Text(ctx, whole); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if text, err := r.Text(t.Context(), whole); err != nil || !strings.Contains(text, "Light bends") {
		t.Errorf("after all that: %q, %v", text, err)
	}
}

func FuzzText(f *testing.F) {
	r := reader(f)
	f.Add(typeset())
	f.Add(columns(f, ""))
	f.Fuzz(func(t *testing.T, file []byte) {
		text, err := r.Text(t.Context(), file)
		if err == nil && strings.TrimSpace(text) == "" {
			t.Error("no text and no error")
		}
	})
}
