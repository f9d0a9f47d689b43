package plots_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

var update = flag.Bool("update", false, "write the golden images anew; look at them before committing")

// Each scene looks as its image in testdata: at most one pixel in 200 differs by more than 24 of 255 in a channel,
// which lets another machine round the edge of a line another way and catches a curve, label or mark out of place.
func TestScenesLookAsTheirGoldenImages(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			got := small(t, s)
			path := filepath.Join("testdata", strings.ReplaceAll(s.name, " ", "-")+".png")
			if *update {
				writePNG(t, path, got)
			}
			want := readPNG(t, path)
			if got.Bounds() != want.Bounds() {
				t.Fatalf("size %v, want %v", got.Bounds(), want.Bounds())
			}
			if share := differing(got, want); share > 1.0/200 {
				bad := filepath.Join(t.ArtifactDir(), "got.png")
				writePNG(t, bad, got)
				t.Errorf("%.2f %% of the pixels differ: compare %s with %s", share*100, bad, path)
			}
		})
	}
}

// small draws a scene at a size that keeps the golden images small.
func small(t *testing.T, s scene) image.Image {
	t.Helper()
	canvas := vgimg.NewWith(vgimg.UseWH(6*vg.Inch, 3.6*vg.Inch), vgimg.UseDPI(60))
	mustDraw(t, s).Draw(draw.New(canvas))
	return canvas.Image()
}

func differing(a, b image.Image) float64 {
	const tolerance = 24 << 8
	far := func(p, q uint32) bool { return max(p, q)-min(p, q) > tolerance }
	bounds, count := a.Bounds(), 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if far(r1, r2) || far(g1, g2) || far(b1, b2) {
				count++
			}
		}
	}
	return float64(count) / float64(bounds.Dx()*bounds.Dy())
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(path, err)
	}
	return img
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
