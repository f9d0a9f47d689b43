package plots_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/plots"
)

func TestEverySceneIsAValidFileInEachFormat(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			p := mustDraw(t, s)
			for _, format := range formats(s) {
				path := filepath.Join(t.TempDir(), "plot."+format)
				if err := plots.Save(p, path); err != nil {
					t.Fatal(err)
				}
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := valid(format, content); err != nil {
					t.Errorf("%s: %v", format, err)
				}
			}
		})
	}
}

// formats leaves out PNG for most scenes, since that is slow under the race detector and the golden images show them.
func formats(s scene) []string {
	if s.name == "one point" || s.name == "long and foreign names" {
		return []string{"png", "svg", "pdf"}
	}
	return []string{"svg", "pdf"}
}

func valid(format string, content []byte) error {
	switch format {
	case "png":
		img, err := png.Decode(bytes.NewReader(content))
		if err == nil && (img.Bounds().Dx() != 1008 || img.Bounds().Dy() != 605) {
			err = errors.New("not 1008 x 605 pixels")
		}
		return err
	case "svg":
		_, err := textOfSVG(content)
		return err
	default:
		if !bytes.HasPrefix(content, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(content), []byte("%%EOF")) {
			return errors.New("no PDF header or end")
		}
		return nil
	}
}

// textOfSVG returns the text elements, in order.
func textOfSVG(content []byte) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	var texts []string
	inside := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "text"
		case xml.CharData:
			if inside {
				texts = append(texts, string(token))
			}
		case xml.EndElement:
			inside = false
		}
	}
}

// texts returns what is written in a plot: axes, ticks, legend.
func texts(t *testing.T, s scene) []string {
	t.Helper()
	var b bytes.Buffer
	if err := plots.Write(&b, mustDraw(t, s), "svg"); err != nil {
		t.Fatal(err)
	}
	all, err := textOfSVG(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnUnknownExtensionIsRefusedAndWritesNothing(t *testing.T) {
	p := mustDraw(t, scenes[0])
	for _, name := range []string{"plot.gif", "plot", "plot.", "plot.png.txt"} {
		path := filepath.Join(t.TempDir(), name)
		err := plots.Save(p, path)
		if err == nil || !strings.Contains(err.Error(), "png, svg or pdf") {
			t.Errorf("%s: error %v does not name the formats", name, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was written", name)
		}
	}
}

func TestAFailedSaveKeepsTheOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loss.png")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := plots.Save(nil, path); err == nil {
		t.Error("saved a plot that is nil")
	}
	p := mustDraw(t, scenes[0])
	p.X.Tick.Marker = nil // gonum panics on this
	if err := plots.Save(p, path); err == nil {
		t.Error("saved a plot that cannot be drawn")
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "old" {
		t.Errorf("the old file holds %q (%v)", content, err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestSaveNamesTheFolderThatIsMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "loss.png")
	if err := plots.Save(mustDraw(t, scenes[0]), path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want one that wraps os.ErrNotExist", err)
	}
}

func TestAFigureForAColumnIsSmaller(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loss.png")
	if err := plots.SaveColumn(mustDraw(t, scenes[0]), path); err != nil {
		t.Fatal(err)
	}
	if size := readPNG(t, path).Bounds().Size(); size.X != 691 || size.Y != 461 {
		t.Errorf("%d x %d pixels", size.X, size.Y)
	}
}

func TestUppercaseExtensionsAreKnown(t *testing.T) {
	if err := plots.Save(mustDraw(t, scenes[0]), filepath.Join(t.TempDir(), "LOSS.PNG")); err != nil {
		t.Error(err)
	}
}

func TestWriteReportsTheWritersError(t *testing.T) {
	full := errors.New("disk full")
	for _, format := range []string{"png", "svg", "pdf"} {
		if err := plots.Write(failing{full}, mustDraw(t, scenes[0]), format); !errors.Is(err, full) {
			t.Errorf("%s: error %v, want %v", format, err, full)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestPNGIsThatOfWrite(t *testing.T) {
	p := mustDraw(t, scenes[0])
	got, err := plots.PNG(p)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := plots.Write(&want, p, "png"); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("PNG and Write differ")
	}
}

func TestPlotsAreDrawnAndWrittenConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for _, s := range slices.Concat(scenes, scenes) {
		wg.Go(func() {
			p, err := s.draw()
			if err != nil {
				t.Error(err)
				return
			}
			for _, format := range formats(s) {
				if err := plots.Write(io.Discard, p, format); err != nil {
					t.Error(s.name, format, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestSVGNamesFontsThatAreThere(t *testing.T) {
	var b bytes.Buffer
	if err := plots.Write(&b, mustDraw(t, scenes[0]), "svg"); err != nil {
		t.Fatal(err)
	}
	if svg := b.String(); strings.Count(svg, "font-family:") != strings.Count(svg, "sans-serif;") {
		t.Error("a text has no fallback font")
	}
}
